package com.amazonaws.jobprocessor.boss.page;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.page.TestSite.Reply;
import com.amazonaws.jobprocessor.boss.store.Answer;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.JobId;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists, passports, operations, failures, workers and checks, as HTML. */
abstract class ListPagesContract {
  private static final String EVIL =
      "<script>alert(1)</script>/\u202Egnp\"'& \u05E9\u05DC\u05D5\u05DD";

  /** An empty database. */
  abstract Database open() throws Exception;

  private TestSite site;
  private String viewer;
  private String operator;

  @BeforeEach
  void set_up() throws Exception {
    site = new TestSite(open());
    viewer = site.signedIn(Role.VIEWER);
    operator = site.signedIn(Role.OPERATOR);
  }

  @AfterEach
  void tear_down() {
    if (site != null) {
      site.close();
    }
  }

  private String page(String path) throws Exception {
    Reply reply = site.get(viewer, path);
    assertEquals(200, reply.status(), reply.body());
    return reply.body();
  }

  private static String link(String page, String text) {
    Matcher link = Pattern.compile("<a href=\"([^\"]+)\"[^>]*>" + text + "</a>").matcher(page);
    assertTrue(link.find(), text + " in " + page);
    return link.group(1).replace("&amp;", "&");
  }

  private static long rows(String page) {
    return Pattern.compile("<a class=\"id\" href=\"/tasks/").matcher(page).results().count();
  }

  @Test
  void a_list_is_walked_page_by_page_and_back() throws Exception {
    site.make(IntStream.range(0, 120).mapToObj(i -> "n" + i).toArray(String[]::new));
    String first = page("/tasks");
    assertEquals(50, rows(first));
    String second = page(link(first, "Older"));
    assertEquals(50, rows(second));
    String third = page(link(second, "Older"));
    assertEquals(20, rows(third));
    assertFalse(third.contains("rel=\"next\""), third);
    assertTrue(page(link(third, "Newer")).contains("/tasks/70\""));
    // Back at the beginning it is the list without a place, which tells of new rows.
    Reply back = site.get(viewer, link(second, "Newer"));
    assertEquals(303, back.status());
    assertEquals("/tasks", back.header("Location"));
    for (String order : List.of("created", "changed")) {
      String filtered = page("/tasks?state=waiting&order=" + order);
      assertEquals(50, rows(filtered));
      assertTrue(link(filtered, "Older").contains("state=waiting"));
      assertEquals(50, rows(page(link(filtered, "Older"))));
    }
  }

  @Test
  void new_rows_are_told_of_and_not_pushed() throws Exception {
    site.make("a");
    String page = page("/tasks?state=waiting");
    Matcher news = Pattern.compile("hx-get=\"([^\"]+)\"").matcher(page);
    assertTrue(news.find(), page);
    String url = news.group(1).replace("&amp;", "&");
    assertEquals("", page(url).strip());
    site.make("b", "c");
    assertTrue(page(url).contains("2 new since"), page(url));
    site.make(new String[] {"x"});
    for (int i = 0; i < 110; i++) {
      site.make("more");
    }
    assertTrue(page(url).contains("100 or more new"), page(url));
  }

  @Test
  void a_search_jumps_to_a_task_by_id_job_id_and_name() throws Exception {
    long id = site.make("miller", "miller", "smith/1") + 2;
    String job = new JobId(site.settings.databaseId(), id, 1).text();
    for (String find : List.of(Long.toString(id), job, "smith/1".replace("/", "%2F"))) {
      Reply reply = site.get(viewer, "/tasks?find=" + find);
      assertEquals(303, reply.status(), find);
      assertEquals("/tasks/" + id, reply.header("Location"), find);
    }
    assertEquals("/tasks?name=miller", site.get(viewer, "/tasks?find=miller").header("Location"));
    assertEquals("/tasks?text=MILL", site.get(viewer, "/tasks?find=MILL").header("Location"));
    assertEquals(2, rows(page("/tasks?text=MILL")));
    assertTrue(page("/tasks?text=nobody").contains("No task matches"));
  }

