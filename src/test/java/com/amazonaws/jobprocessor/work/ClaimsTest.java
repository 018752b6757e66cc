package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.InMemoryPayloads;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final SettableClock clock = new SettableClock();
  private final Outage outage = new Outage(clock);
  private final WorkThreads threads = new WorkThreads(_ -> {});
  private final InMemoryPayloads payloads = new InMemoryPayloads("payloads");
  private final PayloadStore store = new PayloadStore(payloads, clock, outage, threads);

  /** A table that answers a claim, and a take-over, as it is told. */
  private record Scripted(Standing claimed, Standing takenOver) implements JobTable {
    @Override
    public String name() {
      return "table";
    }

    @Override
    public Standing claim(ClaimRequest claim) {
      return claimed;
    }

    @Override
    public Standing takeOver(ClaimRequest claim, Standing.Held held) {
      return takenOver;
    }

    @Override
    public boolean renew(ClaimRequest claim) {
      return false;
    }

    @Override
    public boolean record(ClaimRequest claim, End end) {
      return false;
    }

    @Override
    public boolean release(ClaimRequest claim) {
      return false;
    }
  }

  private Claims claims(JobTable.Standing claimed, JobTable.Standing takenOver) {
    return new Claims(
        new Scripted(claimed, takenOver), store, 1L << 28, LEASE, clock, outage, threads);
  }

  private Job pointerJob() {
    Delivery delivery =
        new Delivery(
            "m", "h", payloads.store("job"), PayloadPointer.mark(new LinkedHashMap<>(), 3), 1);
    return new Job(delivery, new Lease(clock.nanoTime(), LEASE), 1, clock.nanoTime());
  }

  private static final JobTable.Standing NEEDED = new JobTable.Standing.PayloadNeeded();

  /** Its owner was taken for dead, and recorded its end before the take-over came. */
  @Test
  void a_job_that_ends_while_it_is_taken_over_goes_back() throws Exception {
    Claims claims = claims(new JobTable.Standing.Held("v", LEASE, Duration.ofSeconds(-1)), NEEDED);

    assertEquals(
        new Outcome.GivenBack("another worker has just ended it", Duration.ofSeconds(2)),
        claims.claim(pointerJob()));
  }

  @Test
  void that_the_bucket_is_away_is_no_failure_of_the_table() throws Exception {
    payloads.failNext(
        new CallFailed("Away", "", CallFailed.Kind.UNKNOWN, new IllegalStateException()));
    Claims claims = claims(NEEDED, NEEDED);
    Job job = pointerJob();

    assertEquals(
        new Outcome.GivenBack("the payload bucket does not answer", Duration.ofSeconds(5)),
        claims.claim(job));
    assertTrue(claims.nanosAway(clock.nanoTime()) <= 0);
    assertEquals(null, job.hold(), "nothing is to be released");
  }

  /** Whatever sends back a bucket of large dead letters would fill the heap otherwise. */
  @Test
  void payloads_that_are_fetched_for_claims_share_their_room() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    AtomicInteger fetching = new AtomicInteger();
    Payloads slow =
        new Payloads() {
          @Override
          public String fetch(String pointer) throws InterruptedException {
            fetching.incrementAndGet();
            letGo.await();
            return "job";
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
        };
    Claims claims =
        new Claims(
            new Scripted(NEEDED, NEEDED),
            new PayloadStore(slow, clock, outage, threads),
            2 * 3 * 1024 * 1024, // for two payloads of less than a mebibyte
            LEASE,
            clock,
            outage,
            threads);
    List<Thread> claimers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      claimers.add(Thread.ofPlatform().start(() -> claim(claims)));
    }
    await().until(() -> claimers.stream().allMatch(t -> t.getState() == Thread.State.WAITING));

    assertEquals(2, fetching.get());
    letGo.countDown();
    for (Thread claimer : claimers) {
      claimer.join();
    }
    assertEquals(5, fetching.get());
  }

  private void claim(Claims claims) {
    try {
      claims.claim(pointerJob());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
