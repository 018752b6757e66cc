package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.stats.ListedBox;
import com.amazonaws.jobprocessor.stats.ListedBoxes;
import com.amazonaws.jobprocessor.stats.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The boxes that work for the backlog, as EC2 tells. */
final class BoxesSection {
  private static final int MAX_ROWS = 50;
  private static final int MAX_TEXT = 500;

  private BoxesSection() {}

  static Html of(Snapshot now) {
    ListedBoxes boxes = now.queues().boxes();
    List<ListedBox> listed = boxes.listed();
    return Html.of(
        """
        <section id="boxes" data-live aria-labelledby="boxes-title">
        <h2 id="boxes-title">Boxes of this queue</h2>
        {}{}</section>
        """,
        unknown(boxes),
        listed == null ? Html.NOTHING : known(boxes, listed, now));
  }

  private static Html unknown(ListedBoxes boxes) {
    String why = boxes.unknown();
    if (why != null) {
      return Html.of("<p class=\"empty\">Not known: {}.</p>\n", Html.foreign(why, MAX_TEXT));
    }
    return boxes.listed() == null
        ? Html.of("<p class=\"empty\">EC2 is being asked.</p>\n")
        : Html.NOTHING;
  }

  private static Html known(ListedBoxes boxes, List<ListedBox> listed, Snapshot now) {
    return Html.of(
        """
        <p><strong>{}</strong> at work{}; as of {} ago.{}</p>
        {}""",
        boxCount(boxes.count("running")),
        boxes.count("pending") == 0
            ? ""
            : ", " + Words.count(boxes.count("pending")) + " on the way",
        Words.wholeSeconds(boxes.age()),
        untagged(listed, now.who()),
        listed.isEmpty() ? Html.NOTHING : table(listed, now, boxes.age()));
  }

  private static String boxCount(long number) {
    return Words.count(number) + (number == 1 ? " box" : " boxes");
  }

  private static Html untagged(List<ListedBox> listed, Snapshot.Who who) {
    return listed.stream().anyMatch(box -> box.id().equals(who.workerId()))
        ? Html.NOTHING
        : Html.of(
            " <small>This one is not among them: it has no tag job-processor:backlog, or EC2 does not tell of it yet.</small>");
  }

  private static Html table(List<ListedBox> listed, Snapshot now, Duration age) {
    return Html.of(
        """
        <table class="stack">
        <caption class="unseen">Boxes{}</caption>
        <thead><tr><th scope="col">Box</th><th scope="col">Type</th><th scope="col">Zone</th>\
        <th scope="col" class="n">For</th><th scope="col">State</th></tr></thead>
        <tbody>{}</tbody></table>
        {}""",
        listed.size() > MAX_ROWS ? ", the oldest " + MAX_ROWS : "",
        Html.each(
            listed.stream().limit(MAX_ROWS).toList(),
            box -> row(box, now.who().workerId(), now.at().minus(age))),
        listed.size() > MAX_ROWS
            ? Html.of(
                "<p class=\"note\">The oldest {} of {}.</p>\n",
                MAX_ROWS,
                Words.count(listed.size()))
            : Html.NOTHING);
  }

  private static Html row(ListedBox box, @Nullable String own, Instant seen) {
    return Html.of(
        "<tr><th scope=\"row\"><span class=\"id\">{}</span>{}</th><td>{}{}</td><td>{}</td><td class=\"n\" data-name=\"For\">{}</td><td>{}</td></tr>\n",
        box.id(),
        box.id().equals(own) ? Html.of(" <small>this one</small>") : Html.NOTHING,
        box.type(),
        box.spot() ? " spot" : "",
        box.zone(),
        Words.wholeSeconds(Duration.between(box.launchedAt(), seen)),
        box.state());
  }
}
