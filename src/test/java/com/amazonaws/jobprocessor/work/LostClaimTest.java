package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job that is another worker's by the time that its slot is free. */
@Timeout(60)
class LostClaimTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Ledger.End.Succeeded THEIR_END =
      new Ledger.End.Succeeded(new Ledger.Result.Text("theirs"), 3, Duration.ofMillis(5));

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final SettableWallClock wallClock = new SettableWallClock();
  private final InMemoryLedger ledger = new InMemoryLedger("i-1", wallClock);
  private final List<Thread> renewers = new CopyOnWriteArrayList<>();
  private final List<String> runs = new CopyOnWriteArrayList<>();

  private static Claim claim(String id, String messageId) {
    return new Claim(
        id,
        messageId,
        Claims.payloadOf(id),
        null,
        UUID.randomUUID().toString(),
        Duration.ofSeconds(2));
  }

  private String put(Rig rig, String id) {
    return rig.backlog.put(new Outgoing(id, Map.of("job_id", Attribute.of(id))));
  }

  /** Notes who renews. */
  private record Watched(Ledger table, List<Thread> renewers) implements Ledger {
    @Override
    public String name() {
      return table.name();
    }

    @Override
    public Standing claim(Claim claim) throws CallFailed, InterruptedException {
      return table.claim(claim);
    }

    @Override
    public Standing takeOver(Claim claim, Standing.Held held)
        throws CallFailed, InterruptedException {
      return table.takeOver(claim, held);
    }

    @Override
    public boolean renew(Claim claim) throws CallFailed, InterruptedException {
      boolean ours = table.renew(claim);
      renewers.add(Thread.currentThread());
      return ours;
    }

    @Override
    public boolean record(Claim claim, End end) throws CallFailed, InterruptedException {
      return table.record(claim, end);
    }

    @Override
    public boolean release(Claim claim) throws CallFailed, InterruptedException {
      return table.release(claim);
    }
  }

  /** Two jobs of a worker that died: suspects, of which one runs while the other waits for it. */
  private void putSuspects(Rig rig) throws CallFailed {
    for (String id : List.of("a", "b")) {
      ledger.of("i-2").claim(claim(id, put(rig, id)));
    }
    wallClock.advance(Duration.ofMinutes(2));
  }

  private void takeOverAndEnd(String id) throws CallFailed {
    InMemoryLedger other = ledger.of("i-3");
    Claim theirs = claim(id, id.equals("a") ? "todo-1" : "todo-2");
    other.takeOver(theirs, (Ledger.Standing.Held) other.claim(theirs));
    other.record(theirs, THEIR_END);
  }

  private long written(String action) {
    return List.copyOf(ledger.writes).stream().filter(action::equals).count();
  }

  @Test
  void a_job_whose_claim_the_table_refused_to_renew_does_not_run() throws Exception {
    Rig rig = new Rig(clock, folder, 2, LEASE, 0, null, ledger, false);
    putSuspects(rig);
    CountDownLatch finish = new CountDownLatch(1);
    Worker worker =
        rig.worker(
            job -> {
              runs.add(job);
              finish.await();
              return job;
            },
            rig.backlog,
            new Worker.Stores(new Watched(ledger, renewers), null));
    worker.start();
    await().ignoreExceptions().until(() -> runs.size() == 1 && written("takeOver") == 2);
    String waiting = runs.getFirst().equals("a") ? "b" : "a";

    takeOverAndEnd(waiting);
    clock.advance(Duration.ofSeconds(35));
    await().until(() -> renewers.size() == 2);
    for (Thread renewer : renewers) {
      renewer.join(Duration.ofSeconds(1)); // the worker knows what the table said
    }
    finish.countDown();

    await()
        .until(
            () -> {
              clock.advance(Duration.ofMillis(100)); // deletes linger
              return rig.backlog.contents().isEmpty();
            });
    worker.drain(Duration.ZERO);
    assertEquals(1, runs.size(), runs::toString);
    assertEquals(
        Stream.of(runs.getFirst(), "theirs").sorted().toList(),
        rig.results.contents().stream().map(Outgoing::body).sorted().toList());
  }

  /** As {@code a}'s payload takes long to fetch, its lease is over before it could begin. */
  @Test
  void a_job_does_not_run_whose_payload_came_after_the_end_of_its_lease() throws Exception {
    Rig rig = new Rig(clock, folder, 1, LEASE, 0, null);
    String pointer = rig.payloads.store("job");
    rig.backlog.put(new Outgoing(pointer, PayloadPointer.mark(Map.of(), 3)));
    rig.receive(1);
    InHand.Next next = rig.take();
    SlowFetch slow = new SlowFetch(rig.payloads, clock);
    PayloadStore store = new PayloadStore(slow, clock, rig.outage, rig.threads);
    JobRun run =
        new JobRun(
            job -> {
              runs.add(job);
              return job;
            },
            new Definitions(store, 1L << 28, clock),
            rig.inHand,
            rig.settlement,
            rig.suspects,
            clock,
            rig.recorder,
            rig.vitals);

    run.run(next);

    await().until(() -> rig.inHand.all().isEmpty());
    assertEquals(List.of(), runs);
    assertEquals(List.of("lost todo-1"), new ArrayList<>(rig.recorder.events));
  }

  /** Fetches as slowly as a lease lasts. */
  private record SlowFetch(Payloads payloads, SettableClock clock) implements Payloads {
    @Override
    public String fetch(String pointer) throws Unreadable, CallFailed, InterruptedException {
      clock.advance(LEASE);
      return payloads.fetch(pointer);
    }

    @Override
    public String store(String payload) throws CallFailed, InterruptedException {
      return payloads.store(payload);
    }

    @Override
    public void delete(String pointer) throws CallFailed, InterruptedException {
      payloads.delete(pointer);
    }

    @Override
    public String copy(String pointer) throws Unreadable, CallFailed, InterruptedException {
      return payloads.copy(pointer);
    }
  }
}
