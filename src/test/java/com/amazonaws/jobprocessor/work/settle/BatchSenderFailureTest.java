package com.amazonaws.jobprocessor.work.settle;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.settle.ScriptedCalls.Numbered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes of entries whose calls fail. */
@Timeout(60)
class BatchSenderFailureTest {
  /** Longer than the pause after one failed call, and than an entry's wait for its next turn. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Answer FAILED = new Answer.Failed("InternalError", "not now");

  private final SettableClock clock = new SettableClock();
  private final ScriptedCalls calls = new ScriptedCalls();
  private final Outage outage = new Outage(clock);
  private final BatchSender<Numbered> lane = new BatchSender<>(calls, () -> 0, clock, outage);

  private FutureTask<Sent> send(int number) {
    return send(new Numbered(number));
  }

  private FutureTask<Sent> send(Numbered entry) {
    return ScriptedCalls.send(lane, entry);
  }

  private static Sent outcome(FutureTask<Sent> entry) throws Exception {
    return entry.get(30, TimeUnit.SECONDS);
  }

  private String code() {
    return Objects.requireNonNull(outage.first()).code();
  }

  /** The call has failed, and its entries are in line again. */
  private void awaitPause() {
    eventually(() -> outage.first() != null && clock.waiters() == 1);
  }

  @Test
  void a_call_that_sqs_rejects_is_made_again_after_a_pause_with_all_that_has_come()
      throws Exception {
    calls.failNext(CallFailed.Kind.REJECTED);
    FutureTask<Sent> first = send(0);
    awaitPause();
    FutureTask<Sent> second = send(1);
    clock.advance(PAUSE);

    assertEquals(Sent.ACCEPTED, outcome(first));
    assertEquals(Sent.ACCEPTED, outcome(second));
    assertEquals(List.of(List.of(0), List.of(0, 1)), calls.begun);
    assertNull(outage.first());
  }

  @Test
  void every_entry_of_a_rejected_batch_goes_again() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    calls.failNext(CallFailed.Kind.REJECTED);
    List<FutureTask<Sent>> entries = IntStream.range(0, 10).mapToObj(this::send).toList();
    letGo.countDown();
    awaitPause();
    clock.advance(PAUSE);

