package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.Interleaving;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Messages;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.PayloadMemory;
import com.amazonaws.jobprocessor.work.settle.PayloadStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DefinitionsTest {
  private static final Outcome STOPS = Outcome.GivenBack.now("worker stops");

  private static final long HEAP = 1L << 30;

  private final SettableClock clock = new SettableClock();
  private final Bucket bucket = new Bucket();
  private final WorkerRuntime runtime =
      new WorkerRuntime(clock, new WorkThreads(_ -> {}), new Outage(clock), _ -> {});

  /** For two payloads of less than a mebibyte at the same time. */
  private final PayloadMemory memory = new PayloadMemory(6 << 20, clock);

  private final Definitions definitions =
      new Definitions(new PayloadStore(bucket, HEAP, runtime), memory);

  /** What a fetch does. */
  private interface Fetch {
    String fetch(String pointer) throws Payloads.Unreadable, CallFailed, InterruptedException;
  }

  private static final class Bucket implements Payloads {
    volatile long bytes = 3;
    final AtomicInteger fetches = new AtomicInteger();
    volatile Fetch next = pointer -> "content of " + pointer;

    @Override
    public String fetch(String pointer, int maxBytes)
        throws Unreadable, CallFailed, InterruptedException {
      fetches.incrementAndGet();
      if (bytes > maxBytes) {
        throw new Unreadable(Unreadable.TOO_LARGE, "it has more than " + maxBytes + " bytes");
      }
      return next.fetch(pointer);
    }

    @Override
    public String store(String payload) {
      throw new IllegalStateException();
    }

    @Override
    public void delete(String pointer) {
      throw new IllegalStateException();
    }

    @Override
    public String copy(String pointer) {
      throw new IllegalStateException();
    }
  }

  private Job job() {
    return Messages.message("m", clock).jobs().getFirst();
  }

  private Job pointerJob() {
    return Messages.ofPointer("m", "p", 3, clock).jobs().getFirst();
  }

  private FutureTask<Definitions.Fetched> fetch(Thread.Builder kind) {
    FutureTask<Definitions.Fetched> task = new FutureTask<>(() -> definitions.of(pointerJob()));
    Thread thread = kind.start(task);
    eventually(
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TERMINATED);
    return task;
  }

  private FutureTask<Definitions.Fetched> fetch() {
    return fetch(Thread.ofVirtual());
  }

  private static Definitions.Fetched result(FutureTask<Definitions.Fetched> task) throws Exception {
    return task.get(30, TimeUnit.SECONDS);
  }

  private static Outcome outcome(Definitions.Fetched fetched) {
    return fetched instanceof Definitions.NotFetched(Outcome outcome)
        ? outcome
        : new Outcome.DoneBefore();
  }

  private static String text(Definitions.Fetched fetched) {
    return fetched instanceof Definitions.Definition(String text, _) ? text : "none";
  }

  /** All of the memory is free: two payloads find room at once. */
  private void assertAllFree() throws Exception {
    bucket.next = pointer -> pointer;
    try (Definitions.Fetched one = definitions.of(pointerJob());
        Definitions.Fetched other = definitions.of(pointerJob())) {
      assertEquals("p", text(one));
      assertEquals("p", text(other));
    }
  }

  @Test
  void a_body_is_the_definition_and_holds_no_memory() throws Exception {
    assertEquals("body", text(definitions.of(job())));
    assertEquals("body", text(definitions.of(job())));
    assertEquals("body", text(definitions.of(job())));
    assertEquals(0, bucket.fetches.get());
    assertAllFree();
  }

  @Test
  void a_pointer_is_followed() throws Exception {
    try (Definitions.Fetched fetched = definitions.of(pointerJob())) {
      assertEquals("content of p", text(fetched));
    }
    assertAllFree();
  }

  @Test
  void a_fetch_waits_until_there_is_memory() throws Exception {
    Definitions.Fetched first = definitions.of(pointerJob());
    Definitions.Fetched second = definitions.of(pointerJob());
    FutureTask<Definitions.Fetched> third = fetch();
    assertFalse(third.isDone());
    assertEquals(2, bucket.fetches.get());
    first.close();

    result(third).close();
    second.close();
    assertAllFree();
  }

  @Test
  void what_cannot_be_fetched_says_why_and_holds_no_memory() throws Exception {
    bucket.next =
        _ -> {
          throw new Payloads.Unreadable(Payloads.Unreadable.TOO_LARGE, "why");
        };
    assertEquals(
        Outcome.Failed.forGood("PayloadTooLarge", "why"), outcome(definitions.of(pointerJob())));
    bucket.next =
        _ -> {
          throw new Payloads.Unreadable(Payloads.Unreadable.MISSING, "why");
        };
    assertEquals(
        Outcome.Failed.forNow("PayloadMissing", "why"), outcome(definitions.of(pointerJob())));
    bucket.next =
        _ -> {
          throw new CallFailed("Away", "", CallFailed.Kind.UNKNOWN, new IllegalStateException());
        };
    assertEquals(
        new Outcome.GivenBack("the payload bucket does not answer", Duration.ofSeconds(5)),
        outcome(definitions.of(pointerJob())));
    bucket.next =
        _ -> {
          throw new IllegalStateException("a fault of ours");
        };
    FutureTask<Definitions.Fetched> fault = fetch();
    eventually(fault::isDone);
    assertAllFree();
  }

  /** Its memory was taken by what the message says; a wrong size once ended the worker. */
  @Test
  void an_object_larger_than_its_message_says_waits_for_the_memory_of_the_largest()
      throws Exception {
    bucket.bytes = 3L << 20;
    PayloadMemory.Taken held = memory.take(pointerJob().message());
    FutureTask<Definitions.Fetched> larger = fetch();
    assertFalse(larger.isDone());
    assertEquals(1, bucket.fetches.get());
    held.close();
    Definitions.Fetched first = result(larger);
    assertEquals("content of p", text(first));
    assertEquals(2, bucket.fetches.get());
    FutureTask<Definitions.Fetched> waits = fetch();
    assertFalse(waits.isDone(), "all of the memory is taken");
    first.close();
    result(waits).close();

    bucket.bytes = 3;
    assertAllFree();
  }

  /** It ended the worker before the job had a slot, and so before a note of a suspect. */
  @Test
  void what_the_heap_has_no_room_for_is_the_failure_of_its_job() throws Exception {
    Definitions small = new Definitions(new PayloadStore(bucket, 3 << 10, runtime), memory);
    bucket.bytes = 1025;
    assertEquals(
        Outcome.Failed.forNow(
            "PayloadTooLargeForHeap", "it has more than 1024 bytes, a third of this worker's heap"),
        outcome(small.of(pointerJob())));
    bucket.bytes = 3;
    bucket.next =
        _ -> {
          throw new OutOfMemoryError("played");
        };
    assertEquals(
        Outcome.Failed.forNow(
            "PayloadTooLargeForHeap", "this worker's heap has no room for the payload"),
        outcome(definitions.of(pointerJob())));
    assertAllFree();
  }

  @Test
  void a_stop_interrupts_who_fetches_and_who_waits_for_memory() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    bucket.next =
        _ -> {
          never.await();
          return "never";
        };
    List<FutureTask<Definitions.Fetched>> all =
        IntStream.range(0, 5).mapToObj(_ -> fetch()).toList();
    assertEquals(2, bucket.fetches.get());
    definitions.close();

    for (FutureTask<Definitions.Fetched> one : all) {
      assertEquals(STOPS, outcome(result(one)));
    }
    int fetches = bucket.fetches.get();
    assertEquals(STOPS, outcome(definitions.of(pointerJob())), "and none begins any more");
    assertEquals(fetches, bucket.fetches.get());
    assertEquals("body", text(definitions.of(job())), "what is here is here");
    memory.take(pointerJob().message()).close();
    memory.take(Messages.ofPointer("m", "p", 64 << 20, clock)).close();
  }

  /** What follows, the give-back, must not see the interrupt that came for the fetch. */
  @Test
  void no_interrupt_reaches_what_the_thread_does_next() throws Exception {
    for (int i = 0; i < 300; i++) {
      Definitions raced = new Definitions(new PayloadStore(bucket, HEAP, runtime), memory);
      bucket.next =
          pointer -> {
            Interleaving.here();
            return pointer;
          };
      FutureTask<Boolean> task =
          new FutureTask<>(
              () -> {
                raced.of(pointerJob()).close();
                return Thread.currentThread().isInterrupted();
              });
      Thread thread = Thread.ofVirtual().start(task);
      raced.close();
      thread.join();

      assertFalse(task.get(1, TimeUnit.SECONDS));
    }
    assertAllFree();
    assertTrue(bucket.fetches.get() >= 2);
  }
}
