package com.amazonaws.jobprocessor.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.JobTable.End;
import com.amazonaws.jobprocessor.port.JobTable.Result;
import com.amazonaws.jobprocessor.port.JobTable.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a worker expects of the job table; the one in DynamoDB and the one in memory alike. */
public abstract class JobTableContract {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Standing FIRST = new Standing.Mine(1, 0);

  protected final SettableWallClock wallClock = new SettableWallClock();

  /** The table as the worker {@code i-1} sees it. */
  protected abstract JobTable ledger();

  /** The same table as another worker sees it. */
  protected abstract JobTable otherLedger();

  /** Somebody sets the state of a record, of which there may be none yet. */
  protected abstract void setState(String jobId, String state);

  /**
   * Who submits a job has made its record first.
   *
   * @param pointer to the definition if it is in S3, else null
   */
  protected abstract void submit(String jobId, String definition, @Nullable String pointer);

  /** Somebody has set a record to be kept no longer. */
  protected abstract void expire(String jobId);

  /** A claim on a job that SQS has just taken. */
  private ClaimRequest claim(String id, String messageId, String body) {
    return claim(id, messageId, body, wallClock.millis());
  }

  private static ClaimRequest claim(String id, String messageId, String body, long enqueuedAt) {
    return new ClaimRequest(
        id,
        messageId,
        ClaimRequest.Payload.of(body),
        enqueuedAt,
        UUID.randomUUID().toString(),
        LEASE,
        false);
  }

  private ClaimRequest claim(String id) {
    return claim(id, "m-" + id, "body");
  }

  private static End.Succeeded success(Result result) {
    return new End.Succeeded(result, 1, Duration.ofMillis(12));
  }

  private static final End.Succeeded DONE = success(new Result.Text("done"));
  private static final End.Failed FAILED = new End.Failed("java.io.IOException", "no");
  private static final End.Dead DEAD = new End.Dead("java.io.IOException", "never");

  @Test
  public void the_first_to_claim_has_the_job() throws Exception {
    assertEquals(FIRST, ledger().claim(claim("a")));
    Standing.Held held = held(otherLedger().claim(claim("a")));

    assertEquals(LEASE, held.lease());
    assertEquals(Duration.ofMinutes(2), held.left(), "a minute is added for clocks that differ");
  }

  private static Standing.Held held(Standing standing) {
    return assertInstanceOf(Standing.Held.class, standing);
  }

