package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.Fault;
import com.amazonaws.jobprocessor.testkit.FaultBuilder;
import com.amazonaws.jobprocessor.testkit.FaultyProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * What befalls the workers of a scene, chosen by a seed.
 *
 * @param onlyWithTable true if there is nothing to break without a job table
 * @param load in which messages the jobs are sent
 * @param deadly jobs that kill their worker
 */
record Ordeal(String name, boolean onlyWithTable, Load load, int deadly, Story story) {
  /** How it goes; the scene's jobs are in the queue and no worker runs yet. */
  interface Story {
    void tell(Scene scene, Random random) throws Exception;
  }

  private static final int KILLS = 3;
  private static final int NOTICES = 5;

  /** All of them. */
  static List<Ordeal> all() {
    List<Ordeal> all = new ArrayList<>();
    addKillsAtCalls(all, callsOfJobs());
    all.add(ordeal("kill -9 between run and record", 3, (s, _) -> s.start(2)));
    all.add(ordeal("kill -9 at random moments", 0, Ordeal::killAtRandom));
    all.add(ordeal("SIGTERM, five rolling restarts", 0, Ordeal::restart));
    all.add(ordeal("spot notices in mid-load", 0, Ordeal::interrupt));
    all.add(ordeal("scale-in notices in mid-load", 0, Ordeal::scaleIn));
    all.add(ordeal("warm pool notices in mid-load", 0, Ordeal::pool));
    all.add(ordeal("hibernation notices in mid-load", 0, Ordeal::hibernate));
    all.add(ordeal("SIGSTOP for three leases", 0, Ordeal::pause));
    all.add(ordeal("SQS down for three leases", 0, Ordeal::sqsDown));
    addCallFaults(all, "SQS", Scene::sqs, sqsActions(), false);
    all.add(ordeal("SQS fails parts of batches", 0, Ordeal::partialFailures));
    all.add(ordeal("DynamoDB down for three leases", 0, Ordeal::dynamoDown).onlyTable());
    addCallFaults(all, "DynamoDB", Scene::dynamo, List.of("UpdateItem"), true);
    packs().forEach(ordeal -> all.add(ordeal.withPacks()));
    return all;
  }

  /** What befalls packs. */
  private static List<Ordeal> packs() {
    List<Ordeal> all = new ArrayList<>();
    addKillsAtCalls(all, callsOfPacks());
    all.add(ordeal("kill -9 between run and record", 3, (s, _) -> s.start(2)));
    all.add(ordeal("kill -9 at random moments", 0, Ordeal::killAtRandom));
    all.add(ordeal("SIGTERM, five rolling restarts", 0, Ordeal::restart));
    all.add(ordeal("SIGSTOP for three leases", 0, Ordeal::pause));
    all.add(ordeal("SQS loses answers", 0, Ordeal::loseAnswers));
    all.add(ordeal("SQS fails parts of batches", 0, Ordeal::partialFailures));
    return all;
  }

  private static Ordeal ordeal(String name, int deadly, Story story) {
    return new Ordeal(name, false, Load.SINGLE, deadly, story);
  }

  private Ordeal onlyTable() {
    return new Ordeal(name, true, load, deadly, story);
  }

  private Ordeal withPacks() {
    return new Ordeal("packs: " + name, onlyWithTable, Load.PACKS, deadly, story);
  }

  private static List<String> sqsActions() {
    return List.of(
        "ReceiveMessage", "SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch");
  }

  /** Which call of a scene. */
  private record Step(String name, boolean table, Function<Scene, FaultBuilder> call) {}

  private static List<Step> callsOfJobs() {
    return List.of(
        new Step("the receive", false, s -> s.sqs().on("ReceiveMessage").queue(s.todo())),
        new Step("the result", false, s -> s.sqs().on("SendMessageBatch").queue(s.done())),
        new Step("the dead letter", false, s -> s.sqs().on("SendMessageBatch").queue(s.dead())),
        new Step("the delete", false, s -> s.sqs().on("DeleteMessageBatch")),
        new Step("the retry", false, s -> s.sqs().on("ChangeMessageVisibilityBatch")),
        new Step("the claim", true, s -> s.dynamo().on("UpdateItem").containing("if_not_exists")),
        new Step("the record", true, s -> s.dynamo().on("UpdateItem").containing(":state")));
  }

  private static List<Step> callsOfPacks() {
    List<Step> steps = new ArrayList<>(callsOfJobs());
    steps.removeIf(step -> step.name().equals("the retry")); // by a remainder here
    steps.add(
        2,
        new Step(
            "packed results",
            false,
            s -> s.sqs().on("SendMessageBatch").queue(s.done()).containing("job_pack")));
    steps.add(
        4, new Step("the remainder", false, s -> s.sqs().on("SendMessageBatch").queue(s.todo())));
    return steps;
  }

  private static void addKillsAtCalls(List<Ordeal> all, List<Step> steps) {
    for (Step step : steps) {
      Story before = (scene, random) -> kill(scene, random, call -> call.holdBefore(1), step);
      Story after = (scene, random) -> kill(scene, random, call -> call.holdAfter(1), step);
      boolean table = step.table();
      all.add(new Ordeal("kill -9 before " + step.name(), table, Load.SINGLE, 0, before));
      all.add(new Ordeal("kill -9 after " + step.name(), table, Load.SINGLE, 0, after));
    }
  }

