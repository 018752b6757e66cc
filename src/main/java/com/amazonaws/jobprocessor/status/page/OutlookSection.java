package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.stats.MoreBoxes;
import com.amazonaws.jobprocessor.stats.Outlook;
import com.amazonaws.jobprocessor.stats.Outlook.Span;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Spending;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When the backlog will be empty, with the boxes that there are and with more of them. */
final class OutlookSection {
  private OutlookSection() {}

  static String trend(Outlook outlook) {
    return switch (outlook.trend()) {
      case UNKNOWN, OLD -> "\u2013";
      case EMPTY -> "empty";
      case SHRINKING -> "shrinking";
      case STEADY -> "steady";
      case GROWING -> "growing";
    };
  }

  static Html of(Snapshot now, Outlook outlook) {
    return Html.of(
        "<p>{}{}</p>\n{}", forecast(now, outlook), score(outlook.score()), moreBoxes(now, outlook));
  }

  private static Html forecast(Snapshot now, Outlook outlook) {
    return switch (outlook.trend()) {
      case UNKNOWN -> Html.of("When it will be empty is not known yet: that takes half a minute.");
      case OLD ->
          Html.of(
              "When it will be empty is not known: SQS has not told for {} how many messages there are.",
              Words.wholeSeconds(outlook.age()));
      case EMPTY -> Html.of("The backlog is empty.");
      case STEADY -> Html.of("The backlog is steady: about as many messages come in as are done.");
      case GROWING ->
          Html.of(
              "The backlog is <strong>growing</strong> by about {}.",
              Words.rate(-outlook.drained(), "messages"));
      case SHRINKING ->
          outlook
              .emptyIn()
              .map(
                  span ->
                      Html.of(
                          "The backlog will be empty at about <strong>{}</strong>, {}; it shrinks by {}.",
                          Words.clock(now.at().plus(span.about()), now.at()),
                          range(span, now.at()),
                          Words.rate(outlook.drained(), "messages")))
              .orElse(Html.NOTHING);
    };
  }

  private static Html range(Span span, Instant now) {
    return Words.clocks(now.plus(span.soonest()), now.plus(span.latest()), now);
  }

  private static Html score(Outlook.Score score) {
    return score.isKnown()
        ? Html.of(
            " Of {} such forecasts in the last hour, checked five minutes later, half were within {}.",
            score.forecasts(),
            Words.percent(score.median()))
        : Html.NOTHING;
  }

  private static Html moreBoxes(Snapshot now, Outlook outlook) {
    Optional<MoreBoxes.NewBox> box = MoreBoxes.NewBox.like(now);
    List<MoreBoxes> all = box.map(like -> MoreBoxes.of(outlook, like)).orElse(List.of());
    if (box.isEmpty() || all.isEmpty()) {
      return outlook.trend() == Outlook.Trend.SHRINKING && box.isPresent()
          ? Html.of("<p class=\"note\">More boxes would not help: they take longer to boot.</p>")
          : Html.NOTHING;
    }
    return Html.of(
        """
        <table>
        <caption>With more boxes like this one, started now</caption>
        <thead><tr><th scope="col" class="n">Boxes</th><th scope="col">Empty at about</th><th scope="col">Range</th>\
        <th scope="col" class="n">They cost</th></tr></thead>
        <tbody>{}</tbody></table>
        <p class="note">{}</p>
        """,
        Html.each(all, more -> row(more, now.at())),
        how(now, box.get()));
  }

  private static Html row(MoreBoxes more, Instant now) {
    return Html.of(
        "<tr><th scope=\"row\" class=\"n\">+{}</th><td>{} <small>in {}</small></td><td>{}</td><td class=\"n\">{}</td></tr>\n",
        Words.count(more.boxes()),
        Words.clock(now.plus(more.done().about()), now),
        Words.roughly(more.done().about()),
        range(more.done(), now),
        more.dollars() == null ? "?" : Words.dollars(more.dollars()));
  }

  private static Html how(Snapshot now, MoreBoxes.NewBox box) {
    Duration boot = now.who().bootTime();
    Spending spending = now.spending().get();
    boolean fifo = now.queues().backlog().name().endsWith(".fifo");
    return Html.of(
        "Each is taken to do {}, as this one does, and to need {} to boot{}.{}{}",
        Words.rate(box.jobsPerSecond(), "jobs"),
        Words.duration(box.boot()),
        boot == null ? ", a guess" : ", as this one did",
        spending.withoutCompute() == null
            ? Html.NOTHING
            : Html.of(" What they cost is not known: {}.", spending.withoutCompute()),
        fifo
            ? " In a FIFO queue they help only as far as other message groups wait for them."
            : "");
  }
}
