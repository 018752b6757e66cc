package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.api.Costs;
import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.store.WorkRun;
import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Usd;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first estimate of each run, and what it actually cost. */
final class CostPages {
  private static final int ROWS = 30;
  private static final double HOUR = 3_600;

  private final Costs costs;

  CostPages(Costs costs) {
    this.costs = costs;
  }

  List<Route> routes() {
    return List.of(Route.page("/costs", this::list), Route.page("/costs/{id}", this::one));
  }

  /**
   * A run with its bills.
   *
   * @param estimated by its first plan; null if there was none
   */
  record Shown(WorkRun run, @Nullable Bill estimated, Bill actual) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    String estimate() {
      return estimated == null ? "not known" : dollars(estimated.total());
    }

    /** How much more or less it was, such as {@code +4 %}; empty if nobody can tell yet. */
    String difference() {
      if (estimated == null || estimated.total().isZero() || run.isPresent()) {
        return "";
      }
      BigDecimal percent =
          actual.total().ratioTo(estimated.total()).multiply(HUNDRED).subtract(HUNDRED);
      BigDecimal whole = percent.setScale(0, RoundingMode.HALF_UP);
      String sign = whole.signum() > 0 ? "+" : whole.signum() < 0 ? "\u2212" : "";
      return sign + whole.abs().toPlainString() + " %";
    }

    /** How much later or earlier it was done than the first plan said; empty if nobody can tell. */
    String late() {
      WorkRun.Planned planned = run.planned();
      Instant done = run.doneAt();
      if (planned == null || done == null) {
        return "";
      }
      Duration late = Duration.between(planned.doneAt(), done);
      return Words.duration(late.abs()) + (late.isNegative() ? " earlier" : " later");
    }

    String state() {
      if (run.isPresent()) {
        return "goes on";
      }
      Long left = run.leftAtEnd();
      return left == null || left == 0 ? "done" : Words.count(left) + " left";
    }

    /** A line for each item that either bill has. */
    List<Line> lines() {
      List<Line> lines = new ArrayList<>();
      for (Item item : Item.values()) {
        Optional<Bill.Line> said = Optional.ofNullable(estimated).flatMap(bill -> find(bill, item));
        Optional<Bill.Line> came = find(actual, item);
        if (said.isPresent() || came.isPresent()) {
          lines.add(
              new Line(
                  item,
                  said.map(Shown::quantity).orElse(""),
                  said.map(line -> dollars(line.cost())).orElse(""),
                  came.map(Shown::quantity).orElse(""),
                  came.map(line -> dollars(line.cost())).orElse("")));
        }
      }
      return lines;
    }

    private static Optional<Bill.Line> find(Bill bill, Item item) {
      return bill.lines().stream().filter(line -> line.item() == item).findFirst();
    }

    private static String quantity(Bill.Line line) {
      return Words.number(line.quantity().doubleValue()) + " " + line.item().unit();
    }

    static String hours(double seconds) {
      return Words.number(seconds / HOUR);
    }
  }

  /** An item of the two bills, as people read it. */
  record Line(
      Item item,
      String estimatedQuantity,
      String estimated,
      String actualQuantity,
      String actual) {}

  /** Such as {@code $1.23}; less than a cent with two digits that count. */
  static String dollars(Usd amount) {
    boolean cents = amount.isZero() || amount.amount().doubleValue() >= 0.01;
    return "$" + (cents ? amount.rounded(2) : amount.significant(2));
  }

  private Shown shown(WorkRun run) {
    return new Shown(run, costs.estimated(run).orElse(null), costs.actual(run));
  }

  private void list(Visit visit) {
    String after = visit.query("after");
    boolean first = !after.matches("[1-9][0-9]{0,17}");
    List<WorkRun> found =
        costs.runs().before(first ? Long.MAX_VALUE : Long.parseLong(after), ROWS + 1);
    boolean more = found.size() > ROWS;
    List<Shown> shown = (more ? found.subList(0, ROWS) : found).stream().map(this::shown).toList();
    Outlook outlook = costs.outlooks().get();
    visit.show(
        "Costs",
        "costs.jte",
        Map.of(
            "outlook", outlook,
            "runs", shown,
            "first", first,
            "next", more ? "/costs?after=" + shown.getLast().run().id() : ""));
  }

  private void one(Visit visit) {
    long id = visit.id("run");
    WorkRun run = costs.runs().find(id).orElseThrow(() -> Refused.notFound("run " + id));
    visit.show("Run " + id, "cost.jte", Map.of("shown", shown(run)));
  }
}