  private static void kill(
      Scene scene, Random random, Function<FaultBuilder, Fault> hold, Step step)
      throws InterruptedException {
    for (int i = 0; i < KILLS; i++) {
      scene.killAt(hold.apply(step.call().apply(scene).afterFirst(random.nextInt(2))));
    }
    scene.start(2);
  }

  private static void killAtRandom(Scene scene, Random random) throws InterruptedException {
    scene.start(3);
    for (int i = 1; i <= 2 * KILLS; i++) {
      scene.awaitEnds(i * 10);
      Thread.sleep(random.nextInt(300));
      scene.kill(scene.anyWorker(random));
      scene.start();
    }
  }

  private static void restart(Scene scene, Random random) throws InterruptedException {
    scene.start(2);
    for (int i = 1; i <= 5; i++) {
      scene.awaitEnds(i * 10);
      Thread.sleep(random.nextInt(100));
      scene.stop(scene.oldestWorker()); // one that has just begun does not hear signals yet
      scene.start();
    }
  }

  private static void interrupt(Scene scene, Random random) throws InterruptedException {
    try (Notices notices = new Notices(scene)) {
      notices.interrupt(NOTICES, random);
    }
  }

  private static void scaleIn(Scene scene, Random random) throws InterruptedException {
    try (Notices notices = new Notices(scene)) {
      notices.scaleIn(NOTICES, random);
    }
  }

  private static void pool(Scene scene, Random random) throws InterruptedException {
    try (Notices notices = new Notices(scene)) {
      notices.pool(NOTICES, random);
    }
  }

  private static void hibernate(Scene scene, Random random) throws InterruptedException {
    try (Notices notices = new Notices(scene)) {
      notices.hibernate(NOTICES, random);
    }
  }

  private static void pause(Scene scene, Random random) throws InterruptedException {
    List<DaemonProcess> workers = scene.start(3);
    scene.awaitEnds(5 + random.nextInt(20));
    DaemonProcess paused = workers.get(random.nextInt(workers.size()));
    paused.sigstop();
    try {
      Thread.sleep(6_500);
    } finally {
      paused.sigcont();
    }
  }

  private static void sqsDown(Scene scene, Random random) throws InterruptedException {
    down(scene, random, scene.sqs());
  }

  private static void dynamoDown(Scene scene, Random random) throws InterruptedException {
    down(scene, random, scene.dynamo());
  }

  private static void down(Scene scene, Random random, FaultyProxy proxy)
      throws InterruptedException {
    scene.start(2);
    scene.awaitEnds(5 + random.nextInt(20));
    proxy.down();
    Thread.sleep(6_500);
    proxy.up();
  }

  /** Workers work; a fault that strikes nobody is none. */
  private static void workUnder(Scene scene, List<Fault> faults) throws InterruptedException {
    scene.start(3);
    scene.awaitEnds(75);
    int hits = faults.stream().mapToInt(Fault::hits).sum();
    if (hits < faults.size() / 3) {
      throw new BrokenPromise("only " + hits + " faults of " + faults.size() + " have struck");
    }
  }

  private static void partialFailures(Scene scene, Random random) throws InterruptedException {
    List<Fault> faults = new ArrayList<>();
    for (String action : sqsActions().subList(1, 4)) {
      for (int i = 0; i < 5; i++) {
        FaultBuilder call = scene.sqs().on(action).afterFirst(random.nextInt(3));
        faults.add(call.partialFail(1 + random.nextInt(5)).once());
      }
    }
    workUnder(scene, faults);
  }

  private static void addCallFaults(
      List<Ordeal> all,
      String service,
      Function<Scene, FaultyProxy> proxy,
      List<String> actions,
      boolean table) {
    record Kind(String name, Function<FaultBuilder, FaultBuilder.Often> fault) {}
    List<Kind> kinds =
        List.of(
            new Kind("cuts connections", FaultBuilder::cut),
            new Kind("hangs", call -> call.delay(Duration.ofSeconds(12))),
            new Kind("is slow", call -> call.delay(Duration.ofMillis(700))),
            new Kind("throttles", call -> table ? call.throttlingException() : call.throttle()),
            new Kind("answers 500", call -> call.fail(500)),
            new Kind("denies", FaultBuilder::deny),
            new Kind("loses answers", FaultBuilder::loseAnswer));
    for (Kind kind : kinds) {
      Story story =
          (scene, random) -> workUnder(scene, random, proxy.apply(scene), actions, kind.fault());
      all.add(new Ordeal(service + " " + kind.name(), table, Load.SINGLE, 0, story));
    }
  }

  private static void loseAnswers(Scene scene, Random random) throws InterruptedException {
    workUnder(scene, random, scene.sqs(), sqsActions(), FaultBuilder::loseAnswer);
  }

  private static void workUnder(
      Scene scene,
      Random random,
      FaultyProxy proxy,
      List<String> actions,
      Function<FaultBuilder, FaultBuilder.Often> fault)
      throws InterruptedException {
    List<Fault> faults = new ArrayList<>();
    for (String action : actions) {
      for (int i = 0; i < 6; i++) {
        FaultBuilder call = proxy.on(action).afterFirst(random.nextInt(8));
        faults.add(fault.apply(call).times(1 + random.nextInt(2)));
      }
    }
    workUnder(scene, faults);
  }
}