  @Test
  public void a_claim_whose_answer_was_lost_is_made_again() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);

    assertEquals(FIRST, ledger().claim(claim));
  }

  @Test
  public void a_result_is_kept_with_the_worker_and_the_time_it_took() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    assertTrue(ledger().record(claim, DONE));

    assertEquals(
        new Standing.Succeeded(DONE, "i-1", claim.token()), otherLedger().claim(claim("a")));
    assertEquals(
        new Standing.Succeeded(DONE, "i-1", claim.token()),
        otherLedger().claim(claim("a", "another message", "body")));
  }

  @Test
  public void results_may_be_empty_or_elsewhere() throws Exception {
    List<Result> results =
        List.of(new Result.Text(""), new Result.Stored("pointer"), new Result.Sent());
    for (Result result : results) {
      ClaimRequest claim = claim(result.toString());
      ledger().claim(claim);
      assertTrue(ledger().record(claim, success(result)));

      assertEquals(
          success(result),
          assertInstanceOf(Standing.Succeeded.class, otherLedger().claim(claim(result.toString())))
              .end());
    }
    ClaimRequest nothing = claim("null");
    ledger().claim(nothing);
    ledger().record(nothing, success(new Result.Text(null)));
    assertEquals(
        success(new Result.Text("")),
        assertInstanceOf(Standing.Succeeded.class, ledger().claim(claim("null"))).end());
  }

  @Test
  public void a_record_whose_answer_was_lost_is_made_again() throws Exception {
    for (End end : List.of(DONE, FAILED, DEAD)) {
      ClaimRequest claim = claim(end.toString());
      ledger().claim(claim);
      assertTrue(ledger().record(claim, end));

      assertTrue(ledger().record(claim, end), end.toString());
    }
  }

  @Test
  public void a_failed_attempt_counts() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    assertTrue(ledger().record(claim, FAILED));

    assertEquals(new Standing.Mine(2, 0), otherLedger().claim(claim("a")));
  }

  @Test
  public void a_released_claim_was_no_attempt() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    assertTrue(ledger().release(claim));
    assertTrue(ledger().release(claim), "again, for an answer that was lost");

    ClaimRequest next = claim("a");
    assertEquals(FIRST, otherLedger().claim(next));
    assertTrue(otherLedger().release(next));
    assertEquals(FIRST, ledger().claim(claim("a")));
  }

  @Test
  public void a_renewal_holds_the_job_for_another_lease() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    Standing.Held before = held(otherLedger().claim(claim("a")));
    wallClock.advance(Duration.ofSeconds(40));
    assertTrue(ledger().renew(claim));

    Standing.Held after = held(otherLedger().claim(claim("a")));

    assertEquals(Duration.ofMinutes(2), after.left());
    assertNotEquals(before.version(), after.version());
  }

  @Test
  public void who_is_taken_over_is_fenced_off() throws Exception {
    ClaimRequest first = claim("a");
    ledger().claim(first);
    ClaimRequest second = claim("a");
    Standing.Held held = held(otherLedger().claim(second));

    assertEquals(new Standing.Mine(2, 1), otherLedger().takeOver(second, held));

    assertFalse(ledger().renew(first));
    assertFalse(ledger().release(first));
    for (End end : List.of(DONE, FAILED, DEAD)) {
      assertFalse(ledger().record(first, end));
    }
    assertTrue(otherLedger().record(second, DONE));
    assertFalse(ledger().record(first, DONE));
  }

  @Test
  public void a_claim_ahead_of_a_slot_was_no_attempt_when_its_owner_died() throws Exception {
    ClaimRequest first = claim("a").with(true);
    assertEquals(FIRST, ledger().claim(first));
    ClaimRequest second = claim("a").with(true);
    Standing.Held held = held(otherLedger().claim(second));
    assertTrue(held.ahead());

    assertEquals(new Standing.Mine(1, 1), otherLedger().takeOver(second, held));
    assertEquals(new Standing.Mine(1, 1), otherLedger().claim(second), "for a lost answer");
    assertFalse(ledger().renew(first));
    held = held(ledger().claim(claim("a")));
    assertTrue(held.ahead());
    ClaimRequest third = claim("a");
    assertEquals(new Standing.Mine(1, 2), ledger().takeOver(third, held));
    held = held(otherLedger().claim(claim("a")));
    assertFalse(held.ahead());
    assertEquals(new Standing.Mine(2, 3), otherLedger().takeOver(claim("a"), held));
  }

  @Test
  public void a_renewal_says_whether_the_job_has_begun() throws Exception {
    ClaimRequest claim = claim("a").with(true);
    ledger().claim(claim);
    assertTrue(ledger().renew(claim));
    assertTrue(held(otherLedger().claim(claim("a"))).ahead());
    assertTrue(ledger().renew(claim.with(false)));
    assertFalse(held(otherLedger().claim(claim("a"))).ahead());
    assertTrue(ledger().renew(claim.with(true)));
    assertTrue(held(otherLedger().claim(claim("a"))).ahead());
  }

  @Test
  public void what_was_claimed_ahead_ends_as_any_other() throws Exception {
    for (End end : List.of(DONE, FAILED, DEAD)) {
      ClaimRequest claim = claim(end.toString()).with(true);
      ledger().claim(claim);
      assertTrue(ledger().record(claim, end));
    }
    assertEquals(new Standing.Mine(2, 0), otherLedger().claim(claim(FAILED.toString())));
    assertFalse(held(ledger().claim(claim(FAILED.toString()))).ahead());
    ClaimRequest released = claim("released").with(true);
    ledger().claim(released);
    assertTrue(ledger().release(released));
    assertEquals(FIRST, otherLedger().claim(claim("released")));
    assertFalse(held(ledger().claim(claim("released"))).ahead());
  }

  @Test
  public void only_what_was_seen_is_taken_over() throws Exception {
    ClaimRequest first = claim("a");
    ledger().claim(first);
    ClaimRequest second = claim("a");
    Standing.Held held = held(otherLedger().claim(second));
    wallClock.advance(Duration.ofSeconds(1));
    assertTrue(ledger().renew(first));

    held(otherLedger().takeOver(second, held));

    assertTrue(ledger().record(first, DONE));
    assertInstanceOf(Standing.Succeeded.class, otherLedger().takeOver(second, held));
  }

  @Test
  public void a_take_over_whose_answer_was_lost_is_made_again() throws Exception {
    ledger().claim(claim("a"));
    ClaimRequest second = claim("a");
    Standing.Held held = held(otherLedger().claim(second));
    otherLedger().takeOver(second, held);

    assertEquals(new Standing.Mine(2, 1), otherLedger().takeOver(second, held));
    assertEquals(new Standing.Mine(2, 1), otherLedger().claim(second));
  }

  @Test
  public void a_dead_letter_that_is_sent_back_begins_a_new_life() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    ledger().record(claim, FAILED);
    ClaimRequest retry = claim("a");
    ledger().claim(retry);
    assertTrue(ledger().record(retry, DEAD));

    assertEquals(new Standing.Dead(DEAD, 2), otherLedger().claim(claim("a")));
    ClaimRequest sentBack = claim("a", "another message", "body");
    assertEquals(FIRST, otherLedger().claim(sentBack));
    assertTrue(otherLedger().record(sentBack, DONE));
  }

  @Test
  public void a_copy_that_was_sent_before_the_last_attempt_is_no_dead_letter_that_is_sent_back()
      throws Exception {
    long sent = wallClock.millis();
    wallClock.advance(Duration.ofSeconds(61));
    ClaimRequest claim = claim("a", "first", "body", sent);
    ledger().claim(claim);
    assertTrue(ledger().record(claim, DEAD));

    assertEquals(new Standing.Dead(DEAD, 1), otherLedger().claim(claim("a", "copy", "body", sent)));
    assertEquals(FIRST, otherLedger().claim(claim("a", "sent back", "body")));
  }

  @Test
  public void a_message_whose_moment_is_within_the_skew_of_clocks_is_run() throws Exception {
    long sent = wallClock.millis();
    wallClock.advance(Duration.ofSeconds(59));
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    assertTrue(ledger().record(claim, DEAD));

    assertEquals(FIRST, otherLedger().claim(claim("a", "another", "body", sent)));
  }

  @Test
  public void a_job_of_the_same_id_and_another_payload_is_a_stranger() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    assertReused();
    ledger().record(claim, FAILED);
    assertReused();
    ClaimRequest retry = claim("a");
    ledger().claim(retry);
    ledger().record(retry, DEAD);
    assertReused();
    ClaimRequest sentBack = claim("a", "another message", "body");
    ledger().claim(sentBack);
    ledger().record(sentBack, DONE);
    assertReused();
  }

  private void assertReused() throws Exception {
    assertEquals(
        new Standing.Reused(), otherLedger().claim(claim("a", "third message", "other body")));
  }

  @Test
  public void a_payload_that_is_not_known_yet_is_asked_for_when_it_matters() throws Exception {
    ClaimRequest claim = claim("a");
    ClaimRequest unknown = unknown("m-a");
    assertEquals(FIRST, ledger().claim(unknown));
    assertTrue(ledger().record(unknown.with(claim.payload()), DONE));

    assertInstanceOf(Standing.Succeeded.class, otherLedger().claim(unknown("m-a")));
    assertEquals(new Standing.PayloadNeeded(), otherLedger().claim(unknown("other")));
    assertInstanceOf(
        Standing.Succeeded.class, otherLedger().claim(unknown("other").with(claim.payload())));
    assertReused();
  }

  private ClaimRequest unknown(String messageId) {
    ClaimRequest claim = claim("a", messageId, "");
    return claim.with(ClaimRequest.Payload.in("the pointer to " + messageId, 2_000_000));
  }

  @Test
  public void a_result_that_its_queue_refuses_turns_into_a_dead_letter() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    ledger().record(claim, DONE);

    assertFalse(ledger().record(claim, FAILED), "what has succeeded is not run again");
    assertTrue(ledger().record(claim, DEAD));
    assertTrue(ledger().record(claim, DEAD));
    assertEquals(new Standing.Dead(DEAD, 1), otherLedger().claim(claim("a")));
  }

  @Test
  public void finished_records_expire_after_fifteen_days_and_others_never() throws Exception {
    ClaimRequest done = claim("done");
    ledger().claim(done);
    ledger().record(done, DONE);
    ledger().claim(claim("running"));
    wallClock.advance(Duration.ofDays(15));
    assertInstanceOf(Standing.Succeeded.class, otherLedger().claim(claim("done")));
    wallClock.advance(Duration.ofSeconds(2));

    assertEquals(FIRST, otherLedger().claim(claim("done", "new message", "new body")));
    Standing.Held running = held(otherLedger().claim(claim("running")));
    assertTrue(running.left().isNegative());
  }

  @Test
  public void a_job_that_somebody_cancelled_before_it_was_ever_claimed_is_cancelled()
      throws Exception {
    setState("a", "CANCELLED");

    assertEquals(new Standing.Cancelled(), ledger().claim(claim("a")));
    assertEquals(new Standing.Cancelled(), otherLedger().claim(unknown("m-a")));
    assertEquals(FIRST, ledger().claim(claim("b")));
  }

  @Test
  public void a_job_may_be_cancelled_in_any_state() throws Exception {
    for (End end : List.of(DONE, FAILED, DEAD)) {
      ClaimRequest claim = claim(end.toString());
      ledger().claim(claim);
      ledger().record(claim, end);
      setState(end.toString(), "CANCELLED");

      assertEquals(new Standing.Cancelled(), ledger().claim(claim(end.toString())));
    }
    ClaimRequest released = claim("released");
    ledger().claim(released);
    ledger().release(released);
    setState("released", "CANCELLED");
    assertEquals(new Standing.Cancelled(), otherLedger().claim(claim("released")));
  }

  @Test
  public void what_is_cancelled_while_it_runs_is_not_its_workers_any_more() throws Exception {
    assertTakenAwayBy("CANCELLED", new Standing.Cancelled());
  }

  @Test
  public void what_gets_an_unknown_state_while_it_runs_is_not_its_workers_any_more()
      throws Exception {
    assertTakenAwayBy("PAUSED", new Standing.Unknown("PAUSED"));
  }

  private void assertTakenAwayBy(String state, Standing standing) throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    Standing.Held held = held(otherLedger().claim(claim("a")));
    setState("a", state);

    assertFalse(ledger().renew(claim));
    for (End end : List.of(DONE, FAILED, DEAD)) {
      assertFalse(ledger().record(claim, end), end.toString());
    }
    assertFalse(ledger().release(claim));
    assertEquals(standing, ledger().claim(claim), "whoever asks");
    assertEquals(standing, otherLedger().takeOver(claim("a"), held));
  }

  @Test
  public void a_state_that_nobody_knows_is_told_and_left_as_it_is() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    ledger().record(claim, FAILED);
    setState("a", "PAUSED");

    Standing paused = new Standing.Unknown("PAUSED");
    assertEquals(paused, ledger().claim(claim("a")));
    assertEquals(paused, otherLedger().claim(unknown("other")), "no payload is asked for");
    assertEquals(paused, otherLedger().claim(claim("a", "other", "other body")), "nor compared");
    setState("a", "FAILED");
    assertEquals(new Standing.Mine(2, 0), ledger().claim(claim("a")));
  }

  @Test
  public void a_cancelled_record_that_has_expired_is_of_another_life() throws Exception {
    setState("never claimed", "CANCELLED");
    expire("never claimed");
    assertEquals(FIRST, ledger().claim(claim("never claimed")));

    ClaimRequest claim = claim("failed");
    ledger().claim(claim);
    ledger().record(claim, FAILED);
    setState("failed", "CANCELLED");
    expire("failed");
    assertEquals(FIRST, otherLedger().claim(claim("failed")));
  }

  @Test
  public void a_job_whose_record_was_there_before_it_was_sent_is_claimed_as_any_other()
      throws Exception {
    submit("a", "body", null);
    ClaimRequest claim = claim("a");

    assertEquals(FIRST, ledger().claim(claim));
    held(otherLedger().claim(claim("a", "sent again", "body")));
    assertTrue(ledger().record(claim, DONE));
    assertInstanceOf(
        Standing.Succeeded.class, otherLedger().claim(claim("a", "sent again", "body")));
    assertReused();
  }

  @Test
  public void a_job_that_was_sent_twice_under_one_record_is_one_job_whichever_comes_first()
      throws Exception {
    submit("a", "body", null);
    ClaimRequest second = claim("a", "sent again", "body");

    assertEquals(FIRST, otherLedger().claim(second));
    assertTrue(otherLedger().record(second, FAILED));
    assertEquals(new Standing.Mine(2, 0), ledger().claim(claim("a")));
  }

  @Test
  public void a_job_of_another_payload_than_its_record_says_is_a_stranger_and_leaves_it()
      throws Exception {
    submit("a", "body", null);

    assertReused();
    assertEquals(FIRST, ledger().claim(claim("a")));
  }

  @Test
  public void a_payload_in_s3_is_known_by_its_pointer() throws Exception {
    submit("a", "body", "the pointer to m-a");

    assertEquals(new Standing.PayloadNeeded(), ledger().claim(unknown("other")));
    ClaimRequest claim = unknown("m-a");
    assertEquals(FIRST, ledger().claim(claim));
    assertTrue(ledger().record(claim.with(claim("a").payload()), DONE));
    assertInstanceOf(
        Standing.Succeeded.class,
        otherLedger().claim(claim("a", "sent again", "").with(claim.payload())));
  }

  @Test
  public void a_submitted_job_that_is_cancelled_is_not_run() throws Exception {
    submit("a", "body", null);
    setState("a", "CANCELLED");

    assertEquals(new Standing.Cancelled(), ledger().claim(claim("a")));
    assertEquals(new Standing.Cancelled(), otherLedger().claim(claim("a", "again", "body")));
  }

  @Test
  public void of_many_only_one_gets_the_job() throws Exception {
    assertOneGets(() -> ledger().claim(claim("a")), FIRST);
  }

  @Test
  public void of_many_only_one_takes_over() throws Exception {
    ledger().claim(claim("a"));
    Standing.Held held = held(ledger().claim(claim("a")));

    assertOneGets(() -> ledger().takeOver(claim("a"), held), new Standing.Mine(2, 1));
  }

  private static void assertOneGets(Callable<Standing> call, Standing expected) throws Exception {
    List<Standing> standings = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Standing>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(threads.submit(call));
      }
      for (Future<Standing> answer : answers) {
        standings.add(answer.get());
      }
    }
    assertEquals(
        List.of(expected), standings.stream().filter(Standing.Mine.class::isInstance).toList());
    assertEquals(39, standings.stream().filter(Standing.Held.class::isInstance).count());
  }
}