  @Test
  void odd_filters_are_refused_in_a_sentence() throws Exception {
    for (String query :
        List.of("state=odd", "batch=x", "batch=0", "from=yesterday", "to=2026-99-01")) {
      Reply reply = site.get(viewer, "/tasks?" + query);
      assertEquals(400, reply.status(), query);
    }
    assertEquals(200, site.get(viewer, "/tasks?after=nonsense&worker=%27%20or%201=1").status());
    assertEquals(404, site.get(viewer, "/tasks/0").status());
    assertEquals(404, site.get(viewer, "/tasks/999").status());
    assertEquals(404, site.get(viewer, "/operations/999").status());
  }

  @Test
  void names_of_any_kind_are_text_everywhere() throws Exception {
    long id = site.make(EVIL);
    site.end(EVIL, _ -> EVIL);
    site.clock.pass(Duration.ofMinutes(2));
    for (String path :
        List.of(
            "/tasks",
            "/tasks?text=script",
            "/tasks/" + id,
            "/failures",
            "/workers",
            "/workers?by=account",
            "/workers/report.html",
            "/checks")) {
      String page = page(path);
      assertFalse(page.contains("<script>alert"), path);
      assertFalse(page.contains("\u202E"), path);
    }
    String failures = page("/failures");
    Matcher list = Pattern.compile("<a href=\"(/tasks[^\"]+)\"><bdi>").matcher(failures);
    assertTrue(list.find(), failures);
    assertEquals(1, rows(page(list.group(1).replace("&amp;", "&"))));
    String csv = page("/workers/report.csv");
    assertTrue(csv.contains("\"<script>alert(1)</script>/\u202Egnp\"\"'& "), csv);
    assertEquals(EVIL, site.get(viewer, "/tasks/" + id + "/payload").body());
  }

  @Test
  void a_passport_shows_every_change_and_who_made_it() throws Exception {
    long id = site.make("n");
    site.end("i-0abc", _ -> "java.io.IOException");
    String page = page("/tasks/" + id);
    for (String part :
        List.of(
            "waiting",
            "sending",
            "dispatched",
            "i-0abc",
            "java.io.IOException",
            "as stored",
            new JobId(site.settings.databaseId(), id, 1).text())) {
      assertTrue(page.contains(part), part);
    }
    assertFalse(page.contains("/retry"), "a viewer is offered nothing");
    Reply confirm = site.get(operator, "/tasks/" + id + "/retry");
    assertTrue(confirm.body().contains("Run it again"), confirm.body());
    Reply done = site.post(operator, "/tasks/" + id + "/retry", "/tasks/" + id + "/retry");
    assertEquals("/tasks/" + id + "?done=retried", done.header("Location"));
    assertTrue(page("/tasks/" + id).contains("person <bdi>operator</bdi>"));
    assertEquals(
        409, site.post(operator, "/tasks/" + id + "/retry", "/tasks/" + id + "/retry").status());
    assertEquals(403, site.form(viewer, "/tasks/" + id + "/cancel", "form_key", "x").status());
    assertEquals("waiting", site.tasks.find(id).orElseThrow().state());
  }

  @Test
  void head_is_get_without_a_body() throws Exception {
    Reply stranger = site.send("", "HEAD", "/tasks", "", BodyPublishers.noBody());
    assertEquals(303, stranger.status());
    assertEquals("/login?to=%2Ftasks", stranger.header("Location"));
    Reply mine = site.send(viewer, "HEAD", "/tasks", "", BodyPublishers.noBody());
    assertEquals(200, mine.status());
    assertEquals("", mine.body());
    assertEquals("no-store", mine.header("Cache-Control"));
    assertEquals(404, site.send(viewer, "HEAD", "/tasks/9", "", BodyPublishers.noBody()).status());
  }

