package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.stats.Count;
import com.amazonaws.jobprocessor.stats.Counts;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Snapshot.Running;
import com.amazonaws.jobprocessor.stats.Times;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** What this box does and has done. */
final class BoxSection {
  private static final int MAX_ROWS = 50;
  private static final int MAX_ID = 64;

  /** Jobs come in steps of ten seconds; a mean over some of them is a line, not a saw. */
  private static final int SMOOTH = 3;

  private BoxSection() {}

  static Html of(Snapshot now) {
    return Html.of(
        """
        <section id="box" data-live aria-labelledby="box-title">
        <h2 id="box-title">This box</h2>
        {}{}{}
        {}
        {}
        </section>
        """,
        slots(now.slots()),
        running(now),
        chart(now.jobs().history()),
        counts(now),
        times(now.jobs()));
  }

  private static Html slots(Snapshot.Slots slots) {
    Snapshot.Load load = slots.load();
    if (load == null) {
      return Html.of("<p>{}, none in use yet.</p>\n", Words.count(slots.count(), "slot"));
    }
    return Html.of(
        """
        <p>{} of {} busy, {} of the last minute; {} in hand that {} not settled{}.{}</p>
        <svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" role="img" aria-label="{} of the slots are busy">\
        <rect class="track" width="1000" height="8"/><rect class="fill" width="{}" height="8"/></svg>
        """,
        Words.count(load.running()),
        Words.count(slots.count(), "slot"),
        Words.percent(slots.busyShare()),
        Words.count(load.inFlight(), "message"),
        load.inFlight() == 1 ? "is" : "are",
        load.waitingCalls() == 0
            ? ""
            : ", "
                + Words.count(load.waitingCalls(), "call")
                + (load.waitingCalls() == 1 ? " waiting for its turn" : " waiting for their turn"),
        load.age().compareTo(Duration.ofSeconds(2)) > 0
            ? Html.of(
                " <strong>These numbers are {} old: the worker does not answer.</strong>",
                Words.duration(load.age()))
            : Html.NOTHING,
        Words.percent((double) load.running() / slots.count()),
        1_000L * load.running() / slots.count());
  }

  private static Html running(Snapshot now) {
    Snapshot.Load load = now.load();
    List<Running> jobs = load == null ? List.of() : load.jobs();
    if (jobs.isEmpty()) {
      return Html.of("<p class=\"empty\">No job runs at the moment.</p>\n");
    }
    List<Running> oldest =
        jobs.stream()
            .sorted(Comparator.comparing(Running::age).reversed())
            .limit(MAX_ROWS)
            .toList();
    return Html.of(
        """
        <table class="stack">
        <caption>Running jobs{}</caption>
        <thead><tr><th scope="col">Job</th><th scope="col" class="n">Attempt</th><th scope="col" class="n">For</th>\
        <th scope="col" class="n">Lease renewed</th><th scope="col"><span class="unseen">Remark</span></th></tr></thead>
        <tbody>{}</tbody></table>
        """,
        jobs.size() > MAX_ROWS
            ? ", the oldest " + MAX_ROWS + " of " + Words.count(jobs.size())
            : "",
        Html.each(oldest, BoxSection::row));
  }

  private static Html row(Running job) {
    return Html.of(
        "<tr><th scope=\"row\" class=\"id\">{}</th><td class=\"n\" data-name=\"Attempt\">{}</td><td class=\"n\" data-name=\"For\">{}</td><td class=\"n\" data-name=\"Lease renewed\">{}</td><td>{}</td></tr>\n",
        Html.foreign(job.id(), MAX_ID),
        job.attempt(),
        Words.duration(job.age()),
        times(job.renewals()),
        job.stuck()
            ? Html.of(
                "<strong class=\"stuck\" title=\"It has run for longer than three times what 99 of 100 attempts took in the last hour, and longer than expected_job_execution_time_in_secs\">\u26a0 stuck?</strong>")
            : Html.NOTHING);
  }

  private static String times(int renewals) {
    return switch (renewals) {
      case 0 -> "\u2013";
      case 1 -> "once";
      default -> Words.count(renewals) + " times";
    };
  }

  private static Html chart(Snapshot.History history) {
    Chart chart = new Chart("Jobs", "a second");
    double step = history.step().toMillis() / 1_000.0;
    int steps = history.ended().size();
    for (int i = 0; i < steps; i++) {
      Duration ago = history.step().multipliedBy(steps - 1L - i);
      chart.add(ago, mean(history.ended(), i) / step);
      chart.addBad(ago, mean(history.failed(), i) / step);
    }
    return chart.html("attempts that failed");
  }

  private static double mean(List<Long> values, int last) {
    int first = Math.max(0, last - SMOOTH + 1);
    return values.subList(first, last + 1).stream().mapToLong(Long::longValue).average().orElse(0);
  }

  private static Html counts(Snapshot now) {
    Counts counts = now.counts();
    return Html.of(
        """
        <dl class="counts">{}{}{}{}{}{}{}</dl>
        """,
        count("Done", counts.of(Count.SUCCEEDED)),
        count("Failed, tried again", counts.of(Count.RETRIED)),
        count("Failed for good", counts.of(Count.DEAD_LETTERED)),
        counts.of(Count.LETTERS_REFUSED) == 0
            ? Html.NOTHING
            : count("Dead letters refused", counts.of(Count.LETTERS_REFUSED)),
        count("Given back unharmed", counts.of(Count.GIVEN_BACK)),
        count("Leases renewed", counts.of(Count.LEASES_RENEWED)),
        count("Leases lost", counts.of(Count.LEASES_LOST)));
  }

  private static Html count(String name, long number) {
    return Html.of("<div><dt>{}</dt><dd>{}</dd></div>", name, Words.count(number));
  }

  private static Html times(Snapshot.Jobs jobs) {
    return Html.of(
        """
        <table>
        <caption>In the last hour</caption>
        <thead><tr><th scope="col">How long</th><th scope="col" class="n">Half took at most</th>\
        <th scope="col" class="n">95 of 100</th><th scope="col" class="n">99 of 100</th><th scope="col" class="n">Of</th></tr></thead>
        <tbody>{}{}</tbody></table>
        <p class="note">Waits are from a message\u2019s being sent to the beginning of its first attempt. Within a tenth or so.</p>
        """,
        times("Attempts ran", jobs.runs().lastHour(), "attempt"),
        times("Jobs waited", jobs.waits().lastHour(), "job"));
  }

  private static Html times(String name, Times times, String of) {
    boolean none = times.count() == 0;
    return Html.of(
        "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        name,
        none ? "\u2013" : Words.duration(times.p50()),
        none ? "\u2013" : Words.duration(times.p95()),
        none ? "\u2013" : Words.duration(times.p99()),
        none ? "none" : Words.count(times.count(), of));
  }
}
