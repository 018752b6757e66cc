package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadLetterWatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Letters of the jobs 1 to n; those behind a few are there for all receivers together only. */
  private static final class Letters implements Backlog {
    private final int count;
    private final AtomicInteger given = new AtomicInteger();
    private final CyclicBarrier together = new CyclicBarrier(DeadLetterLook.RECEIVERS);
    final AtomicInteger shown = new AtomicInteger();

    Letters(int count) {
      this.count = count;
    }

    @Override
    public String name() {
      return "dead";
    }

    @Override
    public List<Delivery> receive(int max, Duration wait, Duration lease)
        throws CallFailed, InterruptedException {
      int from = given.getAndAdd(max);
      if (from >= DeadLetterLook.FEW && from < count) {
        meet();
      }
      List<Delivery> letters = new ArrayList<>();
      for (int i = from + 1; i <= Math.min(count, from + max); i++) {
        letters.add(
            new Delivery(
                "m" + i, "handle" + i, "body", Map.of("job_id", Attribute.of("job-" + i)), 1));
      }
      return letters;
    }

    private void meet() throws CallFailed, InterruptedException {
      try {
        together.await(20, TimeUnit.SECONDS);
      } catch (java.util.concurrent.BrokenBarrierException
          | java.util.concurrent.TimeoutException e) {
        throw new CallFailed("Alone", "no others receive", CallFailed.Kind.REFUSED, e);
      }
    }

    @Override
    public List<Answer> changeVisibility(List<VisibilityChange> changes) {
      shown.addAndGet(changes.size());
      return Collections.nCopies(changes.size(), Answer.ACCEPTED);
    }

    @Override
    public List<Answer> delete(List<String> receiptHandles) {
      throw new AssertionError("dead letters stay");
    }
  }

  private final List<String> said = new CopyOnWriteArrayList<>();

  private DeadLetterWatch watch(Backlog queue, Set<String> ids, DeadLetterWatch.Listener listener) {
    return new DeadLetterWatch(queue, ids, new Stop(), said::add, listener);
  }

  /** One receiver was at the end of its time before it came to the last of many letters. */
  @Test
  void a_large_queue_is_looked_through_by_several_receivers_that_show_all_again() {
    int many = DeadLetterLook.FEW + 10 * DeadLetterLook.RECEIVERS;
    Letters letters = new Letters(many);
    CompletableFuture<String> last = new CompletableFuture<>();

    try (DeadLetterWatch _ =
        watch(letters, Set.of("job-" + many), (id, _, _) -> last.complete(id))) {
      await().atMost(PATIENCE).until(last::isDone);
      assertEquals("job-" + many, last.join());
    }

    assertEquals(List.of(), said);
    assertEquals(many, letters.shown.get());
  }

  @Test
  void what_was_found_is_handed_on_once() {
    try (DeadLetterWatch watch = watch(new Letters(3), Set.of("job-1", "job-3"), (_, _, _) -> {})) {
      List<String> found = new ArrayList<>();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                watch.news().forEach(one -> found.add(one.jobId() + " " + one.error()));
                return found.size() == 2;
              });
      assertEquals(List.of("job-1 (without an error)", "job-3 (without an error)"), found);
      assertEquals(List.of(), watch.news());
    }
  }

  /** As a log of jobs does when its disk is full. */
  @Test
  void what_the_listener_cannot_do_ends_the_wait() {
    UserError full = new UserError("--joblog: cannot write \"log\": No space left on device");
    Letters letters = new Letters(3);
    try (DeadLetterWatch watch =
        watch(
            letters,
            Set.of("job-2"),
            (_, _, _) -> {
              throw full;
            })) {
      await().atMost(PATIENCE).until(() -> letters.shown.get() == 3);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertEquals(full, assertThrows(UserError.class, watch::news)));
    }
    assertTrue(said.isEmpty(), said::toString);
  }
}