  @Test
  void a_dead_letter_that_a_result_has_replaced_is_no_damage() throws Exception {
    long id = site.make("n");
    site.end("i-0abc", _ -> "java.io.IOException");
    String job = new JobId(site.settings.databaseId(), id, 1).text();
    Answer.Source source = new Answer.Source("q", "another", 0);
    new Answers(site.database, site.settings, site.clock)
        .store(
            List.of(new Answer(source, job, "i-0def", 1, 1_500, "m", "good", false, null, null)),
            List.of());
    String page = page("/tasks/" + id);
    for (String part : List.of("replaced by a result", "as stored", "good", "i-0def")) {
      assertTrue(page.contains(part), part);
    }
    assertFalse(page.contains("not what is stored"), page);
  }

  @Test
  void an_operation_is_asked_for_with_what_was_shown_and_can_be_undone() throws Exception {
    site.make("a", "b", "c");
    String question = "/operations/new?kind=cancel&state=waiting";
    assertEquals(403, site.get(viewer, question).status());
    String page = site.get(operator, question).body();
    assertTrue(page.contains("All <strong>3 tasks</strong>"), page);
    assertTrue(page.contains("as of 12:00 UTC"), page);
    String task = value(page, "cutoff_task");
    String at = value(page, "cutoff_at");
    assertEquals("3", value(page, "matching"));
    site.clock.pass(Duration.ofMinutes(5));
    site.make("came since");
    String[] form = {
      "kind",
      "cancel",
      "state",
      "waiting",
      "cutoff_task",
      task,
      "cutoff_at",
      at,
      "reason",
      "",
      "matching",
      "3"
    };
    Reply wrong = site.post(operator, question, "/operations", form);
    assertEquals(422, wrong.status());
    assertTrue(wrong.body().contains("All <strong>3 tasks</strong>"), wrong.body());
    String[] long_ = with(form, "worker", "\u6771".repeat(250), "error", "\u6771".repeat(250));
    assertEquals(400, site.post(operator, question, "/operations", long_).status());
    form[9] = "a mistake " + EVIL;
    String url = site.post(operator, question, "/operations", form).header("Location");
    assertTrue(page(url).contains("scheduled"), page(url));
    assertFalse(page(url).contains("<script>alert"));
    assertFalse(page(url).contains("Undo or stop"), "a viewer is offered nothing");
    assertEquals(url + "?done=undone", site.post(operator, url, url + "/stop").header("Location"));
    assertTrue(page("/operations").contains("undone"));
    String again = site.post(operator, question, "/operations", form).header("Location");
    site.clock.pass(Duration.ofSeconds(10));
    assertTrue(site.operations.step());
    String progress = page(again + "/progress");
    assertTrue(progress.contains("<dt>Done</dt><dd>3</dd>"), progress);
    assertEquals("true", site.get(viewer, again + "/progress").header("HX-Refresh"));
    assertEquals("waiting", site.tasks.find(4).orElseThrow().state());
    assertEquals(409, site.form(operator, again + "/stop", "form_key", key(operator)).status());
  }

  @Test
  void an_operation_that_has_more_to_do_than_was_shown_is_asked_for_again() throws Exception {
    site.make("on its way in", "b");
    String question = "/operations/new?kind=cancel&state=waiting";
    String page = site.get(operator, question).body();
    String[] form = {
      "kind",
      "cancel",
      "state",
      "waiting",
      "cutoff_task",
      value(page, "cutoff_task"),
      "cutoff_at",
      value(page, "cutoff_at"),
      "reason",
      "r",
      "matching",
      "1"
    };
    Reply again = site.post(operator, question, "/operations", form);
    assertEquals(409, again.status());
    assertTrue(again.body().contains("More match than the page had said: 2, not 1"), again.body());
    assertEquals("2", value(again.body(), "matching"));
    form[11] = "x";
    assertEquals(400, site.post(operator, question, "/operations", form).status());
    assertEquals(List.of(), site.operations.before(Long.MAX_VALUE, 10));
    form[11] = "2";
    assertEquals(303, site.post(operator, question, "/operations", form).status());
    assertEquals(1, site.operations.before(Long.MAX_VALUE, 10).size());
  }

