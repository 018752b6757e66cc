package com.amazonaws.jobprocessor.boss.plan;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Tariff;
import com.amazonaws.jobprocessor.cost.Usage;
import com.amazonaws.jobprocessor.cost.Usd;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * What a box can do and what it costs.
 *
 * @param slots tasks at the same time
 * @param boot from its launch until its worker takes tasks
 * @param tariff what its instance, disk and address cost
 * @param maxBoxes no plan has more
 */
public record BoxTerms(int slots, Duration boot, Tariff tariff, int maxBoxes) {
  private static final BigDecimal HOUR = BigDecimal.valueOf(3_600);
  private static final int DIGITS = 12;

  /** EC2 bills an instance by the second, sixty at least (EC2 on-demand pricing page). */
  private static final double MIN_SECONDS = 60;

  /** What so many boxes cost for so long. */
  public Usd cost(int boxes, double seconds) {
    return Bill.of(usage(boxSeconds(boxes, seconds)), tariff).total();
  }

  /** What so many boxes are paid for, all together, if each is there for so long. */
  public static double boxSeconds(int boxes, double seconds) {
    return boxes * Math.max(MIN_SECONDS, seconds);
  }

  /** What boxes use that are there for so long, all together. */
  Usage usage(double boxSeconds) {
    BigDecimal hours = BigDecimal.valueOf(boxSeconds).divide(HOUR, DIGITS, RoundingMode.HALF_UP);
    return Usage.NONE.plus(Item.INSTANCE, hours).plus(Item.DISK, hours).plus(Item.ADDRESS, hours);
  }
}
