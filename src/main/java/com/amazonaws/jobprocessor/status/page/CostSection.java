package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Spending;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;

/** What the worker has used so far, in dollars, and what of that did nothing. */
final class CostSection {
  private CostSection() {}

  static Html of(Snapshot now) {
    Spending spending = now.spending().get();
    long jobs = now.counts().jobs();
    return Html.of(
        """
        <section id="cost" data-live aria-labelledby="cost-title">
        <h2 id="cost-title">Cost</h2>
        <p><strong>{}</strong> so far{}; {} to SQS{}.</p>
        {}<table>
        <caption>What it was for</caption>
        <thead><tr><th scope="col">Item</th><th scope="col" class="n">Used</th><th scope="col" class="n">Dollars</th></tr></thead>
        <tbody>{}</tbody></table>
        <table>
        <caption>Of that, waste</caption>
        <thead><tr><th scope="col">What</th><th scope="col" class="n">How much</th><th scope="col" class="n">Dollars</th></tr></thead>
        <tbody>{}</tbody></table>
        <p class="note">Estimated by this worker from what it did, at prices of {}.</p>
        </section>
        """,
        Words.dollars(spending.bill().total()),
        spending
            .perMillionJobs(jobs)
            .map(
                usd ->
                    Html.of(
                        " for {}, which is {} a million",
                        Words.count(jobs, "job"),
                        Words.dollars(usd)))
            .orElse(Html.of(", before the first job has ended")),
        Words.count(spending.calls().all(), "request"),
        jobs == 0 ? "" : ", " + perJob(spending.requestsAJob(jobs)) + " a job",
        withoutCompute(spending),
        Html.each(spending.bill().lines(), CostSection::item),
        waste(spending),
        spending.pricesAsOf());
  }

  private static String perJob(double requests) {
    return new BigDecimal(requests).round(new MathContext(2)).toPlainString();
  }

  private static Html withoutCompute(Spending spending) {
    return spending.withoutCompute() == null
        ? Html.NOTHING
        : Html.of(
            "<p class=\"note\">The instance is not included: {}.</p>\n", spending.withoutCompute());
  }

  private static Html item(Bill.Line line) {
    return row(line.item().label(), quantity(line), Words.dollars(line.cost()));
  }

  private static String quantity(Bill.Line line) {
    double quantity = line.quantity().doubleValue();
    String unit = line.item().unit();
    if (unit.equals("hours")) {
      return Words.duration(Duration.ofSeconds(Math.round(quantity * 3_600)));
    }
    return Words.number(quantity) + " " + (quantity == 1 ? unit.replaceFirst("s$", "") : unit);
  }

  private static Html waste(Spending spending) {
    Spending.Waste waste = spending.waste();
    Spending.Calls calls = spending.calls();
    return Html.of(
        "{}{}{}",
        row(
            "Idle slots",
            Words.percent(waste.idleShare()) + " of their time",
            spending.withoutCompute() == null ? Words.dollars(waste.idle()) : "?"),
        row("Empty receives", Words.count(waste.emptyReceives()), Words.dollars(waste.empty())),
        row("Batches that were not full", fill(calls), Words.dollars(waste.partFull())));
  }

  private static String fill(Spending.Calls calls) {
    if (calls.fill(Request.RECEIVE) == 0) {
      return "none yet";
    }
    return "of 10: received %s, sent %s, deleted %s"
        .formatted(
            Words.number(calls.fill(Request.RECEIVE)),
            Words.number(calls.fill(Request.SEND)),
            Words.number(calls.fill(Request.DELETE)));
  }

  private static Html row(String name, String quantity, String dollars) {
    return Html.of(
        "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        name,
        quantity,
        dollars);
  }
}
