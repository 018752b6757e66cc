package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.work.call.Outage;
import org.jspecify.annotations.Nullable;

/** What keeps the worker from its work, and what may. */
final class TroubleSection {
  private static final int MAX_TEXT = 500;

  private TroubleSection() {}

  static Html of(Snapshot now) {
    Snapshot.Trouble trouble = now.trouble();
    Html all =
        Html.of(
            "{}{}{}{}",
            Html.each(trouble.stuck(), TroubleSection::stuck),
            Html.each(trouble.failingCalls(), TroubleSection::failing),
            executor(trouble.executorUnavailable()),
            Html.each(trouble.problems(), TroubleSection::problem));
    return Html.of(
        """
        <section id="problems" data-live aria-labelledby="problems-title">
        <h2 id="problems-title">Problems</h2>
        {}</section>
        """,
        all.toString().isEmpty()
            ? Html.of("<p class=\"empty\">None found.</p>")
            : Html.of("<ul class=\"problems\">{}</ul>", all));
  }

  private static Html stuck(Snapshot.Stuck step) {
    return Html.of(
        "<li class=\"bad\"><strong>Stuck for {}:</strong> {}. It has been said in the log; a restart helps.</li>",
        Words.duration(step.lasts()),
        Html.foreign(step.what(), MAX_TEXT));
  }

  private static Html failing(Outage.Failing call) {
    return Html.of(
        "<li class=\"bad\"><strong>{} fails:</strong> {} {}: {}. {}It is tried again.</li>",
        call.service(),
        call.action(),
        Html.foreign(call.at(), MAX_TEXT),
        Html.foreign(call.code(), MAX_TEXT),
        meaning(call));
  }

  private static String meaning(Outage.Failing call) {
    String right = call.missingRight();
    if (right != null) {
      return "The worker lacks the right " + right + ". ";
    }
    return call.isOverLimit()
        ? "About "
            + Words.count(QueueGauge.MAX_IN_FLIGHT)
            + " messages of the queue are in flight; SQS gives out no more until some are deleted or their leases end. "
        : "";
  }

  private static Html executor(@Nullable String why) {
    return why == null
        ? Html.NOTHING
        : Html.of(
            "<li class=\"bad\"><strong>Executor unavailable:</strong> {}. Jobs go back to the queue unharmed.</li>",
            Html.foreign(why, MAX_TEXT));
  }

  private static Html problem(Snapshot.Problem problem) {
    return Html.of(
        "<li><strong>Warning:</strong> {}{}</li>",
        Html.foreign(problem.text(), MAX_TEXT),
        problem.facts().isEmpty()
            ? Html.NOTHING
            : Html.of(
                " <small class=\"facts\">{}</small>", Html.foreign(problem.facts(), MAX_TEXT)));
  }
}
