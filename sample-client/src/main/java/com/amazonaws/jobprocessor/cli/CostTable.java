package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.cost.Advice;
import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Forecast;
import com.amazonaws.jobprocessor.cost.Item.Kind;
import com.amazonaws.jobprocessor.cost.Packs;
import com.amazonaws.jobprocessor.cost.Prices;
import com.amazonaws.jobprocessor.cost.Usd;
import com.amazonaws.jobprocessor.cost.Workload;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints a bill for a million jobs, and what dominates it. */
final class CostTable {
  private static final int PLACES = 4;
  private static final Usd TEN_CENTS = Usd.of("0.10");
  private static final List<Table.Column> COLUMNS =
      List.of(
          Table.Column.of("item"),
          Table.Column.number("a million jobs take"),
          Table.Column.number("dollars"),
          Table.Column.number("share"));

  private final PrintWriter out;

  CostTable(PrintWriter out) {
    this.out = out;
  }

  /** Prints everything. */
  void print(Workload workload, Bill bill, Prices prices, String box) {
    printAssumptions(workload, box);
    out.println();
    printItems(bill);
    out.println();
    Usd total = bill.total();
    out.println(
        "A job costs $"
            + total.dividedBy(Forecast.JOBS).significant(4)
            + ", a million $"
            + cents(total)
            + ".");
    bill.dominant().ifPresent(kind -> printDominant(kind, bill, workload));
    String byKind =
        Arrays.stream(Kind.values())
            .filter(kind -> !bill.total(kind).isZero())
            .map(kind -> kind.label() + " $" + cents(bill.total(kind)))
            .collect(Collectors.joining(", "));
    if (!byKind.isEmpty()) {
      out.println("By kind: " + byKind + ".");
    }
    out.println();
    out.println(
        "Prices: "
            + prices.region()
            + ", none older than "
            + prices.asOf()
            + (prices.overriding() == 0 ? "" : "; " + prices.overriding() + " by --prices")
            + "; free tier not taken off. --print-prices shows them.");
  }

  /** To a cent, or two digits of what is less than ten. */
  private static String cents(Usd amount) {
    return amount.compareTo(TEN_CENTS) < 0 ? amount.significant(2) : amount.rounded(2);
  }

  private void printAssumptions(Workload workload, String box) {
    Workload.Pace pace = workload.pace();
    Workload.Batches batches = workload.batches();
    out.println(
        "A million jobs of "
            + plain(pace.seconds())
            + " s, "
            + pace.slots()
            + " at a time on "
            + box
            + ", idle "
            + plain(pace.idleShare().movePointRight(2))
            + " % of the time;");
    out.println(
        grouped(BigDecimal.valueOf(workload.messages().payloadBytes()))
            + " bytes in, "
            + grouped(BigDecimal.valueOf(workload.messages().resultBytes()))
            + " out; "
            + (workload.messages().fifo() ? "FIFO" : "standard")
            + " queues, "
            + (workload.stores().table() ? "with" : "no")
            + " job table;");
    printPacks(workload.messages().packs());
    out.println(
        "messages a request: receive "
            + shown(batches.receive())
            + ", send "
            + shown(batches.send())
            + ", delete "
            + shown(batches.delete())
            + (workload.clients() ? ", clients " + shown(batches.client()) : "")
            + ".");
  }

  private void printPacks(Packs packs) {
    if (packs.jobs().compareTo(BigDecimal.ONE) > 0) {
      out.println(
          "jobs a message: "
              + shown(packs.jobs())
              + ", results a message: "
              + shown(packs.results())
              + ";");
    }
  }

  private void printItems(Bill bill) {
    Table table = new Table(COLUMNS);
    bill.lines().stream()
        .filter(CostTable::isShown)
        .map(line -> row(bill, line))
        .forEach(table::add);
    table.add(
        List.of("total", "", bill.total().rounded(PLACES), percent(bill.percent(bill.total()))));
    table.print(out, Terminal.NO_LIMIT);
  }

  /** A box without a disk or an address has hours of them all the same. */
  static boolean isShown(Bill.Line line) {
    return line.item().kind() != Kind.COMPUTE || !line.cost().isZero();
  }

  private static List<String> row(Bill bill, Bill.Line line) {
    return List.of(
        line.item().label(),
        shown(line.quantity()) + " " + pad(line.item().unit()),
        line.cost().rounded(PLACES),
        percent(bill.percent(line.cost())));
  }

  /** Units are left-aligned behind numbers that are right-aligned. */
  private static String pad(String unit) {
    return Text.pad(unit, "write units".length());
  }

  private void printDominant(Kind kind, Bill bill, Workload workload) {
    out.println(
        "What dominates: "
            + kind.label()
            + ", "
            + percent(bill.percent(bill.total(kind)))
            + " -- "
            + Advice.on(bill, workload)
            + ".");
  }

  private static String percent(BigDecimal percent) {
    return percent.setScale(1, RoundingMode.HALF_UP).toPlainString() + " %";
  }

  /** Whole numbers from a thousand on, else four digits that count. */
  private static String shown(BigDecimal number) {
    return number.compareTo(BigDecimal.valueOf(1_000)) >= 0
        ? grouped(number)
        : plain(number.round(new MathContext(4, RoundingMode.HALF_UP)));
  }

  private static String grouped(BigDecimal number) {
    return String.format(
        Locale.ROOT, "%,d", number.setScale(0, RoundingMode.HALF_UP).toBigInteger());
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
