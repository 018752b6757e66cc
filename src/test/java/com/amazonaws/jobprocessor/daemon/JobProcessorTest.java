package com.amazonaws.jobprocessor.daemon;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.machine.Instance;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JobProcessorTest {
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "aws.endpointUrlSqs", "http://127.0.0.1:1",
          "aws.region", "us-east-1",
          "aws.accessKeyId", "test",
          "aws.secretAccessKey", "test");

  @TempDir Path home;

  @BeforeEach
  void set() {
    PROPERTIES.forEach(System::setProperty);
    System.setProperty("jobprocessor.home", home.toString());
  }

  @AfterEach
  void unset() {
    PROPERTIES.keySet().forEach(System::clearProperty);
    System.clearProperty("jobprocessor.home");
  }

  private static JobProcessor processor() throws Exception {
    try (Instance instance =
        Wiring.instance(Map.of("AWS_EC2_METADATA_DISABLED", "true"), new CountDownLatch(1))) {
      return Main.prepare(
          CommandLine.parse(new String[] {"--user-data", "concurrency=1,status_port=0"}), instance);
    }
  }

  private static List<Thread> starters() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("starter"))
        .toList();
  }

  /** What they wait for, for whoever reads that one has not ended. */
  private static String stacksOfStarters() {
    return starters().stream()
        .map(thread -> thread + " " + thread.getState() + " " + List.of(thread.getStackTrace()))
        .collect(Collectors.joining("\n"));
  }

  /** Calls an action as soon as the current thread makes its next thread, in the middle of that. */
  private static void whenAThreadIsMade(Runnable action) {
    AtomicBoolean made = new AtomicBoolean();
    InheritableThreadLocal<String> hook =
        new InheritableThreadLocal<>() {
          @Override
          protected String childValue(String parents) {
            if (made.compareAndSet(false, true)) {
              action.run();
            }
            return parents;
          }
        };
    hook.set("set");
  }

  /** Stops it on another thread, and returns when that has ended or waits for somebody. */
  private static void beginStop(JobProcessor processor, CountDownLatch stopped) {
    Thread thread = Thread.ofPlatform().start(() -> stop(processor, stopped));
    EnumSet<Thread.State> still =
        EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TERMINATED);
    await().until(() -> still.contains(thread.getState()));
  }

  private static void stop(JobProcessor processor, CountDownLatch stopped) {
    try {
      processor.stop();
      stopped.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_stop_in_the_middle_of_a_start_leaves_nothing_running() throws Exception {
    JobProcessor processor = processor();
    CountDownLatch stopped = new CountDownLatch(1);
    Thread starting =
        Thread.ofPlatform()
            .start(
                () -> {
                  whenAThreadIsMade(() -> beginStop(processor, stopped));
                  processor.start();
                });
    starting.join();

    assertTrue(stopped.await(50, TimeUnit.SECONDS), JobProcessorTest::stacksOfStarters);
    await().until(() -> starters().isEmpty());
    assertEquals(0, processor.stop());
  }

  @Test
  void a_stop_before_the_start_is_the_end() throws Exception {
    JobProcessor processor = processor();
    List<Thread> others = starters();

    assertEquals(0, processor.stop());
    processor.start();

    assertEquals(List.of(), starters().stream().filter(t -> !others.contains(t)).toList());
    assertEquals(0, processor.stop());
  }
}
