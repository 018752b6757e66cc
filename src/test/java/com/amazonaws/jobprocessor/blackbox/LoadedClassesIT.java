package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a worker does not use costs it neither time at start nor memory. */
class LoadedClassesIT extends BlackBox {
  @Test
  void nothing_is_loaded_of_the_sqs_client_s3_dynamodb_and_tls_that_are_not_used()
      throws Exception {
    Path log = folder.resolve("classes.txt");
    DaemonProcess daemon =
        start(
            daemon()
                .set("JOB_PROCESSOR_SQS_CLIENT", "lean")
                .userData("job_backlog_queue_name=" + BACKLOG)
                // Not from an archive, which has more than is used.
                .set("JOB_PROCESSOR_JVM_OPTS", "-XX:AOTMode=off -Xlog:class+load:file=" + log));
    sqs.send(BACKLOG, "job");
    awaitResults(1);
    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));

    List<String> classes = Files.readAllLines(log);
    assertTrue(
        classes.stream().anyMatch(line -> line.contains("awssdk.services.sqs.")), "a log of ours");
    assertEquals(
        List.of(),
        classes.stream()
            .filter(
                line ->
                    line.contains("awssdk.services.sqs.DefaultSqsClient")
                        || line.contains("awssdk.services.s3.")
                        || line.contains("awssdk.services.ec2.")
                        || line.contains("awssdk.services.autoscaling.")
                        || line.contains("jobprocessor.aws.fleet.")
                        || line.contains("awssdk.services.dynamodb.")
                        || line.contains("payloadoffloading")
                        || line.contains(" sun.security.ssl.SSLContextImpl")
                        || line.contains("com.fasterxml.jackson.databind")
                        || line.contains("com.fasterxml.jackson.annotation")
                        || line.contains("io.prometheus")
                        || line.contains("sun.net.httpserver"))
            .toList());
  }

  /** A box that is an instance, and in no group. */
  @Test
  void nothing_is_loaded_of_ec2_and_auto_scaling_before_the_box_is_to_end() throws Exception {
    Path log = folder.resolve("classes.txt");
    try (FakeImds imds = FakeImds.start()) {
      DaemonProcess daemon =
          start(
              daemon()
                  .imds(imds.endpoint())
                  .set("JOB_PROCESSOR_SQS_CLIENT", "lean")
                  .userData("job_backlog_queue_name=" + BACKLOG)
                  .set("JOB_PROCESSOR_JVM_OPTS", "-XX:AOTMode=off -Xlog:class+load:file=" + log));
      await().atMost(SOON).until(() -> imds.requests(FakeImds.REBALANCE) >= 2);
      daemon.sigterm();
      assertEquals(0, daemon.awaitExit(SOON));
    }

    assertEquals(
        List.of(),
        Files.readAllLines(log).stream()
            .filter(
                line ->
                    line.contains("awssdk.services.ec2.")
                        || line.contains("awssdk.services.sqs.DefaultSqsClient")
                        || line.contains("awssdk.services.autoscaling."))
            .toList());
  }
}
