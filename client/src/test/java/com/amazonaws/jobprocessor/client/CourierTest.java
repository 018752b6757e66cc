package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CourierTest {
  /** Has no memory for the third call. */
  private static final class DiesInTheThirdCall implements OutputQueue {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public String name() {
      return "q";
    }

    @Override
    public List<Answer> send(List<OutgoingMessage> messages) {
      if (calls.incrementAndGet() == 3) {
        throw new OutOfMemoryError("of a test");
      }
      return Collections.nCopies(messages.size(), new Answer.Accepted("m"));
    }
  }

  private static final class Ended implements Courier.Ends {
    final Set<Long> jobs = ConcurrentHashMap.newKeySet();
    private final Runnable onEnd;

    Ended(Runnable onEnd) {
      this.onEnd = onEnd;
    }

    @Override
    public void ended(Ticket ticket, Sender.Outcome outcome, @Nullable CallFailed failure) {
      jobs.add(ticket.job().line());
      onEnd.run();
    }

    @Override
    public @Nullable CallFailed failedBefore(Ticket ticket) {
      return null;
    }
  }

  @Test
  void every_job_has_an_end_if_a_sender_dies_of_an_error() throws Exception {
    Ended ended = new Ended(() -> {});
    Courier courier =
        new Courier(
            new DiesInTheThirdCall(), Packer.none(), false, Duration.ZERO, () -> false, ended);
    Job.Maker jobs = new Job.Maker("q", "p", null, "run", false);
    for (int i = 1; i <= 1000; i++) {
      courier.put(ticket(jobs.job(i, "x")));
    }

    courier.start();
    courier.close();

    assertEquals(1000, ended.jobs.size());
  }

  /** Takes everything. */
  private static final class TakesAll implements OutputQueue {
    @Override
    public String name() {
      return "q";
    }

    @Override
    public List<Answer> send(List<OutgoingMessage> messages) {
      return Collections.nCopies(messages.size(), new Answer.Accepted("m"));
    }
  }

  /** It was forgotten when the courier had not looked yet. */
  @Test
  void what_was_handed_over_is_sent_soon_though_nobody_waits() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    Ended ended = new Ended(first::countDown);
    Courier courier =
        new Courier(new TakesAll(), Packer.none(), false, Duration.ofHours(1), () -> false, ended);
    Job.Maker jobs = new Job.Maker("q", "p", null, "run", false);
    courier.put(ticket(jobs.job(1, "x")));

    courier.sendSoon();
    courier.start();

    assertTrue(first.await(50, TimeUnit.SECONDS), "it lingers");
    courier.put(ticket(jobs.job(2, "x")));
    assertEquals(Set.of(1L), ended.jobs, "what comes later lingers");
    courier.close();
    assertEquals(Set.of(1L, 2L), ended.jobs);
  }

  /** Answers when it is told to. */
  private static final class Slow implements OutputQueue {
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);

    @Override
    public String name() {
      return "q.fifo";
    }

    @Override
    public List<Answer> send(List<OutgoingMessage> messages) throws InterruptedException {
      calls.incrementAndGet();
      begun.countDown();
      letGo.await();
      return Collections.nCopies(messages.size(), new Answer.Accepted("m"));
    }
  }

  @Test
  void one_that_is_cut_begins_no_further_call() throws Exception {
    Slow queue = new Slow();
    Ended ended = new Ended(() -> {});
    Courier courier = new Courier(queue, Packer.none(), true, Duration.ZERO, () -> false, ended);
    Job.Maker jobs = new Job.Maker("q", "p", null, "run", true);
    for (int i = 1; i <= 400; i++) {
      courier.put(ticket(jobs.job(i, "x")));
    }
    courier.start();
    queue.begun.await();

    courier.cut();
    queue.letGo.countDown();
    courier.close();

    assertEquals(1, queue.calls.get());
    assertEquals(400, ended.jobs.size());
  }

  private static Ticket ticket(Job job) {
    return new Ticket(job, null, 1, false, 0, new CompletableFuture<>());
  }
}
