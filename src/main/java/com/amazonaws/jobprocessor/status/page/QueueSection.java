package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Count;
import com.amazonaws.jobprocessor.stats.Outlook;
import com.amazonaws.jobprocessor.stats.Snapshot;

/** The three queues, how old what waits is, and where the backlog is going. */
final class QueueSection {
  private QueueSection() {}

  static Html of(Snapshot now, Outlook outlook) {
    Snapshot.Queues queues = now.queues();
    return Html.of(
        """
        <section id="queue" data-live aria-labelledby="queue-title">
        <h2 id="queue-title">Queue</h2>
        <table>
        <thead><tr><th scope="col">Queue</th><th scope="col" class="n">Waiting</th><th scope="col" class="n">In flight</th>\
        <th scope="col" class="n">Delayed</th><th scope="col">As of</th></tr></thead>
        <tbody>{}{}{}</tbody></table>
        <p class="note">Messages, as SQS counts them: approximately. {}</p>
        {}{}{}{}
        {}</section>
        """,
        row("Backlog", queues.backlog()),
        row("Results", queues.results()),
        row("Dead letters", queues.deadLetters()),
        oldest(now),
        jobs(queues),
        noJobs(now, outlook),
        deadLetters(queues.deadLetters()),
        trend(queues),
        OutlookSection.of(now, outlook));
  }

  private static Html row(String role, Snapshot.Depth depth) {
    QueueGauge.Reading reading = depth.reading();
    return Html.of(
        """
        <tr><th scope="row">{} <small><bdi>{}</bdi></small></th><td class="n">{}</td><td class="n">{}</td>\
        <td class="n">{}</td><td class="age">{}</td></tr>
        """,
        role,
        depth.name(),
        reading == null ? "?" : Words.count(reading.waiting()),
        reading == null ? "?" : Words.count(reading.inFlight()),
        reading == null ? "?" : Words.count(reading.delayed()),
        reading == null ? "not yet" : Words.wholeSeconds(depth.age()) + " ago");
  }

  private static Html oldest(Snapshot now) {
    Snapshot.Oldest oldest = now.queues().oldest();
    if (oldest != null) {
      return Html.of(
          "The oldest one received lately had waited for <strong>{}</strong> ({} ago).",
          Words.duration(oldest.age()),
          Words.wholeSeconds(oldest.ago()));
    }
    // Who does not receive, yet or any more, does not know.
    boolean receives =
        now.load() != null && now.life().drainLeft() == null && now.life().drained() == null;
    return receives ? Html.of("The last receive brought nothing.") : Html.NOTHING;
  }

  /** Packs are one message each. */
  private static Html jobs(Snapshot.Queues queues) {
    QueueGauge.Reading reading = queues.backlog().reading();
    if (reading == null || !queues.hasPacks()) {
      return Html.NOTHING;
    }
    long messages = reading.waiting() + reading.inFlight() + reading.delayed();
    return Html.of(
        "<p class=\"note\">Backlog: {} messages × {} jobs, the mean of those received lately: about {} jobs.</p>",
        Words.count(messages),
        Words.number(queues.meanJobs()),
        Words.count(Math.round(messages * queues.meanJobs())));
  }

  private static Html noJobs(Snapshot now, Outlook outlook) {
    boolean none =
        outlook.trend() == Outlook.Trend.EMPTY
            && now.counts().of(Count.RECEIVED) == 0
            && now.load() != null;
    return none
        ? Html.of(
            "<p class=\"empty\">No jobs yet: send one with <code>echo hello | bin/sample-client submit --backlog-queue {}</code></p>",
            now.queues().backlog().name())
        : Html.NOTHING;
  }

  private static Html deadLetters(Snapshot.Depth depth) {
    QueueGauge.Reading reading = depth.reading();
    return reading == null || reading.waiting() == 0
        ? Html.NOTHING
        : Html.of(
            "<p class=\"note\">Look at dead letters with <code>bin/sample-client dead-letters --dead-letter-queue {}</code></p>",
            depth.name());
  }

  private static Html trend(Snapshot.Queues queues) {
    Chart chart = new Chart("Backlog", "messages");
    queues.trend().forEach(sample -> chart.add(sample.ago(), (double) sample.messages()));
    QueueGauge.Reading last = queues.backlog().reading();
    if (last != null) {
      long all = last.waiting() + last.inFlight() + last.delayed();
      chart.add(queues.backlog().age(), (double) all);
    }
    return chart.html("");
  }
}
