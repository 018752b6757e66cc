package com.amazonaws.jobprocessor.boss.plan;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Forecast;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Packs;
import com.amazonaws.jobprocessor.cost.Usage;
import com.amazonaws.jobprocessor.cost.Workload;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What work costs, item by item: the time of its boxes, and what SQS and the job table bill for its
 * tasks, by the same arithmetic as {@code sample-client cost}.
 *
 * @param terms of a box
 * @param jobTable true if the workers have one
 */
public record WorkCost(BoxTerms terms, boolean jobTable) {
  private static final int DIGITS = 12;
  private static final double MIN_SECONDS = 0.0001;
  private static final double MILLIS = 1_000;

  /** A task of more than twelve hours has lost its lease (Workload.Pace allows no more). */
  private static final double MAX_SECONDS = 43_140;

  /** Bytes of a payload and of a result: requests are billed by 64 KiB, so it hardly matters. */
  private static final long BYTES = 1_024;

  /** A worker's default of expected_job_execution_time_in_secs. */
  private static final BigDecimal EXPECTED_SECONDS = BigDecimal.valueOf(30);

  /**
   * The bill for work.
   *
   * @param boxSeconds of all boxes together
   * @param tasks that are worked on
   * @param meanSeconds of a task; 0 if there is none
   */
  public Bill of(double boxSeconds, long tasks, double meanSeconds) {
    Usage usage = terms.usage(boxSeconds);
    if (tasks > 0) {
      Usage million = Forecast.of(workload(meanSeconds));
      for (Item item : Item.values()) {
        if (item.kind() == Item.Kind.REQUESTS || item.kind() == Item.Kind.TABLE) {
          usage = usage.plus(item, share(million.of(item), tasks));
        }
      }
    }
    return Bill.of(usage, terms.tariff());
  }

  private static BigDecimal share(BigDecimal million, long tasks) {
    return million
        .multiply(BigDecimal.valueOf(tasks))
        .divide(BigDecimal.valueOf(Forecast.JOBS), DIGITS, RoundingMode.HALF_UP);
  }

  private Workload workload(double meanSeconds) {
    double seconds = Math.clamp(meanSeconds, MIN_SECONDS, MAX_SECONDS);
    Workload.Pace pace =
        new Workload.Pace(
            BigDecimal.valueOf(seconds).setScale(4, RoundingMode.HALF_UP),
            EXPECTED_SECONDS,
            terms.slots(),
            BigDecimal.ZERO);
    int jobs = PackSize.jobs(seconds * MILLIS);
    Packs packs = Packs.expected(BigDecimal.valueOf(jobs), pace);
    return new Workload(
        new Workload.Messages(BYTES, BYTES, false, packs),
        pace,
        Workload.Batches.expected(pace, false, packs),
        new Workload.Stores(jobTable, BYTES, BigDecimal.ZERO, 1, BigDecimal.ZERO),
        new Workload.Traffic(BigDecimal.ZERO, BigDecimal.ZERO),
        true);
  }
}