  @Test
  void what_an_operation_could_not_do_is_named_with_the_reason() throws Exception {
    site.make(IntStream.range(0, 140).mapToObj(i -> "n" + i).toArray(String[]::new));
    site.database.inTransaction(
        handle ->
            handle.execute(
                "alter table task add constraint odd check (id < 21 or state <> 'cancelled')"));
    site.operations.create(
        "operator",
        new Operations.Wanted(Operations.Kind.CANCEL, TaskFilter.ALL, null, "r", Duration.ZERO));
    assertTrue(site.operations.step());
    String page = page("/operations/1");
    assertTrue(page.contains("the first 100 of 120"), page);
    assertTrue(page.matches("(?si).*href=\"/tasks/21\">21</a></th><td><bdi>[^<]*odd.*"), page);
    assertEquals(100, rows(page));
  }

  private static String[] with(String[] fields, String... more) {
    return Stream.concat(Stream.of(fields), Stream.of(more)).toArray(String[]::new);
  }

  private String key(String cookie) throws Exception {
    Matcher key =
        Pattern.compile("name=\"form_key\" value=\"([0-9a-f]+)\"")
            .matcher(site.get(cookie, "/tasks").body());
    assertTrue(key.find());
    return key.group(1);
  }

  private static String value(String page, String name) {
    Matcher value = Pattern.compile("name=\"" + name + "\" value=\"([^\"]+)\"").matcher(page);
    assertTrue(value.find(), name);
    return value.group(1);
  }

  @Test
  void nothing_to_do_is_said_and_offers_no_button() throws Exception {
    site.make("a");
    String page = site.get(operator, "/operations/new?kind=retry&state=waiting").body();
    assertTrue(page.contains("There is nothing to do"), page);
    assertFalse(page.contains("name=\"reason\""), page);
  }

  @Test
  void failures_lead_to_one_to_a_group_and_to_all() throws Exception {
    site.make("a", "b");
    site.end("w", _ -> "E");
    String page = site.get(operator, "/failures").body();
    assertTrue(page.contains("/tasks/2/retry"), page);
    assertTrue(page.contains("kind=retry&amp;state=failed&amp;error=E"), page);
    assertTrue(page.contains("Run all 2 again"), page);
    assertFalse(page("/failures").contains("retry"));
  }

  @Test
  void a_report_is_a_page_a_csv_and_one_file_that_needs_nothing_else() throws Exception {
    site.make(IntStream.range(0, 30).mapToObj(i -> "n" + i).toArray(String[]::new));
    site.end("i-1", job -> job.endsWith("7-1") ? "E" : null);
    String page = page("/workers");
    assertTrue(page.contains("30 answers of 1 worker"), page);
    assertTrue(page.contains("href=\"/tasks?worker=i-1\""), page);
    assertTrue(page("/workers?by=batch").contains("/tasks?batch=1"));
    assertTrue(page("/workers?by=day").contains("2026-01-02"));
    assertTrue(page("/workers?day=2026-01-02").contains("30 answers"));
    assertTrue(page("/workers?day=2026-01-03").contains("No answers yet"));
    assertTrue(page("/workers?by=account&account=n3").contains("1 answer of 1 account"));
    String file = page("/workers/report.html?by=worker");
    assertTrue(file.contains("i-1"), file);
    for (String link :
        List.of("href=", "src=", "<script", "url(http", "@import", "http://", "https://")) {
      assertFalse(file.contains(link), link);
    }
    assertTrue(page("/workers/report.csv").startsWith("worker,succeeded,failed,"));
    assertEquals(2, page("/workers/report.csv").lines().count());
  }

