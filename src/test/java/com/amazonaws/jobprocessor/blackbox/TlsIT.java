package com.amazonaws.jobprocessor.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.TlsRelay;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SQS over TLS, as AWS has it: TLS is set up by us, when it is first needed. */
@Tag("long")
class TlsIT extends BlackBox {
  @Test
  void a_server_with_a_trusted_certificate_is_worked_for() throws Exception {
    try (TlsRelay relay = relay("localhost")) {
      start(daemon(relay).set("JOB_PROCESSOR_JVM_OPTS", trusting(relay)));
      sqs.send(BACKLOG, "plain");

      awaitResults(1);
      awaitEmptyBacklog();
    }
  }

  @Test
  void a_server_whose_certificate_nobody_vouches_for_is_told_nothing() throws Exception {
    try (TlsRelay relay = relay("localhost")) {
      DaemonProcess daemon = start(daemon(relay));

      daemon.awaitLine("WARN .*AWS calls fail.*PKIX path building failed", SOON);
    }
    assertNothingWasAsked();
  }

  @Test
  void a_server_with_the_certificate_of_another_is_told_nothing() throws Exception {
    try (TlsRelay relay = relay("elsewhere.example")) {
      DaemonProcess daemon = start(daemon(relay).set("JOB_PROCESSOR_JVM_OPTS", trusting(relay)));

      daemon.awaitLine(
          "WARN .*AWS calls fail.*No subject alternative DNS name matching localhost", SOON);
    }
    assertNothingWasAsked();
  }

  private TlsRelay relay(String host) throws IOException, InterruptedException {
    return TlsRelay.start(folder, host, sqs.endpoint().getPort());
  }

  private DaemonProcessBuilder daemon(TlsRelay relay) {
    return daemon()
        .userData(EXECUTOR, "executor.record=" + folder.resolve("runs.txt"))
        .sqs(relay.endpoint());
  }

  private static String trusting(TlsRelay relay) {
    return "-Djavax.net.ssl.trustStore=" + relay.trustStore();
  }

  private void assertNothingWasAsked() {
    assertEquals(0, proxy().calls().size());
  }
}
