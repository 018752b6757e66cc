package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Prices;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the machine that the worker runs on costs.
 *
 * @param type the instance's type, if it is known
 * @param spot whether it is a spot instance
 */
public record BoxPrices(@Nullable String type, boolean spot, PriceFile file) {
  /** The prices of everything. */
  public Prices prices() {
    return file.prices();
  }

  /** Dollars an hour for the instance, if they are known. */
  public Optional<BigDecimal> hour() {
    if (type == null) {
      return Optional.empty();
    }
    return spot ? prices().spot(type) : prices().instance(type);
  }

  /** Why there is no {@link #hour}, and what helps. */
  public String whyNoHour() {
    return type == null
        ? "the instance's type is not known here"
        : "no price of "
            + type
            + ": add "
            + (spot ? "spot." : "instance.")
            + type
            + " to conf/prices.properties";
  }
}
