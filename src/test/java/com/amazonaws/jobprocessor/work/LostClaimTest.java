package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private static final JobTable.End.Succeeded THEIR_END =
      new JobTable.End.Succeeded(new JobTable.Result.Text("theirs"), 3, Duration.ofMillis(5));

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final SettableWallClock wallClock = new SettableWallClock();
  private final InMemoryJobTable table = new InMemoryJobTable("i-1", wallClock);
  private final List<Thread> renewers = new CopyOnWriteArrayList<>();
  private final List<String> runs = new CopyOnWriteArrayList<>();

  private static ClaimRequest claim(String id, String messageId) {
    return new ClaimRequest(
        id,
        messageId,
        ClaimRequest.Payload.of(id),
        null,
        UUID.randomUUID().toString(),
        Duration.ofSeconds(2),
        false);
  }

  private String put(Rig rig, String id) {
    return rig.backlog.put(new OutgoingMessage(id, Map.of("job_id", Attribute.of(id))));
  }

  /** Notes who renews. */
  private record Watched(JobTable table, List<Thread> renewers) implements JobTable {
    @Override
    public String name() {
      return table.name();
    }

    @Override
    public Standing claim(ClaimRequest claim) throws CallFailed, InterruptedException {
      return table.claim(claim);
    }

    @Override
    public Standing takeOver(ClaimRequest claim, Standing.Held held)
        throws CallFailed, InterruptedException {
      return table.takeOver(claim, held);
    }

    @Override
    public boolean renew(ClaimRequest claim) throws CallFailed, InterruptedException {
      boolean ours = table.renew(claim);
      renewers.add(Thread.currentThread());
      return ours;
    }

    @Override
    public boolean record(ClaimRequest claim, End end) throws CallFailed, InterruptedException {
      return table.record(claim, end);
    }

    @Override
    public boolean release(ClaimRequest claim) throws CallFailed, InterruptedException {
      return table.release(claim);
    }
  }

  /** Two jobs of a worker that died: suspects, of which one runs while the other waits for it. */
  private void putSuspects(Rig rig) throws CallFailed {
    for (String id : List.of("a", "b")) {
      table.of("i-2").claim(claim(id, put(rig, id)));
    }
    wallClock.advance(Duration.ofMinutes(2));
  }

  private void takeOverAndEnd(String id) throws CallFailed {
    InMemoryJobTable other = table.of("i-3");
    ClaimRequest theirs = claim(id, id.equals("a") ? "todo-1" : "todo-2");
    other.takeOver(theirs, (JobTable.Standing.Held) other.claim(theirs));
    other.record(theirs, THEIR_END);
  }

  private long written(String action) {
    return List.copyOf(table.writes).stream().filter(action::equals).count();
  }

  @Test
  void a_job_whose_claim_the_table_refused_to_renew_does_not_run() throws Exception {
    Rig rig = new Rig(clock, folder, 2, LEASE, 0, null, table, false);
    putSuspects(rig);
    CountDownLatch finish = new CountDownLatch(1);
    Worker worker =
        rig.worker(
            job -> {
              runs.add(job);
              finish.await();
              return job;
            },
            rig.with(new Watched(table, renewers)));
    worker.start();
    await().ignoreExceptions().until(() -> runs.size() == 1 && written("takeOver") == 2);
    String waiting = runs.getFirst().equals("a") ? "b" : "a";

    takeOverAndEnd(waiting);
    clock.advance(Duration.ofSeconds(35));
    await().until(() -> renewers.size() == 2);
    for (Thread renewer : renewers) {
      renewer.join(); // the worker knows what the table said
    }
    finish.countDown();

    await()
        .until(
            () -> {
              clock.advance(Duration.ofMillis(10)); // deletes linger
              return rig.backlog.contents().isEmpty();
            });
    worker.drain(Duration.ZERO);
    assertEquals(1, runs.size(), runs::toString);
    assertEquals(
        Stream.of(runs.getFirst(), "theirs").sorted().toList(),
        rig.results.contents().stream().map(OutgoingMessage::body).sorted().toList());
  }

  /** As {@code a}'s payload takes long to fetch, its lease is over before it could begin. */
  @Test
  void a_job_does_not_run_whose_payload_came_after_the_end_of_its_lease() throws Exception {
    Rig rig = new Rig(clock, folder, 1, LEASE, 0, null);
    String pointer = rig.payloads.store("job");
    rig.backlog.put(new OutgoingMessage(pointer, PayloadPointer.mark(Map.of(), 3)));
    Worker worker =
        rig.worker(
            job -> {
              runs.add(job);
              return job;
            },
            rig.with(new SlowFetch(rig.payloads, clock)));
    long sentAt = clock.nanoTime();
    worker.handler.accept(rig.backlog.receive(1, Duration.ofMillis(1), LEASE), sentAt, LEASE);

    worker.slots.run(Objects.requireNonNull(worker.room.slots().take()));

    await().until(() -> worker.room.inFlight().size() == 0);
    assertEquals(List.of(), runs);
    assertEquals(List.of("lost todo-1"), rig.recorder.events);
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
  }

  /** Fetches as slowly as a lease lasts. */
  private record SlowFetch(Payloads payloads, SettableClock clock) implements Payloads {
    @Override
    public String fetch(String pointer, int maxBytes)
        throws Unreadable, CallFailed, InterruptedException {
      clock.advance(LEASE);
      return payloads.fetch(pointer, maxBytes);
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
