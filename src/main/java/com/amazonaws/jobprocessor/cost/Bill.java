package com.amazonaws.jobprocessor.cost;

import com.amazonaws.jobprocessor.cost.Item.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a usage costs by a tariff, item by item. */
public final class Bill {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final List<Line> lines;

  private Bill(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /** An item of which something was used. */
  public record Line(Item item, BigDecimal quantity, Usd cost) {}

  /** The bill; items of which nothing was used are not on it. */
  public static Bill of(Usage usage, Tariff tariff) {
    List<Line> lines = new ArrayList<>();
    for (Item item : Item.values()) {
      BigDecimal quantity = usage.of(item);
      if (quantity.signum() != 0) {
        lines.add(new Line(item, quantity, new Usd(quantity.multiply(tariff.one(item)))));
      }
    }
    return new Bill(lines);
  }

  /** In the order of {@link Item}. */
  public List<Line> lines() {
    return lines;
  }

  public Usd total() {
    return sum(_ -> true);
  }

  /** What all items of a kind cost together. */
  public Usd total(Kind kind) {
    return sum(line -> line.item().kind() == kind);
  }

  private Usd sum(Predicate<Line> wanted) {
    return lines.stream().filter(wanted).map(Line::cost).reduce(Usd.ZERO, Usd::plus);
  }

  /** An amount in percent of the total; zero if that is zero. */
  public BigDecimal percent(Usd part) {
    return total().isZero() ? BigDecimal.ZERO : part.ratioTo(total()).multiply(HUNDRED);
  }

  /** The kind that costs most; empty if nothing costs anything. */
  public Optional<Kind> dominant() {
    return Arrays.stream(Kind.values())
        .max(Comparator.comparing(this::total))
        .filter(kind -> !total(kind).isZero());
  }

  /** The dearest item of a kind. */
  Optional<Item> dearest(Kind kind) {
    return lines.stream()
        .filter(line -> line.item().kind() == kind)
        .max(Comparator.comparing(Line::cost))
        .map(Line::item);
  }
}
