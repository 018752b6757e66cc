package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Usd;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has used so far, priced.
 *
 * @param bill item by item, the box included if its price is known
 * @param boxHour dollars an hour for the box; null if its price is not known
 * @param withoutCompute why the box is not on the bill, and what helps; null if it is
 * @param pricesAsOf none of the prices is older, a date by ISO 8601
 */
public record Spending(
    Bill bill,
    Calls calls,
    Waste waste,
    @Nullable BigDecimal boxHour,
    @Nullable String withoutCompute,
    String pricesAsOf) {
  private static final long MILLION = 1_000_000;

  /** Dollars for a million jobs, if so many have ended and that is any. */
  public Optional<Usd> perMillionJobs(long jobs) {
    return jobs == 0
        ? Optional.empty()
        : Optional.of(bill.total().times(BigDecimal.valueOf(MILLION)).dividedBy(jobs));
  }

  /** Requests to SQS for each job, if so many have ended; 0 if that is none. */
  public double requestsAJob(long jobs) {
    return jobs == 0 ? 0 : (double) calls.all() / jobs;
  }

  /**
   * Requests to SQS. None of the numbers ever becomes smaller: they are counters of the metrics.
   *
   * @param othersAnswered those not for messages, such as GetQueueAttributes, that were answered
   *     with success
   * @param othersFailed those not for messages that were not
   * @param byKind those for messages
   */
  public record Calls(long othersAnswered, long othersFailed, Map<Request, Requests.Sums> byKind) {
    /** Copies the sums. */
    public Calls {
      byKind = Map.copyOf(byKind);
    }

    /** Messages a request of this kind, those that carried none left out; 0 without a request. */
    public double fill(Request kind) {
      Requests.Sums sums = byKind.get(kind);
      return sums == null ? 0 : sums.fill();
    }

    /** All of them. */
    public long all() {
      return others() + byKind.values().stream().mapToLong(Requests.Sums::made).sum();
    }

    /** Those not for messages. */
    public long others() {
      return othersAnswered + othersFailed;
    }
  }

  /**
   * What was paid for and did nothing.
   *
   * @param idleShare of the slots' time since the start that had no job, 0 to 1
   * @param idle what that makes of the box's price; zero if it is not known
   * @param emptyReceives receives that brought nothing
   * @param empty what they cost
   * @param partFull what the requests cost that full batches would have saved
   */
  public record Waste(double idleShare, Usd idle, long emptyReceives, Usd empty, Usd partFull) {}
}
