package com.amazonaws.jobprocessor.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.LastFailures.After;
import com.amazonaws.jobprocessor.stats.LastFailures.FailedJob;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.stats.Limit;
import com.amazonaws.jobprocessor.stats.ListedBoxes;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.status.page.Assets;
import com.amazonaws.jobprocessor.status.page.Page;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  private static final Assets ASSETS = Assets.load();
  private static final String EVIL = "\u202e</td><script>alert(1)</script>\u0000\"'";

  private static String page(Snapshots snapshots) {
    return Page.of(snapshots.now(), ASSETS);
  }

  /** The text that is seen, without markup. */
  private static String text(Snapshots snapshots) {
    return page(snapshots)
        .replaceAll("(?s)<head>.*</head>", "")
        .replaceAll("<[^>]*>", "")
        .replace("&#39;", "'")
        .replaceAll("\\s+", " ");
  }

  private static void assertHas(String part, String text) {
    assertTrue(text.contains(part), () -> "no '" + part + "' in " + text);
  }

  @Test
  void it_says_which_worker_it_is_and_what_it_does() {
    String text = text(new Snapshots());

    assertHas("queue todo", text);
    assertHas("worker i-0123456789abcdef0 · c7g.large spot · us-east-1 · version 0.1.0", text);
    assertHas("up 1 h", text);
    assertHas("● working", text);
    assertHas("What limits it: slots: 97 % busy in the last minute", text);
  }

  @Test
  void it_shows_the_queues_their_age_and_where_the_backlog_goes() {
    String text = text(new Snapshots());

    assertHas("Backlog todo1,200418 s ago", text);
    assertHas("The oldest one received lately had waited for 42 s (1 s ago).", text);
    assertHas("The backlog will be empty at about 03:06 UTC, 03:05 to 03:06 UTC", text);
    assertHas("it shrinks by 9.8 messages a second", text);
    assertHas("dead-letters --dead-letter-queue dead", text);
  }

  @Test
  void that_the_last_receive_brought_nothing_is_said_only_of_a_worker_that_receives() {
    Snapshots none = new Snapshots();
    none.oldest = null;
    assertHas("approximately. The last receive brought nothing.", text(none));

    none.drainLeft = Duration.ofSeconds(9);
    assertFalse(text(none).contains("The last receive"), text(none));
    none.drainLeft = null;
    none.drained = "spot interruption";
    assertFalse(text(none).contains("The last receive"), text(none));
    none.drained = null;
    none.load = null;
    assertFalse(text(none).contains("The last receive"), text(none));
  }

  @Test
  void with_packs_it_says_about_how_many_jobs_the_messages_are() {
    assertFalse(text(new Snapshots()).contains("messages ×"));
    Snapshots packs = new Snapshots();
    packs.meanJobs = 12.34;
    assertHas("messages × 12.3 jobs, the mean of those received lately: about ", text(packs));
  }

  @Test
  void it_shows_jobs_that_run_the_oldest_first_and_marks_those_that_seem_stuck() {
    String text = text(new Snapshots());

    assertHas("job-111 min 30 s4 times⚠ stuck?", text);
    assertHas("job-221.5 s–", text);
    assertTrue(text.indexOf("job-1") < text.indexOf("job-2"));
    assertHas("2 of 2 slots busy, 97 % of the last minute; 5 messages in hand", text);
    assertHas("2 calls waiting for their turn", text);
  }

  @Test
  void of_many_jobs_it_shows_the_oldest() {
    Snapshots many = new Snapshots();
    many.load =
        new Snapshot.Load(
            IntStream.range(0, 2_000)
                .mapToObj(i -> new Snapshot.Running("id" + i, 1, Duration.ofSeconds(i), 0, false))
                .toList(),
            2_000,
            0,
            Duration.ZERO);
    String text = text(many);

    assertHas("Running jobs, the oldest 50 of 2,000", text);
    assertHas("id1999", text);
    assertFalse(text.contains("id1949"), "the fifty-first");
  }

  @Test
  void it_shows_what_failed_what_it_costs_and_what_is_set() {
    String text = text(new Snapshots());

    assertHas("java.io.IOExceptiondisk full31job-0 attempt 2, for good, 1 min ago", text);
    assertHas("Warning: the dead-letter queue keeps messages too short queue=dead", text);
    assertHas("for 100 jobs, which is $725.38 a million", text);
    assertHas("Idle slots33 % of their time$0.02", text);
    assertHas("Empty receives9$0.0000036", text);
    assertHas("concurrency2 two slotsuser data", text);
  }

  @Test
  void dead_letters_that_are_refused_are_shown_when_there_are_any() {
    Snapshots refused = new Snapshots();
    refused.failures =
        List.of(
            new FailureKind(
                "Boom",
                "no",
                0,
                0,
                7,
                List.of(new FailedJob("job-9", 2, After.LETTER_REFUSED, Snapshots.AT))));
    assertHas("Failed for good2 5 tried again, 7 dead letters refused", text(refused));
    assertHas("Failed for good2Dead letters refused7Given back", text(refused));
    assertHas(
        "Dead letter refusedLast jobs Boomno007job-9 attempt 2, dead letter refused",
        text(refused));

    Snapshots none = new Snapshots();
    none.lettersRefused = 0;
    assertFalse(text(none).contains("etters refused"), text(none));
    assertFalse(text(none).contains("letter refused"), text(none));
  }

  @Test
  void it_lists_the_boxes_of_the_queue_and_counts_those_that_work() {
    String text = text(new Snapshots());

    assertHas("Boxes of this queue 2 boxes at work, 1 on the way; as of 20 s ago.", text);
    assertHas("i-0123456789abcdef0 this onec7g.large spotus-east-1a1 hrunning", text);
    assertHas("i-3c7g.large spotus-east-1a20 spending", text);
    assertFalse(text.contains("not among them"), text);
  }

  @Test
  void of_many_boxes_it_lists_the_oldest() {
    Snapshots many = new Snapshots();
    many.boxes =
        new ListedBoxes(
            IntStream.range(0, 1_000)
                .mapToObj(i -> Snapshots.box("i-" + i, 10, "running"))
                .toList(),
            Duration.ZERO,
            null);
    String text = text(many);

    assertHas("1,000 boxes at work; as of 0 s ago.", text);
    assertHas("This one is not among them: it has no tag job-processor:backlog", text);
    assertHas("i-49c7g", text);
    assertFalse(text.contains("i-50c7g"), "the fifty-first");
  }

  @Test
  void why_the_boxes_are_not_known_is_said_in_plain_words() {
    Snapshots denied = new Snapshots();
    denied.boxes =
        new ListedBoxes(
            null, Duration.ZERO, "this box's role lacks the right ec2:DescribeInstances " + EVIL);

    assertHas(
        "Boxes of this queue Not known: this box's role lacks the right ec2:DescribeInstances",
        text(denied));
    assertEquals(1, page(denied).split("<script", -1).length - 1, "only our own");
  }

  @Test
  void a_worker_of_which_nothing_is_known_yet_has_a_page() {
    String text = text(Snapshots.starting());

    assertHas("○ starting: looking for the queues", text);
    assertHas("None found.", text);
    assertHas("EC2 is being asked.", text);
    assertHas("No attempt has failed so far.", text);
    assertHas("No job runs at the moment.", text);
  }

  @Test
  void what_keeps_it_from_work_is_its_state() {
    Snapshots failing = new Snapshots();
    failing.failing = List.of(Snapshots.failing(Service.SQS, "ReceiveMessage"));
    assertHas("■ waiting for SQS", text(failing));
    assertHas("SQS fails: ReceiveMessage todo: ConnectException", text(failing));

    Snapshots unavailable = new Snapshots();
    unavailable.executorUnavailable = EVIL;
    assertHas("■ executor unavailable", text(unavailable));

    Snapshots draining = new Snapshots();
    draining.drainLeft = Duration.ofSeconds(30);
    assertHas("▲ stopping: gives back in 30 s what still runs", text(draining));
    draining.drainLeft = Duration.ofSeconds(-1);
    assertHas("▲ stopping, later than it should", text(draining));
    draining.drainReason = "spot interruption (terminate)";
    assertHas("▲ draining, spot interruption (terminate), later than it should", text(draining));
    draining.drainLeft = Duration.ofSeconds(30);
    assertHas(
        "▲ draining, spot interruption (terminate): gives back in 30 s what still runs",
        text(draining));

    Snapshots drained = new Snapshots();
    drained.drained = "spot interruption";
    assertHas("▲ drained, takes no jobs: spot interruption", text(drained));

    Snapshots stuck = new Snapshots();
    stuck.stuck = List.of(new Snapshot.Stuck("a receive", Duration.ofMinutes(5)));
    assertHas("■ does not go on", text(stuck));
    assertHas("Stuck for 5 min: a receive.", text(stuck));

    Snapshots silent = new Snapshots();
    silent.load = new Snapshot.Load(List.of(), 0, 0, Duration.ofSeconds(20));
    assertHas("■ does not go on", text(silent));
    assertHas("These numbers are 20 s old", text(silent));
  }

  @Test
  void too_many_messages_in_flight_are_named_and_explained() {
    Snapshots over = new Snapshots();
    over.limit = Limit.Kind.IN_FLIGHT;
    over.load = new Snapshot.Load(List.of(), 0, 0, Duration.ZERO);
    assertHas("▲ waiting: too many messages are in flight", text(over));
    assertHas(
        "What limits it: messages in flight: SQS gives out no more while the backlog has about 120,000",
        text(over));

    over.failing = List.of(new Outage.Failing(Service.SQS, "ReceiveMessage", "todo", "OverLimit"));
    assertHas("▲ waiting: too many messages are in flight", text(over));
    assertHas(
        "SQS fails: ReceiveMessage todo: OverLimit. About 120,000 messages of the queue are in flight;"
            + " SQS gives out no more until some are deleted or their leases end. It is tried again.",
        text(over));
  }

  @Test
  void a_call_that_is_denied_names_the_right_that_is_missing() {
    Snapshots denied = new Snapshots();
    denied.failing =
        List.of(new Outage.Failing(Service.SQS, "DeleteMessageBatch", "todo", "AccessDenied"));

    assertHas(
        "SQS fails: DeleteMessageBatch todo: AccessDenied. The worker lacks the right sqs:DeleteMessage.",
        text(denied));
  }

  /** Half a minute into an outage the page still said when the backlog would be empty. */
  @Test
  void nothing_is_forecast_from_depths_that_are_old() {
    Snapshots away = new Snapshots();
    away.failing = List.of(Snapshots.failing(Service.SQS, "ReceiveMessage"));
    assertHas("The backlog will be empty at about", text(away));

    away.depthAge = Duration.ofSeconds(21);
    assertHas(
        "When it will be empty is not known: SQS has not told for 21 s how many messages there are.",
        text(away));
    assertHas("Backlog– SQS does not tell", text(away));
    assertFalse(text(away).contains("mpty at about"));
    assertFalse(text(away).contains("ore boxes"), "nor what more boxes would do");

    away.failing = List.of();
    assertHas("The backlog will be empty at about", text(away));
    away.depthAge = Duration.ofSeconds(241);
    assertHas("SQS has not told for 4 min 1 s how many messages there are.", text(away));
  }

  @Test
  void of_a_queue_that_sqs_has_never_told_of_during_an_outage_no_trend_is_promised() {
    Snapshots away = Snapshots.starting();
    away.failing = List.of(Snapshots.failing(Service.SQS, "GetQueueUrl"));
    away.told = false;
    away.depthAge = Duration.ofSeconds(30);

    assertHas("SQS has not told for 30 s how many messages there are.", text(away));
  }

  private static Snapshots hostile(String text) {
    Snapshots hostile = new Snapshots();
    hostile.load =
        new Snapshot.Load(
            Collections.nCopies(100, new Snapshot.Running(text, 1, Duration.ofSeconds(1), 1, true)),
            1,
            1,
            Duration.ZERO);
    hostile.executorUnavailable = text;
    hostile.failures =
        Collections.nCopies(
            20,
            new FailureKind(
                text,
                text,
                1,
                1,
                1,
                Collections.nCopies(5, new FailedJob(text, 1, After.DEAD_LETTERED, Snapshots.AT))));
    hostile.problems = List.of(new Snapshot.Problem(text, text));
    return hostile;
  }

  @Test
  void what_strangers_write_is_text() {
    String page = page(hostile(EVIL));

    assertEquals(1, page.split("<script", -1).length - 1, "only our own");
    assertFalse(page.contains("\u202e"));
    assertFalse(page.contains("\u0000"));
    assertTrue(page.contains("<bdi>[U+202e]&lt;/td&gt;&lt;script&gt;"), page);
  }

  @Test
  void however_long_texts_are_the_page_is_not() throws IOException {
    String page = page(hostile("\u202e<x".repeat(500_000)));

    assertTrue(page.length() < 3_000_000, () -> page.length() + " characters");
    assertTrue(gzipped(page) < 30_000, () -> "too heavy");
  }

  @Test
  void page_style_and_script_weigh_little() throws IOException {
    int all = gzipped(page(new Snapshots())) + gzipped(ASSETS.style()) + gzipped(ASSETS.script());

    assertTrue(all < 12_000, () -> all + " bytes");
    assertTrue(ASSETS.script().length() <= 5 * 1024, () -> ASSETS.script().length() + " bytes");
  }

  private static int gzipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.size();
  }

  /** The headers forbid it: a browser would leave out what is there. */
  @ParameterizedTest
  @ValueSource(strings = {" style=", " on[a-z]+=", "<style", "javascript:"})
  void nothing_is_inline(String regex) {
    assertFalse(
        page(new Snapshots()).lines().anyMatch(line -> line.matches(".*" + regex + ".*")), regex);
  }

  /** What refreshes and what acts never share a region; the script replaces what is live. */
  @Test
  void buttons_are_there_only_with_a_token_and_outside_of_what_is_refreshed() {
    String with = Page.of(new Snapshots().now(), ASSETS, true);
    String without = page(new Snapshots());

    assertFalse(without.contains("action=\"/"), without);
    assertTrue(with.contains("<form action=\"/boxes/start\">"), with);
    assertTrue(with.contains("<form action=\"/box/end\">"), with);
    for (String section : with.split("(?=<section )", -1)) {
      boolean live = section.startsWith("<section") && section.contains("data-live");
      assertFalse(live && section.contains("<form action"), section);
    }
    assertFalse(with.contains("method=\"post\""), "it only leads to the pages that act");
  }

  @Test
  void it_names_nobody_else() {
    String page = page(new Snapshots()).replace("http://www.w3.org/2000/svg", "");
    assertFalse(page.contains("http:") || page.contains("https:") || page.contains("src=\"//"));
  }
}
