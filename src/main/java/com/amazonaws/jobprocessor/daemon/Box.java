package com.amazonaws.jobprocessor.daemon;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The machine that the worker runs on, as far as a bill is concerned.
 *
 * @param workerId the instance id; elsewhere host name and process id
 * @param type the instance's type, if it is known
 * @param spot whether it is a spot instance
 */
record Box(String workerId, @Nullable String type, boolean spot, PriceFile prices) {
  private static final String TYPE = "[a-z][a-z0-9-]{0,20}\\.[a-z0-9-]{1,20}";

  /** What the machine says of itself, and the prices that its home has. */
  static Box of(Instance instance, Home home) throws InterruptedException {
    String workerId = instance.workerId();
    String type = instance.type().filter(name -> name.matches(TYPE)).orElse(null);
    return new Box(
        workerId, type, type != null && instance.isSpot(), PriceFile.open(home.prices()));
  }

  /** Dollars an hour for the instance, if they are known. */
  Optional<BigDecimal> hour() {
    if (type == null) {
      return Optional.empty();
    }
    return spot ? prices.prices().spot(type) : prices.prices().instance(type);
  }

  /** Why there is no {@link #hour}, and what helps. */
  String whyNoHour() {
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
