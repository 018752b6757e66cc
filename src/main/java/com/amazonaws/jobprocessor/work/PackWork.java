package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.Offer;
import com.amazonaws.jobprocessor.work.room.PackRun;
import com.amazonaws.jobprocessor.work.room.Room;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import com.amazonaws.jobprocessor.work.room.Turns;
import com.amazonaws.jobprocessor.work.settle.Fate;
import com.amazonaws.jobprocessor.work.settle.PackSettlement;
import com.amazonaws.jobprocessor.work.settle.Settlement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a pack on the message's thread: all are offered to the slots at once, and settled in
 * groups as they end. What waits for a call of its own (a dead letter, a result by itself) has a
 * thread of its own, so that it holds up no neighbour.
 */
final class PackWork {
  /** Results, or dead letters, of a pack that are sent side by side. */
  private static final int MAX_SENDERS = 64;

  private final Message pack;
  private final Room room;
  private final Settlement settlement;
  private final PackSettlement packs;
  private final WorkerRuntime runtime;
  private final AtomicReferenceArray<Fate> fates;
  private final Senders results = new Senders();
  private final Senders others = new Senders();

  PackWork(Message pack, Room room, Settlement settlement, WorkerRuntime runtime) {
    this.pack = pack;
    this.fates = new AtomicReferenceArray<>(pack.jobs().size());
    this.room = room;
    this.settlement = settlement;
    this.packs = settlement.packs();
    this.runtime = runtime;
  }

  /** What has become of its jobs, in their order. */
  List<Fate> run(Admission admission) throws InterruptedException {
    Map<Job, Outcome> unrun = new LinkedHashMap<>();
    List<Job> admitted = new ArrayList<>();
    for (Job job : pack.jobs()) {
      Outcome why = admission.whyNot(job, Turns.Turn.ahead());
      if (why == null) {
        admitted.add(job);
      } else {
        unrun.put(job, why);
      }
    }
    int tried = tryIfUnavailable(admitted, unrun);
    PackRun run = new PackRun(admitted, unrun.size(), runtime.clock());
    if (!room.slots().offer(run, pack.jobs().size() - tried)) {
      admitted.forEach(job -> run.ended(job, Outcome.GivenBack.now("worker stops")));
    }
    unrun.forEach(run::ended);
    for (List<PackRun.Ended> group = run.await(); !group.isEmpty(); group = run.await()) {
      settle(group, run);
    }
    List<Fate> all = new ArrayList<>(fates.length());
    for (int i = 0; i < fates.length(); i++) {
      all.add(Objects.requireNonNull(fates.get(i)));
    }
    return all;
  }

  /**
   * While the executor is unavailable one job is tried alone; the others begin only if that works.
   *
   * @return how many were tried
   */
  private int tryIfUnavailable(List<Job> admitted, Map<Job, Outcome> unrun)
      throws InterruptedException {
    if (room.health().why() == null || admitted.isEmpty()) {
      return 0;
    }
    String sick = room.health().whyNotBegin();
    int tried = 0;
    if (sick == null) {
      SlotRun trial = new SlotRun(admitted.getFirst(), admitted.getFirst().body(), false);
      tried = 1;
      Outcome outcome =
          room.slots().offer(trial) == Offer.TAKEN
              ? trial.await()
              : Outcome.GivenBack.now("worker stops");
      unrun.put(admitted.removeFirst(), outcome);
      sick = room.health().why(); // also after a try that has timed out, or was given back
    }
    if (sick != null) {
      Outcome unavailable = new Outcome.Unavailable(sick);
      admitted.forEach(job -> unrun.put(job, unavailable));
      admitted.clear();
    }
    return tried;
  }

  private void settle(List<PackRun.Ended> group, PackRun run) throws InterruptedException {
    List<PackRun.Ended> atOnce = new ArrayList<>();
    List<PackRun.Ended> together = new ArrayList<>();
    boolean packed = pack.wantsResultPacks();
    for (PackRun.Ended end : group) {
      if (packed && packs.mayTravel(end.outcome())) {
        together.add(end);
      } else if (packs.waitsForAnswer(end.job(), end.outcome())) {
        (end.outcome() instanceof Outcome.Succeeded ? results : others).add(end, run);
      } else {
        fates.set(end.job().place(), settlement.settle(end.job(), end.outcome()));
        atOnce.add(end);
      }
    }
    settled(atOnce, run);
    if (!together.isEmpty()) {
      packs.succeed(pack, together, fates);
      settled(together, run);
    }
  }

  private void settled(List<PackRun.Ended> ends, PackRun run) {
    if (run.settled(ends)) {
      room.slots().goOn();
    }
  }

  /** Threads that settle one job after the other; there are some only while there are jobs. */
  private final class Senders {
    private final ArrayDeque<PackRun.Ended> waiting = new ArrayDeque<>();
    private int threads;

    synchronized void add(PackRun.Ended end, PackRun run) {
      waiting.add(end);
      if (threads < MAX_SENDERS) {
        threads++;
        runtime.threads().startVirtual("job", () -> work(run));
      }
    }

    private void work(PackRun run) throws InterruptedException {
      for (PackRun.Ended end = next(); end != null; end = next()) {
        fates.set(end.job().place(), settlement.settle(end.job(), end.outcome()));
        settled(List.of(end), run);
      }
    }

    private synchronized PackRun.@Nullable Ended next() {
      PackRun.Ended end = waiting.poll();
      if (end == null) {
        threads--;
      }
      return end;
    }
  }
}