    for (FutureTask<Sent> entry : entries) {
      assertEquals(Sent.ACCEPTED, outcome(entry));
    }
    assertEquals(1 + 9 + 9, calls.begun.stream().mapToInt(List::size).sum());
  }

  @Test
  void not_even_ten_entries_go_during_a_pause() throws Exception {
    calls.failNext(CallFailed.Kind.REJECTED);
    List<FutureTask<Sent>> entries = new ArrayList<>(List.of(send(0)));
    awaitPause();
    IntStream.range(1, 25).forEach(i -> entries.add(send(i)));
    assertEquals(1, calls.begun.size());
    clock.advance(PAUSE);

    for (FutureTask<Sent> entry : entries) {
      assertEquals(Sent.ACCEPTED, outcome(entry));
    }
  }

  @Test
  void entries_that_are_ready_after_a_pause_do_not_wait_for_a_call_that_hangs() throws Exception {
    calls.failNext(CallFailed.Kind.REJECTED);
    List<FutureTask<Sent>> entries = new ArrayList<>(List.of(send(0)));
    awaitPause();
    List<CountDownLatch> hung = new ArrayList<>();
    IntStream.range(0, 3).forEach(_ -> hung.add(calls.hangNext()));
    IntStream.range(1, 25).forEach(i -> entries.add(send(i)));
    clock.advance(PAUSE);

    eventually(() -> calls.begun.size() == 1 + 3);
    assertEquals(1 + 25, calls.begun.stream().mapToInt(List::size).sum());
    hung.forEach(CountDownLatch::countDown);
    for (FutureTask<Sent> entry : entries) {
      assertEquals(Sent.ACCEPTED, outcome(entry));
    }
    assertEquals(4, calls.begun.size(), "none was sent twice");
  }

  /** The one whose call failed had nothing left to do; the other's call hangs. */
  @Test
  void an_entry_that_comes_during_a_pause_is_sent_after_it() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = send(0);
    eventually(() -> calls.begun.size() == 1);
    calls.failNext(CallFailed.Kind.UNKNOWN);
    Numbered once = new Numbered(1);
    once.repeats = false;
    FutureTask<Sent> unknown = send(once);
    clock.advance(Duration.ofMillis(250));
    assertEquals(Sent.UNKNOWN, outcome(unknown));
    FutureTask<Sent> third = send(2);
    clock.advance(PAUSE);

    assertEquals(Sent.ACCEPTED, outcome(third));
    letGo.countDown();
    assertEquals(Sent.ACCEPTED, outcome(first));
  }

  @Test
  void a_call_that_works_ends_the_pause_for_all() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    FutureTask<Sent> first = send(0);
    eventually(() -> calls.begun.size() == 1);
    calls.failNext(CallFailed.Kind.REJECTED);
    FutureTask<Sent> second = send(1);
    clock.advance(Duration.ofMillis(250));
    awaitPause();
    letGo.countDown();

    assertEquals(Sent.ACCEPTED, outcome(first));
    assertEquals(Sent.ACCEPTED, outcome(second), "the clock stands still");
  }

  @Test
  void after_a_call_without_an_answer_only_what_may_be_repeated_goes_again() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    calls.failNext(CallFailed.Kind.UNKNOWN);
    FutureTask<Sent> first = send(0);
    Numbered once = new Numbered(1);
    once.repeats = false;
    FutureTask<Sent> unknown = send(once);
    FutureTask<Sent> repeated = send(2);
    letGo.countDown();

    assertEquals(Sent.ACCEPTED, outcome(first));
    assertEquals(Sent.UNKNOWN, outcome(unknown));
    awaitPause();
    clock.advance(PAUSE);
    assertEquals(Sent.ACCEPTED, outcome(repeated));
    assertEquals(List.of(List.of(0), List.of(1, 2), List.of(2)), calls.begun);
  }

  @Test
  void what_may_not_be_repeated_goes_again_if_sqs_said_no() throws Exception {
    calls.failNext(CallFailed.Kind.REJECTED);
    calls.next(_ -> List.of(FAILED));
    Numbered once = new Numbered(0);
    once.repeats = false;
    FutureTask<Sent> entry = send(once);
    awaitPause();
    clock.advance(PAUSE);
    eventually(() -> code().equals("InternalError") && clock.waiters() == 1);
    clock.advance(PAUSE);

    assertEquals(Sent.ACCEPTED, outcome(entry));
    assertEquals(3, calls.begun.size());
  }

  @Test
  void an_entry_that_fails_alone_goes_again_and_holds_up_no_other() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    calls.next(_ -> List.of(Answer.ACCEPTED, FAILED, new Answer.Refused("Bad", "never")));
    FutureTask<Sent> first = send(0);
    FutureTask<Sent> second = send(1);
    FutureTask<Sent> fails = send(2);
    FutureTask<Sent> refused = send(3);
    letGo.countDown();

    assertEquals(Sent.ACCEPTED, outcome(first));
    assertEquals(Sent.ACCEPTED, outcome(second));
    assertEquals(new Sent.Refused("Bad", "never"), outcome(refused));
    eventually(() -> lane.waiting() == 1 && clock.waiters() == 1);
    assertEquals(Sent.ACCEPTED, outcome(send(4)), "while the other waits for its next turn");
    assertFalse(fails.isDone());
    clock.advance(PAUSE);
    assertEquals(Sent.ACCEPTED, outcome(fails));
    assertEquals(List.of(2), calls.begun.getLast());
  }

  /** They went 78 times a second, and neither the log nor the page said so. */
  @Test
  void entries_none_of_which_sqs_takes_are_an_outage_and_go_again_ever_later() throws Exception {
    for (int i = 0; i < 12; i++) {
      calls.next(_ -> List.of(FAILED));
    }
    FutureTask<Sent> entry = send(0);
    for (int i = 1; i < 12; i++) {
      int made = i;
      eventually(() -> calls.begun.size() == made && clock.waiters() == 1);
      assertEquals("InternalError", code());
      clock.advance(Duration.ofSeconds(10));
    }
    eventually(() -> calls.begun.size() == 12 && clock.waiters() == 1);
    clock.advance(Duration.ofSeconds(4));
    assertEquals(12, calls.begun.size());
    clock.advance(Duration.ofSeconds(6));

    assertEquals(Sent.ACCEPTED, outcome(entry));
    assertNull(outage.first());
  }

  @Test
  void an_entry_that_expires_while_it_waits_for_its_next_turn_is_in_no_further_call()
      throws Exception {
    calls.next(_ -> List.of(FAILED));
    Numbered entry = new Numbered(0);
    FutureTask<Sent> fails = send(entry);
    eventually(() -> calls.begun.size() == 1 && clock.waiters() == 1);
    entry.expired = true;
    clock.advance(PAUSE);

    assertEquals(Sent.EXPIRED, outcome(fails));
    assertEquals(1, calls.begun.size());
  }

  @Test
  void a_batch_that_is_refused_as_a_whole_is_sent_entry_by_entry() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    calls.failNext(CallFailed.Kind.REFUSED);
    calls.next(ScriptedCalls::accepted);
    calls.failNext(CallFailed.Kind.REFUSED);
    FutureTask<Sent> first = send(0);
    List<FutureTask<Sent>> entries = IntStream.rangeClosed(1, 3).mapToObj(this::send).toList();
    letGo.countDown();

    assertEquals(Sent.ACCEPTED, outcome(first));
    assertEquals(Sent.ACCEPTED, outcome(entries.get(0)));
    assertEquals(new Sent.Refused("Played", "by the test"), outcome(entries.get(1)));
    assertEquals(Sent.ACCEPTED, outcome(entries.get(2)));
    assertEquals(
        List.of(List.of(0), List.of(1, 2, 3), List.of(1), List.of(2), List.of(3)), calls.begun);
    assertNull(outage.first(), "a content that is refused is no outage");
  }

  @Test
  void an_entry_that_expires_while_others_are_sent_one_by_one_is_not_sent() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    Numbered expires = new Numbered(2);
    calls.failNext(CallFailed.Kind.REFUSED);
    calls.next(
        batch -> {
          expires.expired = true;
          return ScriptedCalls.accepted(batch);
        });
    FutureTask<Sent> first = send(0);
    FutureTask<Sent> before = send(1);
    FutureTask<Sent> expired = send(expires);
    FutureTask<Sent> after = send(3);
    letGo.countDown();

    assertEquals(Sent.ACCEPTED, outcome(first));
    assertEquals(Sent.ACCEPTED, outcome(before));
    assertEquals(Sent.EXPIRED, outcome(expired));
    assertEquals(Sent.ACCEPTED, outcome(after));
    assertEquals(List.of(List.of(0), List.of(1, 2, 3), List.of(1), List.of(3)), calls.begun);
  }

  @Test
  void one_of_those_that_are_sent_one_by_one_and_brings_no_answer_goes_again() throws Exception {
    CountDownLatch letGo = calls.hangNext();
    calls.failNext(CallFailed.Kind.REFUSED);
    calls.failNext(CallFailed.Kind.UNKNOWN);
    FutureTask<Sent> first = send(0);
    FutureTask<Sent> again = send(1);
    FutureTask<Sent> other = send(2);
    letGo.countDown();

    assertEquals(Sent.ACCEPTED, outcome(first));
    assertEquals(Sent.ACCEPTED, outcome(other));
    assertEquals(Sent.ACCEPTED, outcome(again), "at once: the other's call worked");
    assertEquals(List.of(1), calls.begun.getLast());
  }

  @Test
  void an_entry_gives_up_when_sqs_says_no_for_too_long_but_not_when_it_says_nothing()
      throws Exception {
    Numbered entry = new Numbered(0);
    entry.givesUp = true;
    calls.failNext(CallFailed.Kind.REJECTED);
    assertEquals(new Sent.GivenUp("Played", "by the test"), outcome(send(entry)));

    clock.advance(PAUSE);
    calls.next(_ -> List.of(FAILED));
    assertEquals(new Sent.GivenUp("InternalError", "not now"), outcome(send(entry)));

    calls.failNext(CallFailed.Kind.UNKNOWN);
    FutureTask<Sent> unanswered = send(entry);
    awaitPause();
    clock.advance(PAUSE);
    assertEquals(Sent.ACCEPTED, outcome(unanswered));
  }

  @Test
  void that_nobody_waits_for_an_answer_any_more_ends_the_outage() throws Exception {
    calls.failNext(CallFailed.Kind.UNKNOWN);
    Numbered entry = new Numbered(0);
    FutureTask<Sent> task = send(entry);
    awaitPause();
    assertNotNull(outage.first());
    entry.expired = true;
    clock.advance(PAUSE);

    assertEquals(Sent.EXPIRED, outcome(task));
    assertNull(outage.first());
  }
}
