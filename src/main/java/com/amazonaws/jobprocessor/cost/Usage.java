package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How much of each item was used, or will be. */
public final class Usage {
  /** Nothing was used. */
  public static final Usage NONE = new Usage(new EnumMap<>(Item.class));

  private final Map<Item, BigDecimal> quantities;

  private Usage(EnumMap<Item, BigDecimal> quantities) {
    this.quantities = Collections.unmodifiableMap(quantities);
  }

  /** With so much more of the item, in its {@link Item#unit}. */
  public Usage plus(Item item, BigDecimal quantity) {
    EnumMap<Item, BigDecimal> sums = new EnumMap<>(Item.class);
    sums.putAll(quantities);
    sums.merge(item, quantity, BigDecimal::add);
    return new Usage(sums);
  }

  /** With so much more of the item, in its {@link Item#unit}. */
  public Usage plus(Item item, long quantity) {
    return plus(item, BigDecimal.valueOf(quantity));
  }

  /** So many times as much of everything. */
  public Usage times(long factor) {
    EnumMap<Item, BigDecimal> products = new EnumMap<>(Item.class);
    quantities.forEach((item, n) -> products.put(item, n.multiply(BigDecimal.valueOf(factor))));
    return new Usage(products);
  }

  /** Zero if nothing was used of the item. */
  public BigDecimal of(Item item) {
    return quantities.getOrDefault(item, BigDecimal.ZERO);
  }
}
