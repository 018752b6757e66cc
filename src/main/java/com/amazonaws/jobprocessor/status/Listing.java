package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.stats.Snapshot;
import java.util.function.Supplier;

/** What is at {@code /}: the worker's numbers as a list. */
final class Listing implements Resource {
  private final Supplier<Snapshot> snapshots;

  Listing(Supplier<Snapshot> snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public Reply get(String accept) {
    Snapshot now = snapshots.get();
    StringBuilder html = new StringBuilder();
    html.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>");
    html.append(Html.escape(now.who().workerId()));
    html.append("</title><h1>").append(Html.escape(now.who().workerId())).append("</h1><dl>");
    row(html, "queue", now.queues().backlog().name());
    row(html, "slots", String.valueOf(now.slots().count()));
    Snapshot.Load load = now.load();
    row(html, "running", load == null ? "not yet" : String.valueOf(load.running()));
    row(html, "jobs done", String.valueOf(now.counts().jobs()));
    row(html, "limited by", now.trouble().limit().text());
    html.append("</dl><p><a href=\"/status.json\">status.json</a></html>\n");
    return new Reply(200, Reply.HTML, html.toString());
  }

  private static void row(StringBuilder html, String name, String value) {
    html.append("<dt>").append(name).append("<dd>").append(Html.escape(value));
  }
}
