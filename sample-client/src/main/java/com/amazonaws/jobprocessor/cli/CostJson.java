package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.cost.Advice;
import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Forecast;
import com.amazonaws.jobprocessor.cost.Item.Kind;
import com.amazonaws.jobprocessor.cost.Prices;
import com.amazonaws.jobprocessor.cost.Tariff;
import com.amazonaws.jobprocessor.cost.Workload;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * A bill as a JSON object on one line: amounts in dollars, for as many jobs as {@code jobs} says.
 */
final class CostJson {
  private CostJson() {}

  static String of(Workload workload, Bill bill, Prices prices, Tariff.Box box) {
    JsonLine line =
        new JsonLine()
            .number("jobs", Forecast.JOBS)
            .number("usd", plain(bill.total().amount()))
            .number("usd_per_job", plain(bill.total().dividedBy(Forecast.JOBS).amount()));
    for (Kind kind : Kind.values()) {
      line.number(kind.name().toLowerCase(Locale.ROOT) + "_usd", plain(bill.total(kind).amount()));
    }
    for (Bill.Line item : bill.lines()) {
      if (CostTable.isShown(item)) {
        line.number(item.item().key() + "_quantity", plain(item.quantity()));
        line.number(item.item().key() + "_usd", plain(item.cost().amount()));
      }
    }
    line.number("usd_per_box_hour", plain(box.hour()))
        .number("jobs_per_message", plain(workload.messages().packs().jobs()))
        .number("results_per_message", plain(workload.messages().packs().results()))
        .number("receive_fill", plain(workload.batches().receive()))
        .number("send_fill", plain(workload.batches().send()))
        .number("delete_fill", plain(workload.batches().delete()));
    bill.dominant()
        .ifPresent(
            kind ->
                line.text("dominant", kind.name().toLowerCase(Locale.ROOT))
                    .text("advice", Advice.on(bill, workload)));
    return line.text("prices_region", prices.region())
        .text("prices_as_of", String.valueOf(prices.asOf()))
        .number("prices_overridden", prices.overriding())
        .end();
  }

  private static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.round(new MathContext(12)).stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
