package com.amazonaws.jobprocessor.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker whose outputs are sockets, as the journal's are; bash makes them. */
class JournalIT extends BlackBox {
  private static final String BOTH_TO_ONE =
      """
      exec 3<>/dev/tcp/127.0.0.1/$0 4>&3
      """;
  private static final String EACH_TO_ITS_OWN =
      """
      exec 3<>/dev/tcp/127.0.0.1/$0 4<>/dev/tcp/127.0.0.1/$0
      """;
  private static final String RUN =
      """
      export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/4)
      exec "$@" >&3 2>&4
      """;

  private final ServerSocket journal = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

  JournalIT() throws IOException {}

  @AfterEach
  void close() throws IOException {
    journal.close();
  }

  private DaemonProcess start(String sockets, DaemonProcessBuilder builder, String... arguments) {
    List<String> all = new ArrayList<>(List.of("-c", sockets + RUN));
    all.add(Integer.toString(journal.getLocalPort()));
    all.add(Path.of("bin", "job-processor").toAbsolutePath().toString());
    all.addAll(List.of(arguments));
    return start(builder.command(Path.of("/bin/bash")).arguments(all.toArray(String[]::new)));
  }

  /** Every line that comes until the other end closes. */
  private static List<String> lines(Socket socket) throws IOException {
    try (socket) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8).lines().toList();
    }
  }

  @Test
  void a_refusal_is_an_error_in_the_journal_line_by_line() throws Exception {
    DaemonProcess daemon =
        start(BOTH_TO_ONE, daemon(), "--user-data", "concurrency=0,no_such_setting=1");
    List<String> lines = lines(journal.accept());

    assertEquals(78, daemon.awaitExit(SOON));
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.stream().allMatch(line -> line.startsWith("<3>")), lines::toString);
  }

  @Test
  void what_is_refused_by_aws_is_an_error_there_and_the_log_beside_it_has_its_levels()
      throws Exception {
    DaemonProcess daemon =
        start(
            EACH_TO_ITS_OWN,
            daemon(),
            "--user-data",
            EXECUTOR + ",results_queue_name=nowhere,create_queues=false");
    Socket out = journal.accept();
    Socket err = journal.accept();
    List<String> logged = lines(out);
    List<String> errors = lines(err);

    assertEquals(78, daemon.awaitExit(SOON));
    assertEquals(1, errors.size(), errors::toString);
    assertTrue(errors.getFirst().startsWith("<3>results_queue_name: "), errors::toString);
    assertTrue(!logged.isEmpty(), "the last line of a log");
    assertTrue(logged.stream().allMatch(line -> line.startsWith("<6>")), logged::toString);
  }

  @Test
  void elsewhere_no_line_has_a_level_of_the_journals() throws Exception {
    DaemonProcess daemon =
        start(
            daemon()
                .set("JOURNAL_STREAM", "1:2")
                .userData(EXECUTOR, "results_queue_name=nowhere", "create_queues=false"));

    assertEquals(78, daemon.awaitExit(SOON));
    assertTrue(daemon.err().getFirst().startsWith("results_queue_name: "));
    assertEquals(0, daemon.count("^<"));
  }
}
