package com.amazonaws.jobprocessor.daemon;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.commons.daemon.DaemonContext;
import org.apache.commons.daemon.DaemonController;
import org.apache.commons.daemon.DaemonInitException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class JobProcessorDaemonIT {
  @TempDir Path home;
  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final JobProcessorDaemon daemon = new JobProcessorDaemon();

  @BeforeEach
  void set() {
    Map.of(
            "jobprocessor.home", home.toString(),
            "aws.endpointUrlSqs", sqs.endpoint().toString(),
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
  }

  @AfterEach
  void close() {
    sqs.close();
  }

  private static DaemonContext context(String... arguments) {
    return new DaemonContext() {
      @Override
      public DaemonController getController() {
        return new DaemonController() {
          @Override
          public void shutdown() {}

          @Override
          public void reload() {}

          @Override
          public void fail() {}

          @Override
          public void fail(String message) {}

          @Override
          public void fail(Exception e) {}

          @Override
          public void fail(String message, Exception e) {}
        };
      }

      @Override
      public String[] getArguments() {
        return arguments;
      }
    };
  }

  @Test
  void under_commons_daemon_the_same_worker_starts_works_and_stops() throws Exception {
    daemon.init(context("--user-data", "concurrency=2,status_port=0"));
    assertEquals(0, sqs.proxy().calls().size(), "init makes no call");
    daemon.start();
    await().atMost(Duration.ofSeconds(30)).until(() -> sqs.exists("SQS-EC2-Queue-Todo"));
    sqs.send("SQS-EC2-Queue-Todo", "abc");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                sqs.exists("SQS-EC2-Queue-Results")
                    && sqs.counts("SQS-EC2-Queue-Results").total() == 1);

    daemon.stop();
    daemon.stop();
    daemon.destroy();

    assertEquals(0, sqs.counts("SQS-EC2-Queue-Todo").total());
  }

  @Test
  void settings_that_cannot_work_end_init_and_a_stop_before_the_start_is_a_stop() throws Exception {
    assertThrows(
        DaemonInitException.class, () -> daemon.init(context("--user-data", "concurrency=0")));

    JobProcessorDaemon other = new JobProcessorDaemon();
    other.init(context("--user-data", "status_port=0"));
    other.stop();
    other.start();
    other.stop();
    assertEquals(0, sqs.proxy().calls().size());
  }

  @Test
  void started_and_stopped_many_times_it_ends_each_time() throws Exception {
    for (int i = 0; i < 100; i++) {
      JobProcessorDaemon each = new JobProcessorDaemon();
      each.init(context("--user-data", "drain_timeout_in_secs=0,status_port=0"));
      each.start();
      int wanted = i;
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> wanted % 3 > 0 || sqs.proxy().requests("GetQueueUrl") > wanted);
      each.stop();
    }
  }
}
