package com.amazonaws.jobprocessor.work.settle;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.settle.ScriptedCalls.Numbered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who goes when; what comes of calls that fail is in {@link BatchSenderFailureTest}. */
@Timeout(60)
class BatchSenderTest {
  private final SettableClock clock = new SettableClock();
  private final ScriptedCalls calls = new ScriptedCalls();
  private final Outage outage = new Outage(clock);
  private final BatchSender<Numbered> lane = new BatchSender<>(calls, () -> 0, clock, outage);

  private FutureTask<Sent> send(int number) {
    return ScriptedCalls.send(lane, new Numbered(number));
  }

  private List<FutureTask<Sent>> send(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(this::send).toList();
  }

  private static List<Integer> numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  private static void assertAccepted(List<FutureTask<Sent>> entries) throws Exception {
    for (FutureTask<Sent> entry : entries) {
      assertEquals(Sent.ACCEPTED, entry.get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void a_lone_entry_goes_at_once() throws Exception {
    assertAccepted(List.of(send(0)));
    assertAccepted(List.of(send(1)));

    assertEquals(List.of(List.of(0), List.of(1)), calls.begun);
    assertEquals(0, lane.waiting());
  }

  @Test
  void what_is_ready_when_a_call_returns_goes_into_the_next_one() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    List<FutureTask<Sent>> entries = send(0, 9);
    letGo.countDown();

    assertAccepted(entries);
    assertEquals(List.of(List.of(0), numbers(1, 9)), calls.begun);
  }

  @Test
  void the_tenth_entry_goes_at_once_with_the_others_while_a_call_is_under_way() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = send(0);
    assertAccepted(send(1, 10));

    assertEquals(List.of(List.of(0), numbers(1, 10)), calls.begun);
    letGo.countDown();
    assertAccepted(List.of(first));
  }

  /** Two entries did not: with a sender that hung they waited for it. */
  @Test
  void a_call_that_hangs_is_waited_for_no_longer_than_a_quarter_of_a_second() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = send(0);
    FutureTask<Sent> second = send(1);
    clock.advance(Duration.ofMillis(249));
    FutureTask<Sent> third = send(2);
    clock.advance(Duration.ofMillis(1));

    assertAccepted(List.of(second, third));
    assertEquals(List.of(List.of(0), List.of(1, 2)), calls.begun);
    letGo.countDown();
    assertAccepted(List.of(first));
  }