  @Test
  void a_report_of_more_lines_than_a_page_shows_counts_all_of_them() throws Exception {
    site.make(IntStream.range(0, 1_203).mapToObj(i -> "n" + i).toArray(String[]::new));
    site.end(603, "i-1", job -> null);
    site.end(600, "i-1", job -> null);
    String page = page("/workers?by=account");
    assertTrue(page.contains("1,203 answers of 1,203 account"), page);
    assertTrue(page.contains("The first 1,000 of 1,203 account"), page);
    assertEquals(1_000, page.split("data-name=\"tasks\"", -1).length - 1);
    assertTrue(page("/workers/report.html?by=account").contains("The first 1,000 of 1,203"));
    assertEquals(1_204, page("/workers/report.csv?by=account").lines().count());
    assertFalse(page("/workers").contains("The first"));
  }

  @Test
  void a_worker_that_is_out_of_line_is_marked_wherever_workers_are_shown() throws Exception {
    for (String worker : List.of("i-1", "i-2", "i-3", "i-slow", "i-bad")) {
      site.make(IntStream.range(0, 40).mapToObj(i -> "n" + i).toArray(String[]::new));
      site.end(
          40,
          worker,
          worker.equals("i-slow") ? 9_000 : 1_500,
          job -> worker.equals("i-bad") && job.matches(".*[05]-1") ? "E" : null);
    }
    String fails = "fails 20.0 % of its tasks, the others 0.0 %";
    // Medians are known to some per cent.
    String slow = "slow: 8.95 s a task, the others 1.47 s";
    for (String path : List.of("/workers", "/workers/report.html")) {
      Matcher marks =
          Pattern.compile("<bdi>(i-[^<]+)</bdi>(?:</a>)?<br><small class=\"bad\">\u26A0 ([^<]+)<")
              .matcher(page(path));
      assertEquals(
          Set.of("i-bad " + fails, "i-slow " + slow),
          marks.results().map(mark -> mark.group(1) + " " + mark.group(2)).collect(toSet()),
          path);
    }
    String csv = page("/workers/report.csv");
    assertEquals(2, csv.lines().filter(line -> line.matches(".*(fails|slow: ).*")).count(), csv);
    assertTrue(csv.lines().anyMatch(line -> line.matches("i-bad,.*,\"" + fails + "\"")), csv);
    assertTrue(csv.lines().anyMatch(line -> line.matches("i-slow,.*,\"" + slow + "\"")), csv);
    assertFalse(page("/workers?by=account").contains("\u26A0 fails"));
  }

  /** In Santiago there is no midnight on 6 September 2026: it is 01:00 at once. */
  @Test
  void a_day_ends_at_midnight_even_if_it_begins_later() throws Exception {
    new Control(site.database, site.actions)
        .setHours("me", ProcessingHours.always(ZoneId.of("America/Santiago")));
    Map<String, String> ends = new LinkedHashMap<>();
    ends.put("2026-09-06T03:59:00Z", "i-the-day-before");
    ends.put("2026-09-06T04:00:00Z", "i-first");
    ends.put("2026-09-07T02:59:00Z", "i-last");
    ends.put("2026-09-07T03:00:00Z", "i-the-day-after");
    for (Map.Entry<String, String> end : ends.entrySet()) {
      site.clock.set(end.getKey());
      site.make("n");
      site.end(end.getValue(), _ -> null);
    }
    viewer = site.signedIn(Role.VIEWER);
    String csv = page("/workers/report.csv?day=2026-09-06");
    assertEquals(
        List.of("i-first", "i-last"),
        csv.lines().skip(1).map(line -> line.substring(0, line.indexOf(','))).toList());
  }

  @Test
  void checks_say_what_holds_and_show_their_queries() throws Exception {
    site.make("a", "b");
    site.end("w", job -> job.endsWith("2-1") ? "E" : null);
    String page = page("/checks");
    assertTrue(page.contains("all hold"), page);
    assertTrue(page.contains("2 tasks = 2 ended + 0 open"), page);
    assertTrue(page.contains("begun_at &gt;= closes_at") || page.contains("begun_at >= closes_at"));
    site.clock.pass(Duration.ofMinutes(2));
    site.database.inTransaction(handle -> handle.execute("delete from result where task_id = 1"));
    assertTrue(page("/checks").contains("✗ no"), page("/checks"));
    assertTrue(page("/checks").contains("not all hold"));
  }
}
