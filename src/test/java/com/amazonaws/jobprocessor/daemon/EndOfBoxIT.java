package com.amazonaws.jobprocessor.daemon;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.machine.Instance;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon in this JVM, on an instance of its own, where the order of events can be chosen. */
@Timeout(120)
class EndOfBoxIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ID = "i-0123456789abcdef0";
  private static final String BACKLOG = "SQS-EC2-Queue-Todo";
  private static final String RESULTS = "SQS-EC2-Queue-Results";

  @TempDir Path home;
  private final FakeImds imds = FakeImds.start();
  private final FakeFleet fleet = FakeFleet.start().running(ID);
  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final Map<String, String> properties =
      new HashMap<>(
          Map.of(
              "aws.endpointUrlSqs",
              sqs.endpoint().toString(),
              "aws.endpointUrlEc2",
              fleet.endpoint().toString(),
              "aws.endpointUrlAutoScaling",
              fleet.endpoint().toString(),
              "aws.region",
              "us-east-1",
              "aws.accessKeyId",
              "test",
              "aws.secretAccessKey",
              "test"));

  @SuppressWarnings("NullAway.Init") // by prepare
  private JobProcessor processor;

  @BeforeEach
  void makeQueuesAndSet() {
    for (String queue : List.of(BACKLOG, RESULTS, "SQS-EC2-Queue-Dead-letter")) {
      sqs.createQueue(queue);
    }
    imds.set("/latest/meta-data/tags/instance/job-processor:backlog", BACKLOG); // or EC2 is asked
    set("jobprocessor.home", home.toString());
    properties.forEach(System::setProperty);
  }

  private void set(String property, String value) {
    properties.put(property, value);
    System.setProperty(property, value);
  }

  @AfterEach
  void stop() throws InterruptedException {
    try {
      assertEquals(0, processor.stop());
    } finally {
      properties.keySet().forEach(System::clearProperty);
      imds.close();
      fleet.close();
      sqs.close();
    }
  }

  /** Reads what instance metadata says now; does not start yet. */
  private void prepare(String... pairs) throws Exception {
    String userData = "concurrency=1,status_port=0," + String.join(",", pairs);
    Map<String, String> environment =
        Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.endpoint().toString());
    try (Instance instance = Wiring.instance(environment, new CountDownLatch(1))) {
      processor = Main.prepare(CommandLine.parse(new String[] {"--user-data", userData}), instance);
    }
  }

  @Test
  void a_box_that_leaves_the_warm_pool_while_its_worker_starts_takes_jobs() throws Exception {
    imds.targetState("Warmed:Running");
    prepare();
    imds.targetState("InService");
    sqs.send(BACKLOG, "job");

    processor.start();

    await().atMost(SOON).until(() -> sqs.counts(RESULTS).total() == 1);
  }

  @Test
  void a_stop_with_a_job_in_hand_ends_the_protection_from_scale_in() throws Exception {
    FakeGroup group = fleet.group("workers", 0, 5, 2).with(ID);
    imds.targetState("InService");
    sqs.send(BACKLOG, "600000");
    prepare("job_executor=Sleep", "drain_timeout_in_secs=0", "protect_while_busy=true");
    processor.start();
    await().atMost(SOON).until(() -> group.isProtected(ID));

    processor.stop();

    assertFalse(group.isProtected(ID));
  }

  @Test
  void a_stop_completes_the_hook_of_a_box_that_is_ended_in_its_warm_pool() throws Exception {
    FakeGroup group = fleet.group("workers", 0, 5, 2).with(ID).terminationHook("bye", 60);
    group.lifecycleState(ID, "Warmed:Terminating:Wait");
    fleet.slow("CompleteLifecycleAction", 1, Duration.ofSeconds(1));
    imds.targetState("Warmed:Running");
    prepare();
    processor.start();
    await().atMost(SOON).until(() -> imds.requests(FakeImds.LIFECYCLE_STATE) >= 2);
    imds.targetState("Warmed:Terminated");
    await().atMost(SOON).until(() -> fleet.calls("CompleteLifecycleAction").size() == 1);

    processor.stop();

    assertEquals("Warmed:Terminating:Proceed", group.lifecycleState(ID));
  }

  /** It was once seen when the start had done with the bucket, a minute later. */
  @Test
  void a_notice_is_seen_while_the_start_waits_for_an_answer_about_the_bucket() throws Exception {
    imds.spotAction("terminate", Instant.now().plusSeconds(115));
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout(60_000);
      set("aws.endpointUrlS3", "http://127.0.0.1:" + silent.getLocalPort());
      prepare("payload_bucket_name=payloads");

      processor.start();

      try (Socket asked = silent.accept()) {
        await().atMost(SOON).until(() -> processor.status().text().startsWith("drained, "));
        asked.setSoTimeout(100);
        assertThrows(
            SocketTimeoutException.class,
            () -> asked.getInputStream().transferTo(OutputStream.nullOutputStream()),
            "it still waits");
      }
    }
  }
}