  /** Each that comes waits for its own quarter of a second, not for that of the one before. */
  @Test
  void every_entry_that_comes_while_calls_hang_goes_in_its_time() throws Exception {
    List<CountDownLatch> hung = new ArrayList<>();
    List<FutureTask<Sent>> entries = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      hung.add(calls.hangNext());
      entries.add(send(i));
      clock.advance(Duration.ofMillis(250));
      int begun = i + 1;
      eventually(() -> calls.begun.size() == begun);
    }
    assertEquals(5, lane.waiting());
    hung.forEach(CountDownLatch::countDown);
    assertAccepted(entries);
  }

  @Test
  void at_most_16_calls_are_under_way() throws Exception {
    List<CountDownLatch> hung = new ArrayList<>();
    IntStream.range(0, 17).forEach(_ -> hung.add(calls.hangNext()));
    List<FutureTask<Sent>> entries = new ArrayList<>(send(0, 0));
    entries.addAll(send(1, 150));
    eventually(() -> calls.begun.size() == 16);
    entries.addAll(send(151, 175));
    clock.advance(Duration.ofSeconds(1));
    entries.addAll(send(176, 176));
    assertEquals(16, calls.begun.size());
    assertEquals(177, lane.waiting());

    hung.get(3).countDown();
    eventually(() -> calls.begun.size() == 17);
    assertEquals(numbers(151, 160), calls.begun.getLast(), "as soon as one returns");
    assertEquals(16, calls.mostUnderWay());
    hung.forEach(CountDownLatch::countDown);
    assertAccepted(entries);
  }

  @Test
  void a_batch_has_no_more_bytes_than_sqs_takes_and_what_is_too_large_goes_alone()
      throws Exception {
    CountDownLatch letGo = calls.hangNext();
    List<FutureTask<Sent>> entries = new ArrayList<>(send(0, 0));
    for (int number = 1; number <= 4; number++) {
      Numbered large = new Numbered(number);
      large.bytes = number == 4 ? MessageFormat.MAX_BYTES : MessageFormat.MAX_BYTES / 2;
      entries.add(ScriptedCalls.send(lane, large));
    }
    letGo.countDown();

    assertAccepted(entries);
    assertEquals(List.of(List.of(0), List.of(1, 2), List.of(3), List.of(4)), calls.begun);
  }

  /**
   * Ten large entries do not fit one call: whoever makes it must be in it, or with a call that
   * hangs the entry at the head of the line would have nobody who waits for its turn.
   */
  @Test
  void whoever_makes_a_call_has_an_entry_in_it() throws Exception {
    CountDownLatch first = calls.hangNext();
    CountDownLatch second = calls.hangNext();
    FutureTask<Sent> hangs = send(0);
    List<FutureTask<Sent>> entries = new ArrayList<>();
    for (int number = 1; number <= 10; number++) {
      Numbered large = new Numbered(number);
      large.bytes = MessageFormat.MAX_BYTES / 9;
      entries.add(ScriptedCalls.send(lane, large));
    }
    eventually(() -> calls.begun.size() == 2);
    assertEquals(numbers(1, 9), calls.begun.getLast());
    clock.advance(Duration.ofMillis(250));

    assertAccepted(List.of(entries.getLast()));
    second.countDown();
    assertAccepted(entries);
    first.countDown();
    assertAccepted(List.of(hangs));
  }

  @Test
  void an_expired_entry_is_in_no_call_and_says_so() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = send(0);
    Numbered expired = new Numbered(1);
    FutureTask<Sent> second = ScriptedCalls.send(lane, expired);
    FutureTask<Sent> third = send(2);
    expired.expired = true;
    letGo.countDown();

    assertEquals(Sent.EXPIRED, second.get(30, TimeUnit.SECONDS));
    assertAccepted(List.of(first, third));
    assertEquals(List.of(List.of(0), List.of(2)), calls.begun);
  }

  @Test
  void entries_of_a_lane_that_lingers_go_when_the_first_has_waited_for_so_long() throws Exception {
    BatchSender<Numbered> lingering =
        new BatchSender<>(calls, Duration.ofMillis(100)::toNanos, clock, outage);
    FutureTask<Sent> first = ScriptedCalls.send(lingering, new Numbered(0));
    clock.advance(Duration.ofMillis(99));
    FutureTask<Sent> second = ScriptedCalls.send(lingering, new Numbered(1));
    clock.advance(Duration.ofMillis(1));

    assertAccepted(List.of(first, second));
    assertEquals(List.of(List.of(0, 1)), calls.begun);
  }

  @Test
  void where_a_call_has_just_returned_what_waits_is_joined_by_what_follows() throws Exception {
    BatchSender<Numbered> lingering =
        new BatchSender<>(calls, Duration.ofMillis(1)::toNanos, clock, outage);
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = ScriptedCalls.send(lingering, new Numbered(0));
    clock.advance(Duration.ofMillis(1));
    eventually(() -> calls.begun.size() == 1);
    FutureTask<Sent> second = ScriptedCalls.send(lingering, new Numbered(1));
    clock.advance(Duration.ofMillis(20));
    letGo.countDown();
    assertAccepted(List.of(first));
    FutureTask<Sent> third = ScriptedCalls.send(lingering, new Numbered(2));
    clock.advance(Duration.ofMillis(1));

    assertAccepted(List.of(second, third));
    assertEquals(List.of(List.of(0), List.of(1, 2)), calls.begun);
  }

  @Test
  void ten_entries_of_a_lane_that_lingers_go_at_once() throws Exception {
    BatchSender<Numbered> lingering =
        new BatchSender<>(calls, Duration.ofMillis(100)::toNanos, clock, outage);
    List<FutureTask<Sent>> entries =
        IntStream.range(0, 10)
            .mapToObj(i -> ScriptedCalls.send(lingering, new Numbered(i)))
            .toList();

    assertAccepted(entries);
    assertEquals(List.of(numbers(0, 9)), calls.begun);
  }

  @Test
  void in_a_hurry_nothing_lingers() throws Exception {
    BatchSender<Numbered> lingering =
        new BatchSender<>(calls, Duration.ofMillis(100)::toNanos, clock, outage);
    FutureTask<Sent> waits = ScriptedCalls.send(lingering, new Numbered(0));
    lingering.hurry();

    assertAccepted(List.of(waits));
    assertAccepted(List.of(ScriptedCalls.send(lingering, new Numbered(1))));
  }

  @Test
  void in_a_hurry_nothing_waits_for_a_call_under_way() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = send(0);
    FutureTask<Sent> waits = send(1);
    lane.hurry();

    assertAccepted(List.of(waits));
    letGo.countDown();
    assertAccepted(List.of(first));
  }

  /** Nobody interrupts a message's thread today; should somebody, the others must not stop. */
  @Test
  void who_is_interrupted_leaves_the_line_to_the_others() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = send(0);
    FutureTask<Sent> interrupted = new FutureTask<>(() -> lane.send(new Numbered(1)));
    Thread thread = Thread.ofVirtual().start(interrupted);
    eventually(() -> lane.waiting() == 2);
    FutureTask<Sent> third = send(2);
    thread.interrupt();
    thread.join();
    clock.advance(Duration.ofMillis(250));

    assertAccepted(List.of(third));
    assertEquals(List.of(List.of(0), List.of(2)), calls.begun);
    letGo.countDown();
    assertAccepted(List.of(first));
    assertEquals(0, lane.waiting());
  }

  @Test
  void a_call_that_is_interrupted_leaves_what_may_be_repeated_to_the_others() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    calls.hangNext();
    FutureTask<Sent> first = send(0);
    FutureTask<Sent> interrupted = new FutureTask<>(() -> lane.send(new Numbered(1)));
    Thread thread = Thread.ofVirtual().start(interrupted);
    eventually(() -> lane.waiting() == 2);
    FutureTask<Sent> repeated = send(2);
    Numbered once = new Numbered(3);
    once.repeats = false;
    FutureTask<Sent> unknown = ScriptedCalls.send(lane, once);
    letGo.countDown();
    eventually(() -> calls.begun.size() == 2);
    thread.interrupt();

    assertAccepted(List.of(first, repeated));
    assertEquals(Sent.UNKNOWN, unknown.get(30, TimeUnit.SECONDS));
    assertEquals(List.of(List.of(0), List.of(1, 2, 3), List.of(2)), calls.begun);
    assertEquals(0, lane.waiting());
  }

  /** The other call is still to say whether AWS does what we ask. */
  @Test
  void the_last_entry_in_line_that_expires_ends_no_outage_of_the_others() throws Exception {
    calls.failNext(CallFailed.Kind.REJECTED);
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = send(0);
    eventually(() -> outage.first() != null && clock.waiters() == 1);
    clock.advance(Duration.ofSeconds(1));
    eventually(() -> calls.begun.size() == 2);
    Numbered expired = new Numbered(1);
    FutureTask<Sent> second = ScriptedCalls.send(lane, expired);
    expired.expired = true;
    clock.advance(Duration.ofMillis(250));

    assertEquals(Sent.EXPIRED, second.get(30, TimeUnit.SECONDS));
    assertNotNull(outage.first());
    letGo.countDown();
    assertAccepted(List.of(first));
    assertNull(outage.first());
  }
}
