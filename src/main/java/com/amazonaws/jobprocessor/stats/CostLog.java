package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Price;
import com.amazonaws.jobprocessor.cost.Prices;
import com.amazonaws.jobprocessor.cost.Tariff;
import com.amazonaws.jobprocessor.cost.Usage;
import com.amazonaws.jobprocessor.cost.Usd;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The line that says at the end what the worker has cost, by its own count. */
public final class CostLog {
  private static final Logger log = LoggerFactory.getLogger(CostLog.class);
  private static final int DIGITS = 6;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long MILLION = 1_000_000;

  private final Meters meters;
  private final boolean fifo;
  private final BoxPrices box;

  public CostLog(Meters meters, boolean fifo, BoxPrices box) {
    this.meters = meters;
    this.fifo = fifo;
    this.box = box;
  }

  /** How many calls of SQS were made so far. */
  long calls() {
    return meters.calls();
  }

  /** Logs the estimate for so many jobs, which took the box so long. */
  public void log(long jobs, Duration time) {
    try {
      LoggingEventBuilder line = log.atInfo();
      for (Map.Entry<String, String> field : fields(jobs, time).entrySet()) {
        line = line.addKeyValue(field.getKey(), field.getValue());
      }
      line.log(message());
    } catch (RuntimeException e) {
      log.warn("cannot estimate the cost", e); // no reason for a stop to fail
    }
  }

  private String message() {
    return box.hour().isPresent()
        ? "estimated cost of this worker, in dollars"
        : "estimated cost of this worker, in dollars, compute not included: "
            + box.whyNoHour()
            + "; `bin/sample-client cost` adds it";
  }

  /** The line's fields: the total, then each item of which something was used, then the rest. */
  public Map<String, String> fields(long jobs, Duration time) {
    Bill bill = bill(time);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("jobs", Long.toString(jobs));
    fields.put("usd", bill.total().significant(DIGITS));
    if (jobs > 0) {
      fields.put(
          "usd_per_million_jobs",
          bill.total().times(BigDecimal.valueOf(MILLION)).dividedBy(jobs).significant(DIGITS));
    }
    for (Bill.Line line : bill.lines()) {
      fields.put(line.item().key() + "_usd", line.cost().significant(DIGITS));
    }
    putFill(fields, "receive_fill", Request.RECEIVE);
    putFill(fields, "send_fill", Request.SEND);
    putFill(fields, "delete_fill", Request.DELETE);
    bill.dominant()
        .ifPresent(kind -> fields.put("dominated_by", kind.name().toLowerCase(Locale.ROOT)));
    Prices prices = box.prices();
    fields.put("prices", prices.region() + "@" + prices.asOf());
    return fields;
  }

  /** As the options of {@code bin/sample-client cost} have it. */
  private void putFill(Map<String, String> fields, String name, Request request) {
    double fill = meters.requests().fill(request);
    if (fill > 0) {
      fields.put(name, Double.toString(Math.round(10 * fill) / 10.0));
    }
  }

  /**
   * What was used so far, priced, and what of it was wasted.
   *
   * @param busyShare how great a part of the slots' time had a job, 0 to 1
   */
  Spending spending(Duration time, double busyShare) {
    Bill bill = bill(time);
    Map<Request, Requests.Sums> byKind = new EnumMap<>(Request.class);
    for (Request request : Request.values()) {
      byKind.put(request, meters.requests().of(request));
    }
    Spending.Calls calls =
        new Spending.Calls(
            meters.othersAnswered().getAsLong(), meters.othersFailed().getAsLong(), byKind);
    return new Spending(
        bill,
        calls,
        waste(bill, byKind, 1 - busyShare),
        box.hour().orElse(null),
        box.hour().isPresent() ? null : box.whyNoHour(),
        box.prices().asOf());
  }

  private Spending.Waste waste(Bill bill, Map<Request, Requests.Sums> byKind, double idleShare) {
    Requests.Sums receives = Objects.requireNonNull(byKind.get(Request.RECEIVE));
    long spared = 0;
    for (Requests.Sums sums : byKind.values()) {
      spared += sums.spared();
    }
    Usd request = new Usd(box.prices().one(fifo ? Price.SQS_FIFO : Price.SQS_STANDARD));
    return new Spending.Waste(
        idleShare,
        bill.total(Item.Kind.COMPUTE).times(BigDecimal.valueOf(idleShare)),
        receives.empty(),
        request.times(BigDecimal.valueOf(receives.empty())),
        request.times(BigDecimal.valueOf(spared)));
  }

  /** What was used so far, the box for so long included, priced. */
  public Bill bill(Duration time) {
    Prices prices = box.prices();
    Usage usage = meters.usage();
    Optional<BigDecimal> hour = box.hour();
    if (hour.isEmpty()) {
      return Bill.of(usage, new Tariff(prices, fifo, Tariff.NO_BOX));
    }
    BigDecimal hours =
        BigDecimal.valueOf(time.toMillis())
            .divide(BigDecimal.valueOf(HOUR_MILLIS), MathContext.DECIMAL128);
    return Bill.of(
        usage.plus(Item.INSTANCE, hours),
        new Tariff(prices, fifo, new Tariff.Box(hour.get(), 0, false)));
  }
}
