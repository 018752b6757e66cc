package com.amazonaws.jobprocessor.daemon;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.Problems;
import com.amazonaws.jobprocessor.stats.Snapshot.Problem;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StartProblemsTest {
  private static final Optional<Warning> GONE = Optional.of(new Warning("the bucket is gone"));

  private final SettableClock clock = new SettableClock();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final Problems problems = new Problems();
  private final StartProblems start =
      new StartProblems(problems, new WorkThreads(fatal::add), clock);
  private final AtomicReference<Optional<Warning>> wrong = new AtomicReference<>(GONE);
  private final AtomicInteger looks = new AtomicInteger();

  @AfterEach
  void nothing_is_fatal() {
    assertEquals(List.of(), fatal);
  }

  private void lookAgain() {
    int before = looks.get();
    await().until(() -> clock.waiters() == 1);
    clock.advance(Duration.ofMinutes(3));
    await().until(() -> looks.get() > before);
  }

  private void awaitProblems(Problem... expected) {
    await().until(() -> problems.now().equals(List.of(expected)));
  }

  @Test
  void what_is_mended_is_no_problem_any_more() throws Exception {
    start.look(
        "bucket",
        () -> {
          looks.incrementAndGet();
          return wrong.get();
        });
    awaitProblems(new Problem("the bucket is gone", ""));

    wrong.set(Optional.of(new Warning("the bucket is far away")));
    lookAgain();
    awaitProblems(new Problem("the bucket is far away", ""));

    wrong.set(Optional.empty());
    lookAgain();
    awaitProblems();
  }

  @Test
  void what_cannot_be_looked_for_is_as_it_was() throws Exception {
    start.look(
        "bucket",
        () -> {
          if (looks.incrementAndGet() == 2) {
            throw new CallFailed(
                Service.S3,
                "ServiceUnavailable",
                "away",
                CallFailed.Kind.UNKNOWN,
                true,
                new IllegalStateException());
          }
          return wrong.get();
        });
    lookAgain();
    await().until(() -> clock.waiters() == 1);
    assertEquals(1, problems.now().size());

    wrong.set(Optional.empty());
    lookAgain();
    awaitProblems();
  }

  @Test
  void what_is_right_is_looked_at_once() throws Exception {
    wrong.set(Optional.empty());
    start.look(
        "bucket",
        () -> {
          looks.incrementAndGet();
          return wrong.get();
        });

    assertEquals(1, looks.get());
    assertEquals(0, clock.waiters());
    assertEquals(List.of(), problems.now());
  }
}
