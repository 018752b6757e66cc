package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Count;
import com.amazonaws.jobprocessor.stats.Counts;
import com.amazonaws.jobprocessor.stats.Outlook;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Spending;

/** Which worker it is, what it does, and the few numbers that most come for. */
final class HeadSection {
  private HeadSection() {}

  static Html of(Snapshot now, Outlook outlook) {
    Snapshot.Who who = now.who();
    return Html.of(
        """
        <section id="head" data-live aria-label="Overview">
        <h1><span class="what">queue</span> <bdi>{}</bdi></h1>
        <p class="who">worker <bdi>{}</bdi>{} · {} · version {} · up {} · as of {}</p>
        <p class="now">{} <span class="limit">What limits it: {}</span></p>
        <dl class="tiles">{}{}{}{}{}{}</dl>
        </section>
        """,
        now.queues().backlog().name(),
        who.workerId(),
        box(who),
        who.region(),
        who.version(),
        Words.duration(now.life().uptime()),
        Words.exactClock(now.at()),
        State.of(now).html(),
        now.trouble().limit().text(),
        waiting(now.queues().backlog()),
        end(now, outlook),
        rate(now),
        slots(now.slots()),
        failed(now.counts()),
        cost(now));
  }

  private static Html box(Snapshot.Who who) {
    return who.instanceType() == null
        ? Html.NOTHING
        : Html.of(" · {}{}", who.instanceType(), who.spot() ? " spot" : "");
  }

  private static Html tile(String name, Object value, Object detail) {
    return Html.of("<div><dt>{}</dt><dd>{} <small>{}</small></dd></div>\n", name, value, detail);
  }

  private static Html waiting(Snapshot.Depth backlog) {
    QueueGauge.Reading reading = backlog.reading();
    return reading == null
        ? tile("Waiting", "?", "SQS has not told yet")
        : tile(
            "Waiting",
            Words.count(reading.waiting()),
            Words.count(reading.inFlight()) + " in flight");
  }

  private static Html end(Snapshot now, Outlook outlook) {
    return outlook
        .emptyIn()
        .map(
            span ->
                tile(
                    "Empty at about",
                    Words.clock(now.at().plus(span.about()), now.at()),
                    "in " + Words.roughly(span.about())))
        .orElseGet(() -> tile("Backlog", OutlookSection.trend(outlook), trendDetail(outlook)));
  }

  private static String trendDetail(Outlook outlook) {
    return switch (outlook.trend()) {
      case GROWING -> "by about " + Words.rate(-outlook.drained(), "messages");
      case STEADY -> "as many come as are done";
      case UNKNOWN -> "no trend yet";
      case OLD -> "SQS does not tell";
      case EMPTY, SHRINKING -> "";
    };
  }

  private static Html rate(Snapshot now) {
    double perSecond = now.jobs().history().jobsPerSecond();
    boolean slow = perSecond > 0 && perSecond < 0.1;
    return tile(
        slow ? "Jobs a minute" : "Jobs a second",
        Words.number(slow ? perSecond * 60 : perSecond),
        Words.count(now.counts().jobs()) + " since the start");
  }

  private static Html slots(Snapshot.Slots slots) {
    Snapshot.Load load = slots.load();
    return tile(
        "Slots busy",
        (load == null ? "0" : Words.count(load.running())) + " of " + Words.count(slots.count()),
        Words.percent(slots.busyShare()) + " of the last minute");
  }

  private static Html failed(Counts counts) {
    long refused = counts.of(Count.LETTERS_REFUSED);
    return tile(
        "Failed for good",
        Words.count(counts.of(Count.DEAD_LETTERED)),
        Words.count(counts.of(Count.RETRIED))
            + " tried again"
            + (refused == 0 ? "" : ", " + Words.count(refused, "dead letter") + " refused"));
  }

  private static Html cost(Snapshot now) {
    Spending spending = now.spending().get();
    return spending
        .perMillionJobs(now.counts().jobs())
        .map(
            usd ->
                tile(
                    "A million jobs",
                    Words.dollars(usd),
                    spending.withoutCompute() == null
                        ? "going by those so far"
                        : "without the instance"))
        .orElseGet(() -> tile("A million jobs", "\u2013", "no job has ended yet"));
  }
}
