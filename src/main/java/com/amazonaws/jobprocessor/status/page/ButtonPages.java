package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.cost.Usd;
import com.amazonaws.jobprocessor.fleet.Controls.EndPlan;
import com.amazonaws.jobprocessor.fleet.Controls.Resize;
import com.amazonaws.jobprocessor.fleet.Controls.StartPlan;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Spending;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the buttons, each without a script: who are you, what would be done, what was done.
 */
public final class ButtonPages {
  private static final int MAX_TEXT = 1_000;

  private final Assets assets = Assets.load();

  /** Draws pages of their own. */
  public ButtonPages() {}

  /**
   * Asks for the token.
   *
   * @param address where the form is sent
   * @param wrong what was wrong with the last one; null if there was none
   */
  public String signIn(String address, @Nullable String wrong) {
    return page(
        "Who are you?",
        Html.of(
            """
            <p>To start boxes, or to end this one, you need the token that is set as <code>status_token</code>. You are asked for it \
            once in half an hour.</p>
            {}<form method="post" action="{}">
            <p><label for="token">Token</label> <input type="password" id="token" name="token" required autofocus \
            autocomplete="current-password"> <button>Go on</button></p></form>
            """,
            wrong == null
                ? Html.NOTHING
                : Html.of("<p class=\"bad\" role=\"alert\">{}</p>\n", wrong),
            address));
  }

  /**
   * Says what a start would do.
   *
   * @param key the session's form key
   * @param clientToken of this page: however often it is sent, its boxes are started once
   */
  public String confirmStart(StartPlan plan, Snapshot now, String key, String clientToken) {
    Resize group = plan.group();
    return page(
        "Start " + boxes(plan.count()) + "?",
        Html.of(
            """
            <p>{}</p>
            <p>{}</p>
            {}<form method="post" action="/boxes/start">
            <input type="hidden" name="boxes" value="{}">{}
            <input type="hidden" name="client_token" value="{}"><input type="hidden" name="key" value="{}">
            <p><button class="act">Start {}</button> <a href="/">No, go back</a></p></form>
            <form action="/boxes/start"><p><label for="boxes">Another number</label> \
            <input type="number" id="boxes" name="boxes" min="1" max="1000" value="{}" required> <button>Show</button></p></form>
            """,
            group == null ? likeThisOne(plan, now) : inGroup(group, now),
            plan.count() == 1
                ? cost(1, now, "It costs", "as long as it is there")
                : cost(plan.count(), now, "They cost", "as long as they are there"),
            secrets(plan),
            plan.count(),
            group == null ? Html.NOTHING : range(group),
            clientToken,
            key,
            boxes(plan.count()),
            plan.count()));
  }

  private static Html range(Resize group) {
    return Html.of(
        "<input type=\"hidden\" name=\"from\" value=\"{}\"><input type=\"hidden\" name=\"to\" value=\"{}\">",
        group.from(),
        group.to());
  }

  private static Html inGroup(Resize group, Snapshot now) {
    return Html.of(
        "The desired capacity of the Auto Scaling group <strong>{}</strong> is set <strong>from {} to {}</strong>, for the queue {}. The group decides what its boxes are.",
        Html.foreign(group.group(), MAX_TEXT),
        group.from(),
        group.to(),
        Html.foreign(now.queues().backlog().name(), MAX_TEXT));
  }

  private static Html likeThisOne(StartPlan plan, Snapshot now) {
    return Html.of(
        "<strong>{} like this one</strong> for the queue {}: {}{}, with this box\u2019s image, subnet, security groups, role, key and user data.",
        boxes(plan.count()),
        Html.foreign(now.queues().backlog().name(), MAX_TEXT),
        now.who().instanceType() == null ? "the same type" : now.who().instanceType(),
        now.who().spot() ? " spot" : "");
  }

  private static Html secrets(StartPlan plan) {
    return plan.secrets().isEmpty()
        ? Html.NOTHING
        : Html.of(
            "<p class=\"warning\"><strong>Warning:</strong> the user data holds secrets ({}). The new boxes get them, too, and whoever may describe these instances can read them.</p>\n",
            String.join(", ", plan.secrets()));
  }

  private static Html cost(int count, Snapshot now, String they, String until) {
    Spending spending = now.spending().get();
    BigDecimal hour = spending.boxHour();
    return hour == null
        ? Html.of(
            "The cost per hour is not known: {}.",
            spending.withoutCompute() == null ? "no price" : spending.withoutCompute())
        : Html.of(
            "{} about <strong>{} an hour</strong>, {}.",
            they,
            Words.dollars(new Usd(hour).times(BigDecimal.valueOf(count))),
            until);
  }

  /** Says what the end of this box would do. */
  public String confirmEnd(EndPlan plan, Snapshot now, String key) {
    Resize group = plan.group();
    Snapshot.Load load = now.load();
    int running = load == null ? 0 : load.running();
    return page(
        "End this box?",
        Html.of(
            """
            <p>The box <strong>{}</strong> takes no more jobs. {} Then <strong>the instance is terminated</strong>{}.</p>
            <p>{}</p>
            <form method="post" action="/box/end">
            <input type="hidden" name="key" value="{}">
            <p><button class="act">End this box</button> <a href="/">No, go back</a></p></form>
            """,
            Html.foreign(now.who().workerId(), MAX_TEXT),
            running == 0
                ? "It has none at the moment."
                : Words.count(running, "job")
                    + (running == 1 ? " runs" : " run")
                    + ": what will not be done within drain_timeout_in_secs is given back unharmed.",
            group == null
                ? Html.NOTHING
                : Html.of(
                    ", and the desired capacity of its Auto Scaling group {} goes <strong>from {} to {}</strong>",
                    Html.foreign(group.group(), MAX_TEXT),
                    group.from(),
                    group.to()),
            cost(1, now, "That saves", "as long as no other takes its place"),
            key));
  }

  /** Says what was done. */
  public String done(String what) {
    return page(
        "Done", Html.of("<p role=\"status\">{}</p>\n{}", Html.foreign(what, MAX_TEXT), BACK));
  }

  /** Says why something was not done. */
  public String refused(String why) {
    return page(
        "Not done",
        Html.of("<p class=\"bad\" role=\"alert\">{}.</p>\n{}", Html.foreign(why, MAX_TEXT), BACK));
  }

  private static final Html BACK =
      Html.of("<p><a href=\"/\">Back to the worker\u2019s page</a></p>");

  private static String boxes(int count) {
    return count == 1 ? "1 box" : Words.count(count) + " boxes";
  }

  private String page(String title, Html body) {
    return Html.of(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{} \u2013 job-processor</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="{}">
            </head>
            <body>
            <header><a class="brand" href="/">job-processor</a></header>
            <main><section id="button">
            <h1>{}</h1>
            {}</section></main>
            </body>
            </html>
            """,
            title,
            assets.stylePath(),
            title,
            body)
        .toString();
  }
}
