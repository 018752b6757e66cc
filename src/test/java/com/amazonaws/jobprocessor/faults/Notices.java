package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the boxes of a scene away, with notice: each worker has a metadata service of its own, and
 * all are members of one Auto Scaling group.
 */
final class Notices implements AutoCloseable {
  private static final Pattern SPARE = Pattern.compile("secs_to_spare=(-?\\d+)");
  private static final int LEAST_TO_SPARE = 20;
  private static final String DRAINED = "drained: takes no jobs until it is stopped";

  private static final int DRAIN_TIMEOUT_SECS = 90;

  /** Jobs that take longer than all others: some are at work whenever a notice comes. */
  private static final int LONG_MILLIS = 9_000;

  private static final int SLEEP_MILLIS = 4_500;

  private final Scene scene;
  private final FakeFleet fleet = FakeFleet.start();
  private final FakeGroup group =
      fleet.group("workers", 0, 9, 2).terminationHook("job-processor-drain", 30);
  private final AtomicInteger boxes = new AtomicInteger();

  Notices(Scene scene) {
    this.scene = scene;
  }

  /** A worker on a box of its own. */
  private final class Box implements AutoCloseable {
    private final String id = "i-%017d".formatted(boxes.incrementAndGet());
    private final FakeImds imds =
        FakeImds.start().set(FakeImds.INSTANCE_ID, id).targetState("InService");
    private final DaemonProcess worker =
        scene.start(
            DRAIN_TIMEOUT_SECS,
            daemon ->
                fleet
                    .serve(daemon.imds(imds.endpoint()))
                    // DynamoDB Local has tables of their own for each key.
                    .set("AWS_ACCESS_KEY_ID", "test")
                    .set("AWS_SECRET_ACCESS_KEY", "test"));

    private Box() {
      group.with(id);
      fleet.running(id);
    }

    /** As long as it takes to be ready: a job it takes before could be left over. */
    private Box awaitWork() throws InterruptedException {
      worker.awaitLine("taking jobs", Scene.PATIENCE);
      return this;
    }

    private String awaitLine(String line, int number) throws InterruptedException {
      return worker.awaitLine(line, number, Scene.PATIENCE);
    }

    /** For longer than any lease, as a machine that is hibernated. */
    private void sleep() throws InterruptedException {
      worker.sigstop();
      try {
        Thread.sleep(SLEEP_MILLIS);
      } finally {
        imds.forgetTokens();
        worker.sigcont();
      }
    }

    @Override
    public void close() {
      imds.close();
    }
  }

  /** Spot interruptions at random moments of the load, with random times left. */
  void interrupt(int times, Random random) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      scene.jobs().send("good", LONG_MILLIS, 2);
      try (Box box = new Box().awaitWork()) {
        Thread.sleep(random.nextInt(1_500));
        Instant end = Instant.now().plusSeconds(45 + random.nextInt(75));
        box.imds.spotAction("terminate", end);
        String line = box.worker.awaitLine(DRAINED, Scene.PATIENCE);
        check(line);
        scene.stop(box.worker);
      }
    }
    leaveTheRest();
  }

  /** Scale-ins at random moments of the load, with a hook that has to be completed once. */
  void scaleIn(int times, Random random) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      scene.jobs().send("good", LONG_MILLIS, 2);
      try (Box box = new Box().awaitWork()) {
        Thread.sleep(random.nextInt(1_500));
        group.beginToTerminate(box.id);
        box.imds.targetState("Terminated");
        box.worker.awaitLine("lifecycle hook completed", Scene.PATIENCE);
        String line = box.worker.awaitLine(DRAINED, Scene.PATIENCE);
        check(line);
        scene.stop(box.worker);
      }
    }
    leaveTheRest();
    checkHooks(times);
  }

  private void checkHooks(int times) {
    int completed = fleet.calls("CompleteLifecycleAction").size();
    if (completed != times) {
      throw new BrokenPromise(times + " notices, but " + completed + " hooks completed");
    }
  }

  /** Into the group's warm pool at random moments of the load, hibernated there, and back. */
  void pool(int times, Random random) throws InterruptedException {
    try (Box box = new Box().awaitWork()) {
      for (int i = 1; i <= times; i++) {
        scene.jobs().send("good", LONG_MILLIS, 2);
        Thread.sleep(random.nextInt(1_500));
        group.beginToTerminate(box.id);
        box.imds.targetState("Warmed:Hibernated");
        box.awaitLine("lifecycle hook completed", i);
        check(box.awaitLine("drained: takes no jobs until this instance is in service", i));
        box.sleep();
        group.lifecycleState(box.id, "InService");
        box.imds.targetState("InService");
        box.awaitLine("takes jobs again", i);
      }
      scene.stop(box.worker);
    }
    leaveTheRest();
    checkHooks(times);
  }

  /**
   * Spot interruptions that hibernate, which begins at once: sometimes before the drain is done.
   */
  void hibernate(int times, Random random) throws InterruptedException {
    try (Box box = new Box().awaitWork()) {
      for (int i = 1; i <= times; i++) {
        scene.jobs().send("good", LONG_MILLIS, 2);
        Thread.sleep(random.nextInt(1_500));
        box.imds.spotAction("hibernate", Instant.now());
        box.awaitLine("spot interruption \\(hibernate\\): draining", i);
        Thread.sleep(random.nextInt(200));
        box.sleep();
        box.awaitLine(DRAINED, i);
        scene.noticed(Long.MAX_VALUE); // no time was named, so there is none to spare
        box.imds.remove(FakeImds.SPOT_ACTION);
        box.awaitLine("the spot interruption is over", i);
      }
      scene.stop(box.worker);
    }
    leaveTheRest();
  }

  /** To workers that nobody takes; one that has just begun does not hear a stop yet. */
  private void leaveTheRest() throws InterruptedException {
    for (DaemonProcess worker : scene.start(2)) {
      worker.awaitLine("taking jobs", Scene.PATIENCE);
    }
  }

  private void check(String drained) {
    int invisible = scene.invisible();
    if (invisible > 0) {
      throw new BrokenPromise(invisible + " messages are invisible after a drain");
    }
    Matcher spare = SPARE.matcher(drained);
    long seconds = spare.find() ? Long.parseLong(spare.group(1)) : Long.MAX_VALUE;
    scene.noticed(seconds);
    if (seconds < LEAST_TO_SPARE) {
      throw new BrokenPromise("drained only " + seconds + " s before the end");
    }
  }

  @Override
  public void close() {
    fleet.close();
  }
}
