package com.amazonaws.jobprocessor.boss.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.api.Upload;
import com.amazonaws.jobprocessor.boss.api.Uploads;
import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.boss.page.TestSite.Reply;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Retention;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskList;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Creating tasks, the overview, the switch and the hours. */
@Timeout(120)
abstract class WorkPagesContract {
  private static final String BOUNDARY = "----x";

  /** An empty database. */
  abstract Database open() throws Exception;

  private TestSite site;
  private String operator;

  @BeforeEach
  void set_up() throws Exception {
    site = new TestSite(open());
    operator = site.signedIn(Role.OPERATOR);
  }

  @AfterEach
  void tear_down() {
    if (site != null) {
      site.close();
    }
  }

  private String field(String page, String name) throws Exception {
    Matcher field =
        Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"")
            .matcher(site.get(operator, page).body());
    assertTrue(field.find(), name);
    return field.group(1);
  }

  private int count() {
    return new TaskList(site.database)
        .page(new TaskList.Wanted(TaskFilter.ALL, TaskList.Order.CREATED, true, null, 1_000))
        .items()
        .size();
  }

  private Reply upload(String once, String file) throws Exception {
    String key = field("/new", "form_key");
    StringBuilder body = new StringBuilder();
    part(body, "name=\"form_key\"", key);
    part(body, "name=\"once\"", once);
    part(body, "name=\"batch\"", "night <b>");
    part(body, "name=\"file\"; filename=\"<x>.csv\"\r\nContent-Type: text/csv", file);
    body.append("--").append(BOUNDARY).append("--\r\n");
    return site.send(
        operator,
        "POST",
        "/new/upload",
        "multipart/form-data; boundary=" + BOUNDARY,
        BodyPublishers.ofString(body.toString()));
  }

  private static void part(StringBuilder body, String head, String value) {
    body.append("--").append(BOUNDARY).append("\r\nContent-Disposition: form-data; ").append(head);
    body.append("\r\n\r\n").append(value).append("\r\n");
  }

  @Test
  void a_task_is_made_once_however_often_the_form_is_sent() throws Exception {
    String once = field("/new", "once");
    for (int i = 0; i < 2; i++) {
      Reply made =
          site.post(
              operator,
              "/new",
              "/new/task",
              "once",
              once,
              "name",
              "<b>Miller</b>",
              "payload",
              "a\nb",
              "priority",
              "5");
      assertEquals(303, made.status(), made.body());
    }
    assertEquals(1, count());
    assertEquals("a\nb", site.tasks.payload(1).orElseThrow());
    Reply other =
        site.post(
            operator,
            "/new",
            "/new/task",
            "once",
            once,
            "name",
            "n",
            "payload",
            "other",
            "priority",
            "0");
    assertEquals(303, other.status());
    assertEquals(2, count());
    String log = site.get(operator, "/actions").body();
    assertTrue(log.contains("tasks.create") && log.contains("operator"), log);
  }

  @ParameterizedTest
  @CsvSource({"'', p, 0", "n, '', 0", "n, p, x", "n, p, 1001", "n, p, ''"})
  void a_task_that_is_wrong_is_not_made(String name, String payload, String priority)
      throws Exception {
    Reply reply =
        site.post(
            operator,
            "/new",
            "/new/task",
            "once",
            "0".repeat(48),
            "name",
            name,
            "payload",
            payload,
            "priority",
            priority);
    assertEquals(422, reply.status());
    assertTrue(reply.body().contains("No task was made"), reply.body());
    assertEquals(0, count());
  }

  @Test
  void a_file_makes_all_its_tasks_or_names_each_bad_line() throws Exception {
    Reply bad =
        upload("1".repeat(48), "name,payload\nok,1\n,2\n\"<img src=x>\",\nthree,3,3\nlast,4\n");
    assertEquals(422, bad.status());
    assertTrue(bad.body().contains("3 of 5 tasks are wrong"), bad.body());
    for (String line : new String[] {"line 3", "line 4", "line 5"}) {
      assertTrue(bad.body().contains("<li>" + line), line);
    }
    assertFalse(bad.body().contains("<img"), bad.body());
    assertTrue(bad.body().contains("value=\"night &lt;b"), bad.body());
    assertEquals(0, count());
    for (int i = 0; i < 2; i++) {
      assertEquals(303, upload("1".repeat(48), "name,payload\nok,1\nalso,2\n").status());
    }
    assertEquals(2, count());
    assertFalse(site.get(operator, "/").body().contains("night <b>"));
  }

  @Test
  void of_many_bad_lines_the_first_are_named_and_all_are_counted() throws Exception {
    Reply bad = upload("1".repeat(48), "name,payload\n" + ",x\n".repeat(250));
    assertEquals(422, bad.status());
    assertTrue(
        bad.body().contains("250 of 250 tasks are wrong (the first 100 are named)"), bad.body());
    assertEquals(100, bad.body().split("<li>line ", -1).length - 1);
    assertTrue(site.get(operator, "/new").body().contains("bad lines are named, the first 100"));
  }

  @Test
  void a_file_has_at_most_so_many_tasks_and_bytes() throws Exception {
    Reply many = upload("1".repeat(48), "name,payload\n" + "n,p\n".repeat(Upload.MAX_TASKS + 1));
    assertEquals(413, many.status());
    assertTrue(many.body().contains("a request may have 200000 tasks"), many.body());
    String head = "name,payload\nn,";
    String most = head + "x".repeat((int) Uploads.MAX_BYTES - head.length());
    // One that has as many as it may is read, and has too large a payload.
    Reply read = upload("2".repeat(48), most);
    assertTrue(read.body().contains("the body is not CSV that can be read"), read.body());
    Reply large = upload("3".repeat(48), most + "x");
    assertEquals(422, large.status());
    assertTrue(large.body().contains("the file has more than 64 MiB"), large.body());
    assertEquals(0, count());
  }

  @ParameterizedTest
  @CsvSource({"'', 422", "nonsense, 400", "'\"', 400", "'name,payload', 422"})
  void a_file_that_is_none_is_refused(String file, int status) throws Exception {
    Reply reply = upload("2".repeat(48), file);
    assertEquals(status, reply.status(), reply.body());
    assertTrue(reply.body().contains("No task was made"), reply.body());
  }

  @Test
  void test_data_comes_by_a_button() throws Exception {
    Reply made =
        site.post(
            operator,
            "/new",
            "/new/test",
            "once",
            field("/new", "once"),
            "count",
            "200",
            "bad",
            "50");
    assertEquals(303, made.status(), made.body());
    assertEquals(200, count());
    assertTrue(site.get(operator, made.header("Location")).body().contains("The tasks are made."));
    Reply many =
        site.post(
            operator, "/new", "/new/test", "once", "0".repeat(48), "count", "200001", "bad", "5");
    assertEquals(422, many.status());
    assertEquals(200, count());
  }

  @Test
  void the_overview_shows_how_it_stands() throws Exception {
    assertTrue(site.get(operator, "/").body().contains("There are no tasks yet"));
    site.make("a", "b", "c d", "e", "f", "g", "h", "i", "j", "k", "l", "m");
    site.end("worker-1", id -> id.endsWith("3-1") ? "PermanentJobFailure" : null);
    site.make("later");
    site.clock.pass(Duration.ofSeconds(90));
    String page = site.get(operator, "/").body();
    assertTrue(page.contains("id=\"tile-succeeded\" href=\"/tasks?state=succeeded\">"), page);
    assertTrue(page.contains("role=\"img\" aria-label=\"Tasks that ended a minute"), page);
    assertTrue(page.contains(">Dispatching<"), page);
    assertTrue(page.contains("about 12:0"), page);
  }

  @Test
  void the_end_that_is_shown_is_the_planners_and_inside_the_hours() throws Exception {
    site.make(IntStream.range(0, 60).mapToObj(i -> "account " + i).toArray(String[]::new));
    site.end(20, "worker-1", _ -> null);
    site.clock.pass(Duration.ofSeconds(194));
    // Twenty in 200 seconds; so the others take 400, of which the hours have 60 today.
    new Control(site.database, site.actions)
        .setHours(
            "me",
            new ProcessingHours(
                ZoneId.of("UTC"),
                List.of(
                    Window.parse("friday", "11:00", "12:04"),
                    Window.parse("saturday", "11:00", "12:00"))));
    site.clock.set("2026-01-02T12:03:00Z");
    Instant end = site.costs.outlooks().get().plan().doneAt();
    assertTrue(String.valueOf(end).startsWith("2026-01-03T11:0"), String.valueOf(end));
    String page = site.get(operator, "/").body();
    assertTrue(page.contains("about 2026-01-03 11:0"), page);
    String costs = site.get(operator, "/costs").body();
    assertTrue(costs.contains("about 2026-01-03 11:0"), costs);
    site.post(operator, "/dispatch/pause", "/dispatch/pause");
    site.clock.pass(Duration.ofSeconds(2));
    assertEquals(null, site.costs.outlooks().get().plan().doneAt());
    assertTrue(site.get(operator, "/").body().contains("<small>paused</small>"));
  }

  @Test
  void a_batch_whose_tasks_are_not_kept_any_more_has_ended() throws Exception {
    site.make("a", "b", "c", "d");
    site.end(3, "worker-1", _ -> null);
    site.clock.pass(Duration.ofDays(5));
    site.end(1, "worker-1", _ -> null);
    site.make("waits");
    site.clock.pass(Duration.ofDays(5));
    assertEquals(3, new Retention(site.database, Duration.ofDays(7), site.clock).apply());
    String page = site.get(site.signedIn(Role.VIEWER), "/").body();
    assertTrue(page.contains("aria-label=\"100 % ended\""), page);
    assertTrue(page.contains("aria-label=\"0 % ended\""), page);
  }

  @Test
  void starting_and_pausing_is_asked_and_then_done() throws Exception {
    site.make("a");
    assertTrue(site.get(operator, "/").body().contains("href=\"/dispatch/pause\""));
    assertTrue(site.get(operator, "/dispatch/pause").body().contains("No further task goes out"));
    assertFalse(site.settings.dispatch().paused());
    Reply paused = site.post(operator, "/dispatch/pause", "/dispatch/pause");
    assertEquals("/?done=paused", paused.header("Location"));
    assertTrue(site.settings.dispatch().paused());
    assertTrue(site.get(operator, "/dispatch/start").body().contains("Waiting, as of now: 1."));
    site.post(operator, "/dispatch/start", "/dispatch/start");
    assertFalse(site.settings.dispatch().paused());
    assertEquals(2, site.news);
  }

  @Test
  void hours_are_set_day_by_day_and_each_mistake_is_named() throws Exception {
    String shown = field("/hours", "shown");
    Reply wrong =
        site.post(
            operator,
            "/hours",
            "/hours",
            "shown",
            shown,
            "zone",
            "Mars/Olympus",
            "monday",
            "22:00-06:00, 25:00-26:00",
            "tuesday",
            "<b>");
    assertEquals(422, wrong.status());
    assertTrue(wrong.body().contains("The time zone is none"), wrong.body());
    assertTrue(wrong.body().contains("25:00-26:00\u201d is not"), wrong.body());
    assertTrue(wrong.body().contains("Tuesday:"), wrong.body());
    assertTrue(wrong.body().contains("value=\"22:00-06:00, 25:00-26:00\""), wrong.body());
    assertFalse(wrong.body().contains("<b>\u201d"), wrong.body());
    Reply set =
        site.post(
            operator,
            "/hours",
            "/hours",
            "shown",
            shown,
            "zone",
            "Europe/Berlin",
            "friday",
            "22:00\u201306:00, 12:00-14:00");
    assertEquals("/hours?done=hours", set.header("Location"), set.body());
    assertEquals("Europe/Berlin", site.settings.dispatch().hours().zone().getId());
    assertEquals(2, site.settings.dispatch().hours().windows().size());
    Reply late =
        site.post(operator, "/hours", "/hours", "shown", shown, "zone", "UTC", "monday", "");
    assertEquals(422, late.status());
    assertTrue(late.body().contains("changed the hours meanwhile"), late.body());
    assertTrue(site.get(operator, "/").body().contains(">Dispatching<"));
    site.clock.pass(Duration.ofHours(3));
    String closed = site.get(site.signedIn(Role.OPERATOR), "/").body();
    assertTrue(closed.contains(">Closed<") && closed.contains("22:00 Europe/Berlin"), closed);
  }

  @Test
  void limits_are_numbers() throws Exception {
    Reply wrong =
        site.post(operator, "/hours", "/hours/pace", "per_minute", "-1", "dispatch_ahead", "0");
    assertEquals(422, wrong.status());
    site.post(operator, "/hours", "/hours/pace", "per_minute", "600", "dispatch_ahead", "5");
    assertEquals(600, site.settings.dispatch().perMinute());
    assertEquals(5, site.settings.dispatch().aheadMinutes());
  }

  @Test
  void what_is_live_is_sent_again_and_again_until_the_session_ends() throws Exception {
    assertEquals(401, site.get("", "/live").status());
    String viewer = site.signedIn(Role.VIEWER);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<InputStream> stream =
          client.send(
              HttpRequest.newBuilder(URI.create(site.url("/live")))
                  .header("Cookie", viewer)
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertEquals(200, stream.statusCode());
      assertTrue(
          stream.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream"));
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
        await(lines, "There are no tasks yet");
        site.make("<i>new</i>");
        site.clock.pass(Duration.ofSeconds(20));
        await(lines, ">1</a> <small>to go out");
        site.users.setDisabled("test", site.users.find("viewer").orElseThrow().id(), true);
        await(lines, "event: over");
      }
    }
  }

  private static void await(BufferedReader lines, String text) throws Exception {
    String line = lines.readLine();
    while (line != null && !line.contains(text)) {
      line = lines.readLine();
    }
    assertTrue(line != null, text);
  }
}
