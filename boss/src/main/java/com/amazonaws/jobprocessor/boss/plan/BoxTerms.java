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
    BigDecimal hours =
        BigDecimal.valueOf(boxes)
            .multiply(BigDecimal.valueOf(Math.max(MIN_SECONDS, seconds)))
            .divide(HOUR, DIGITS, RoundingMode.HALF_UP);
    Usage usage =
        Usage.NONE.plus(Item.INSTANCE, hours).plus(Item.DISK, hours).plus(Item.ADDRESS, hours);
    return Bill.of(usage, tariff).total();
  }
}
