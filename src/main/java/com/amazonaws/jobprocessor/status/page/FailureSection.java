package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.stats.LastFailures.FailedJob;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.stats.Snapshot;
import java.time.Instant;
import java.util.List;

/** The last failures by kind, each with the last jobs that met it. */
final class FailureSection {
  private static final int MAX_TYPE = 120;
  private static final int MAX_MESSAGE = 240;
  private static final int MAX_ID = 64;

  private FailureSection() {}

  static Html of(Snapshot now) {
    List<FailureKind> kinds = now.trouble().failures();
    return Html.of(
        """
        <section id="failures" data-live aria-labelledby="failures-title">
        <h2 id="failures-title">Last failures</h2>
        {}</section>
        """,
        kinds.isEmpty()
            ? Html.of("<p class=\"empty\">No attempt has failed so far.</p>\n")
            : table(kinds, now.at()));
  }

  /** The column of refused dead letters is there only if some were: they are rare. */
  private static Html table(List<FailureKind> kinds, Instant now) {
    boolean refused = kinds.stream().anyMatch(kind -> kind.lettersRefused() > 0);
    return Html.of(
        """
        <table class="failures stack">
        <thead><tr><th scope="col">Kind and last message</th><th scope="col" class="n">Tried again</th>\
        <th scope="col" class="n">For good</th>{}<th scope="col">Last jobs</th></tr></thead>
        <tbody>{}</tbody></table>
        """,
        refused ? Html.of("<th scope=\"col\" class=\"n\">Dead letter refused</th>") : Html.NOTHING,
        Html.each(kinds, kind -> row(kind, refused, now)));
  }

  private static Html row(FailureKind kind, boolean refused, Instant now) {
    return Html.of(
        """
        <tr><th scope="row"><code>{}</code><br><small>{}</small></th><td class="n" data-name="Tried again">{}</td><td class="n" data-name="For good">{}</td>{}\
        <td><ul>{}</ul></td></tr>
        """,
        Html.foreign(kind.type(), MAX_TYPE),
        Html.foreign(kind.message(), MAX_MESSAGE),
        Words.count(kind.retried()),
        Words.count(kind.deadLettered()),
        refused
            ? Html.of(
                "<td class=\"n\" data-name=\"Dead letter refused\">{}</td>",
                Words.count(kind.lettersRefused()))
            : Html.NOTHING,
        Html.each(kind.jobs(), job -> job(job, now)));
  }

  private static Html job(FailedJob job, Instant now) {
    return Html.of(
        "<li><span class=\"id\">{}</span> <small>attempt {}{}, {}</small></li>\n",
        Html.foreign(job.id(), MAX_ID),
        job.attempt(),
        switch (job.after()) {
          case RETRIED -> "";
          case DEAD_LETTERED -> ", for good";
          case LETTER_REFUSED -> ", dead letter refused";
        },
        Words.ago(job.at(), now));
  }
}
