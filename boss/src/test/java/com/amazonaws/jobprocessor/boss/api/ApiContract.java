package com.amazonaws.jobprocessor.boss.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.hours.TestHours;
import com.amazonaws.jobprocessor.boss.plan.Load;
import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.plan.Pace;
import com.amazonaws.jobprocessor.boss.plan.Plan;
import com.amazonaws.jobprocessor.boss.plan.TestTerms;
import com.amazonaws.jobprocessor.boss.plan.WorkCost;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Answer;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Forecasts;
import com.amazonaws.jobprocessor.boss.store.Forecasts.Forecast;
import com.amazonaws.jobprocessor.boss.store.Hooks;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.SetClock;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.TableDump;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Views;
import com.amazonaws.jobprocessor.boss.store.WorkRun;
import com.amazonaws.jobprocessor.boss.store.WorkRuns;
import com.amazonaws.jobprocessor.cost.Usd;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.HandlerType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API over HTTP on the embedded database; each answer is held to openapi.json. */
abstract class ApiContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMIN = "a".repeat(48);

  /** An empty database. */
  abstract Database open() throws Exception;

  private final SetClock clock = new SetClock("2026-01-02T12:00:00Z");
  private final HttpClient client = HttpClient.newHttpClient();
  private Database database;
  private Settings settings;
  private Tasks tasks;
  private Actions actions;
  private Outbox outbox;
  private Operations operations;
  private Api api;
  private Routes routes;
  private String read;
  private String operate;
  private Hooks hooks;
  private Nights nights;
  private Forecasts forecasts;
  private Outlook outlook =
      new Outlook(Instant.EPOCH, null, new Load(0, 0), Pace.NONE, Plan.UNKNOWN);
  private final PayloadReader payloads =
      pointer -> {
        if (pointer.equals("gone")) {
          throw new PayloadReader.CannotRead(409, "PayloadMissing: gone");
        }
        if (pointer.equals("full")) {
          throw new IllegalStateException(new SQLException("could not extend file", "53100"));
        }
        return "from S3: " + pointer;
      };
  private int news;

  /** An answer. */
  private record Reply(int status, String type, String body, HttpResponse<String> response) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new AssertionError(body, e);
      }
    }
  }

  @BeforeEach
  void set_up() throws Exception {
    database = open();
    settings = new Settings(database, ZoneId.of("UTC"));
    actions = new Actions(database, clock);
    tasks = new Tasks(database, settings, actions, clock);
    outbox = new Outbox(database, settings, clock, "boss");
    operations = new Operations(database, tasks, actions, clock);
    Census census = new Census(database, clock);
    Tokens tokens = new Tokens(database, actions, clock);
    Results results = new Results(database);
    Runnable count = () -> news++;
    hooks =
        new Hooks(database, clock, new Hooks.Listeners(List.of("http://127.0.0.1/"), _ -> "{}"));
    nights = new Nights(database, hooks, clock);
    forecasts = new Forecasts(database, clock);
    routes =
        new Routes(
            new Routes.Data(tasks, results, census, operations, tokens, payloads, count),
            Views.of(database, settings, clock),
            new Switches(settings, new Control(database, actions), census, clock, count),
            new Reports(results, census, actions),
            new PlanPages(() -> outlook, forecasts, nights, hooks, costs()));
    api = new Api(routes, tokens, ADMIN, Site.NONE, "127.0.0.1", 0);
    read = tokens.create("me", "reader", Tokens.Scope.READ);
    operate = tokens.create("me", "operator", Tokens.Scope.OPERATE);
  }

  @AfterEach
  void tear_down() {
    client.close();
    if (database != null) {
      api.close();
      database.close();
    }
  }

  private Costs costs() {
    return new Costs(
        () -> outlook, new WorkRuns(database, clock), new WorkCost(TestTerms.terms(), true));
  }

  private Reply call(
      String token, String method, String path, String type, BodyPublisher body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    String answered = response.headers().firstValue("Content-Type").orElse("");
    Reply reply = new Reply(response.statusCode(), answered, response.body(), response);
    Contract.check(method, path, reply.status(), answered, reply.body());
    return reply;
  }

  private Reply get(String path) throws Exception {
    return call(read, "GET", "/api/v1" + path, "", BodyPublishers.noBody());
  }

  private Reply send(String method, String path, String json, String... headers) throws Exception {
    return call(
        operate,
        method,
        "/api/v1" + path,
        "application/json",
        BodyPublishers.ofString(json),
        headers);
  }

  private Reply csv(String text) throws Exception {
    return call(
        operate, "POST", "/api/v1/tasks", "text/csv; charset=utf-8", BodyPublishers.ofString(text));
  }

  private static String tasksJson(int count) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add("{\"name\":\"n" + i + "\",\"payload\":\"p" + i + "\"}");
    }
    return "{\"tasks\":[" + String.join(",", all) + "]}";
  }

  /** Dispatches and ends all that wait. */
  private void end(String result, @Nullable String error) throws Exception {
    end(result, error, false);
  }

  private void end(String result, @Nullable String error, boolean inS3) throws Exception {
    outbox.plan((set, outstanding, recent) -> 1000);
    List<Answer> answers = new ArrayList<>();
    outbox.send(
        1000,
        1 << 20,
        (parcels, _) -> {
          for (Outbox.Parcel parcel : parcels) {
            answers.add(
                new Answer(
                    new Answer.Source("q", "m", 0),
                    parcel.jobId(),
                    "w-1",
                    1,
                    1500,
                    "m",
                    result,
                    inS3,
                    error,
                    error == null ? null : "why"));
          }
          return Collections.nCopies(parcels.size(), Fate.SENT);
        });
    new Answers(database, settings, clock).store(answers, List.of());
    clock.pass(Duration.ofSeconds(6));
  }

  @Test
  void the_file_and_the_routes_say_the_same() throws Exception {
    JsonNode file = get("/openapi.json").json();
    Set<String> written = new TreeSet<>();
    file.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            written.add(
                                method.getKey().toUpperCase(java.util.Locale.ROOT)
                                    + " "
                                    + path.getKey()
                                    + " "
                                    + method.getValue().path("x-scope").asText("none"))));
    Set<String> served = new TreeSet<>();
    for (Api.Route route : routes.all()) {
      served.add(
          route.method().name()
              + " "
              + Api.ROOT
              + route.path()
              + " "
              + (route.scope() == null ? "none" : route.scope().text()));
    }
    assertEquals(served, written);
    assertTrue(file.path("openapi").asText().startsWith("3.1"));
  }

  @Test
  void tasks_come_in_and_are_listed_page_by_page() throws Exception {
    Reply created = send("POST", "/tasks", tasksJson(45));
    assertEquals(201, created.status());
    assertEquals(1, news);
    assertEquals(45, created.json().path("count").asInt());
    int seen = 0;
    String next = "";
    do {
      JsonNode page = get("/tasks?state=waiting&limit=20" + next).json();
      seen += page.path("items").size();
      next = page.path("next").isNull() ? "" : "&after=" + page.path("next").asText();
    } while (!next.isEmpty());
    assertEquals(45, seen);
    String id = created.json().path("first_task").asText();
    assertEquals("p0", get("/tasks/" + id).json().path("payload").asText());
    String batch = created.json().path("batch").asText();
    assertEquals(45, get("/batches/" + batch).json().path("tasks").path("waiting").asInt());
    assertEquals(1, get("/batches").json().path("items").size());
  }

  @Test
  void a_csv_comes_in_whatever_its_columns_are_ordered_like() throws Exception {
    Reply created =
        csv("\uFEFFpriority,payload,name\r\n5,\"a, \"\"b\"\"\r\nc\",first\r\n,x,second\r\n");
    assertEquals(201, created.status(), created.body());
    String id = created.json().path("first_task").asText();
    JsonNode task = get("/tasks/" + id).json();
    assertEquals("a, \"b\"\r\nc", task.path("payload").asText());
    assertEquals(5, task.path("priority").asInt());
    assertEquals("first", task.path("name").asText());
  }

  @Test
  void every_bad_line_is_named_and_nothing_is_made() throws Exception {
    Reply refused =
        csv("name,payload,priority\na,b,1\n,b,1\na,\"x\ny\",1\na,b\na,b,c\na,,\na,b,9999\n");
    assertEquals(422, refused.status());
    List<String> at = new ArrayList<>();
    refused.json().path("errors").forEach(error -> at.add(error.path("at").asText()));
    assertEquals(List.of("line 3", "line 6", "line 7", "line 8", "line 9"), at);
    assertEquals(0, get("/tasks").json().path("items").size());
    Reply json =
        send(
            "POST",
            "/tasks",
            "{\"tasks\":[{\"name\":\"a\",\"payload\":\"b\"},{\"name\":\"a\"},7,"
                + "{\"name\":\"a\",\"payload\":\"b\",\"x\":1},{\"name\":\"a\",\"payload\":\"\\u0000\"},"
                + "{\"name\":\"a\",\"payload\":\"b\",\"priority\":1.5}]}");
    assertEquals(422, json.status());
    List<String> places = new ArrayList<>();
    json.json().path("errors").forEach(error -> places.add(error.path("at").asText()));
    assertEquals(List.of("tasks[1]", "tasks[2]", "tasks[3]", "tasks[4]", "tasks[5]"), places);
    assertEquals(0, get("/tasks").json().path("items").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"tasks\":[]}",
        "{\"tasks\":{}}",
        "{\"tasks\":[{]}",
        "null",
        "{\"x\":1}",
        "{\"tasks\":[{\"name\":\"a\",\"payload\":\"b\"}]} x",
        "{\"batch\":1,\"tasks\":[]}",
        "{\"tasks\":[{\"name\":\"a\",\"name\":\"b\",\"payload\":\"b\"}]}"
      })
  void what_is_no_tasks_is_refused_and_not_quoted(String body) throws Exception {
    Reply refused = send("POST", "/tasks", body);
    assertTrue(refused.status() == 400 || refused.status() == 422, refused.body());
    assertEquals("application/problem+json", refused.type());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "payload\nx\n",
        "name,payload,other\na,b,c\n",
        "name,name,payload\na,b,c\n",
        "name,payload\n"
      })
  void what_is_no_csv_of_tasks_is_refused(String body) throws Exception {
    int status = csv(body).status();
    assertTrue(status == 400 || status == 422, String.valueOf(status));
  }

  @Test
  void bytes_that_are_no_utf8_are_refused() throws Exception {
    byte[] latin = {
      'n', 'a', 'm', 'e', ',', 'p', 'a', 'y', 'l', 'o', 'a', 'd', '\n', (byte) 0xFC, ',', 'x'
    };
    Reply refused =
        call(operate, "POST", "/api/v1/tasks", "text/csv", BodyPublishers.ofByteArray(latin));
    assertEquals(400, refused.status(), refused.body());
    assertEquals(
        415,
        call(operate, "POST", "/api/v1/tasks", "text/plain", BodyPublishers.ofString("x"))
            .status());
  }

  @Test
  void an_idempotency_key_makes_a_request_one() throws Exception {
    Reply one = send("POST", "/tasks", tasksJson(2), "Idempotency-Key", "k1");
    Reply two = send("POST", "/tasks", tasksJson(2), "Idempotency-Key", "k1");
    assertEquals(one.body(), two.body());
    assertEquals(422, send("POST", "/tasks", tasksJson(3), "Idempotency-Key", "k1").status());
    assertEquals(2, get("/tasks").json().path("items").size());
    String cancel = "{\"kind\":\"cancel\",\"filter\":{},\"reason\":\"r\"}";
    Reply asked = send("POST", "/operations", cancel, "Idempotency-Key", "k2");
    clock.pass(Duration.ofSeconds(1));
    Reply again = send("POST", "/operations", cancel, "Idempotency-Key", "k2");
    assertEquals(asked.body(), again.body());
    assertEquals(1, get("/operations").json().path("items").size());
    String other = cancel.replace("cancel", "retry");
    assertEquals(422, send("POST", "/operations", other, "Idempotency-Key", "k2").status());
    assertEquals(422, send("POST", "/operations", cancel, "Idempotency-Key", "k1").status());
    send("POST", "/operations", cancel);
    assertEquals(2, get("/operations").json().path("items").size());
  }

  @Test
  void who_may_what() throws Exception {
    assertEquals(401, call("", "GET", "/api/v1/tasks", "", BodyPublishers.noBody()).status());
    assertEquals(
        401, call("nonsense", "GET", "/api/v1/tasks", "", BodyPublishers.noBody()).status());
    assertEquals(
        403, call(read, "POST", "/api/v1/dispatch/pause", "", BodyPublishers.noBody()).status());
    assertFalse(settings.dispatch().paused());
    assertEquals(403, send("POST", "/tokens", "{\"name\":\"x\",\"scope\":\"operate\"}").status());
    Reply made =
        call(
            ADMIN,
            "POST",
            "/api/v1/tokens",
            "application/json",
            BodyPublishers.ofString("{\"name\":\"x\",\"scope\":\"read\"}"));
    assertEquals(201, made.status());
    read = made.json().path("token").asText();
    assertEquals(200, get("/tasks").status());
    // Every route but the file wants a token.
    for (Api.Route route : routes.all()) {
      if (route.scope() != null) {
        String path = Api.ROOT + route.path().replace("{id}", "1");
        assertEquals(
            401, call("", route.method().name(), path, "", BodyPublishers.noBody()).status(), path);
      }
    }
  }

  @Test
  void results_are_pages_lines_and_csv() throws Exception {
    send("POST", "/tasks", tasksJson(3));
    end("say \"hi\",\nü", null);
    JsonNode page = get("/results?limit=2").json();
    assertEquals(2, page.path("items").size());
    assertEquals(1.5, page.path("items").get(0).path("duration_seconds").asDouble());
    JsonNode last = get("/results?after=" + page.path("next").asText()).json();
    assertEquals(1, last.path("items").size());
    assertEquals(
        0, get("/results?after=" + last.path("next").asText()).json().path("items").size());
    Reply lines = get("/results?format=jsonl");
    assertEquals(3, lines.body().lines().count());
    assertEquals(
        "say \"hi\",\nü",
        JSON.readTree(lines.body().lines().findFirst().orElse("")).path("body").asText());
    Reply table = get("/results?format=csv&state=succeeded");
    assertTrue(table.body().startsWith("task,run,name,"), table.body());
    assertTrue(table.body().contains("\"say \"\"hi\"\",\nü\""), table.body());
    assertEquals(1, get("/results?format=csv&state=failed").body().lines().count());
    JsonNode report = get("/reports/workers").json().path("items").get(0);
    assertEquals(3, report.path("succeeded").asInt());
    assertEquals(4.5, report.path("busy_seconds").asDouble());
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl"})
  void results_whose_end_cannot_be_read_have_no_end(String format) throws Exception {
    send("POST", "/tasks", tasksJson(1_000));
    end("x".repeat(50_000), null);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + api.port() + "/api/v1/results?format=" + format))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + read)
            .build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, response.statusCode());
    try (InputStream body = response.body()) {
      assertEquals(100_000, body.readNBytes(100_000).length);
      // What the boss reads now is far from the end: 50 MB do not fit between the two.
      database.inTransaction(handle -> handle.execute("alter table result rename to away"));
      assertThrows(IOException.class, body::readAllBytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "csv", "jsonl"})
  void answers_that_nobody_reads_are_few_at_a_time(String format) throws Exception {
    send("POST", "/tasks", tasksJson(4));
    end("x".repeat(1_000_000), null);
    String path = "/results?format=" + format;
    List<Socket> mute = new ArrayList<>();
    try {
      Reply reply = get(path);
      while (reply.status() == 200 && mute.size() < 20) {
        mute.add(ask(path));
        reply = get(path);
      }
      assertEquals(503, reply.status());
      assertEquals("1", reply.response().headers().firstValue("Retry-After").orElse(""));
      assertEquals(200, get("/tasks").status());
      assertEquals(200, get("/reports/workers").status());
    } finally {
      for (Socket one : mute) {
        one.close();
      }
    }
    await().untilAsserted(() -> assertEquals(200, get(path).status()));
  }

  /** Asks for something and reads nothing. */
  private Socket ask(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port()));
    socket
        .getOutputStream()
        .write(
            "GET /api/v1%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, read)
                .getBytes(UTF_8));
    return socket;
  }

  @Test
  void a_result_is_given_as_it_is_and_fetched_if_it_is_in_s3() throws Exception {
    send("POST", "/tasks", tasksJson(2));
    assertEquals(409, get("/tasks/1/body").status());
    end("<b>\nü", null);
    Reply plain = get("/tasks/1/body");
    assertEquals("<b>\nü", plain.body());
    assertEquals("text/plain;charset=utf-8", plain.type().replace(" ", ""));
    assertEquals(404, get("/tasks/9/body").status());
    send("POST", "/tasks", tasksJson(1));
    end("key", null, true);
    assertEquals("from S3: key", get("/tasks/3/body").body());
    assertTrue(get("/tasks/3").json().path("answers").get(0).path("in_s3").asBoolean());
    send("POST", "/tasks", tasksJson(1));
    end("gone", null, true);
    Reply gone = get("/tasks/4/body");
    assertEquals(409, gone.status());
    assertEquals("PayloadMissing: gone", gone.json().path("detail").asText());
  }

  @Test
  void a_database_without_room_is_said_to_have_none() throws Exception {
    send("POST", "/tasks", tasksJson(1));
    end("full", null, true);
    Reply full = get("/tasks/1/body");
    assertEquals(503, full.status());
    assertEquals(
        "the boss's database has no room left on its disk; send it again in a moment",
        full.json().path("detail").asText());
    assertEquals("5", full.response().headers().firstValue("Retry-After").orElse(""));
  }

  @Test
  void the_plan_its_forecasts_the_nights_and_webhooks_are_shown() throws Exception {
    JsonNode unknown = get("/plan").json();
    assertTrue(unknown.path("done_at").isNull() && unknown.path("needed").isNull());
    Instant end = clock.instant().plusSeconds(60);
    outlook =
        new Outlook(
            clock.instant(),
            end,
            new Load(9, 1.5),
            new Pace(2, 0.5),
            new Plan(
                end, 3L, new Plan.Needed(4, true, Duration.ofSeconds(60), end, Usd.of("1.23456"))));
    JsonNode plan = get("/plan").json();
    assertEquals(4, plan.path("needed").path("boxes").asInt());
    assertEquals(1.2346, plan.path("needed").path("dollars").asDouble());
    send("POST", "/tasks", tasksJson(1));
    nights.look(TestHours.until(end));
    assertTrue(forecasts.keep(new Forecast(end, 9, 1.5, 2, 0.5, end, 3L, 4, "1.2346")));
    end("done", null);
    clock.pass(Duration.ofSeconds(24));
    nights.look(TestHours.until(end));
    JsonNode forecast = get("/forecasts?limit=1").json().path("items").get(0);
    assertEquals(-30.0, forecast.path("error_seconds").asDouble());
    assertEquals(1.2346, forecast.path("dollars").asDouble());
    send("POST", "/tasks", tasksJson(1));
    nights.look(TestHours.never());
    JsonNode night = get("/nights").json().path("items").get(0);
    assertEquals(1, night.path("left_at_end").asInt());
    assertEquals("none", night.path("boxes_state").asText());
    JsonNode hook = get("/webhooks").json().path("items").get(0);
    assertEquals("window.work_left", hook.path("event").asText());
    assertEquals("waiting", hook.path("state").asText());
  }

  @Test
  void a_failed_task_is_found_and_run_again() throws Exception {
    String id = send("POST", "/tasks", tasksJson(1)).json().path("first_task").asText();
    assertEquals(409, send("POST", "/tasks/" + id + "/retry", "").status());
    end("p0", "java.io.IOException");
    assertEquals(1, get("/tasks?error=java.io.IOException&worker=w-1").json().path("items").size());
    assertEquals(
        "why", get("/tasks/" + id).json().path("answers").get(0).path("error_message").asText());
    assertEquals(
        "waiting", send("POST", "/tasks/" + id + "/retry", "").json().path("state").asText());
    assertEquals(
        "cancelled", send("POST", "/tasks/" + id + "/cancel", "").json().path("state").asText());
    assertEquals(404, send("POST", "/tasks/999/cancel", "").status());
  }

  @Test
  void hours_are_set_as_a_whole_or_not_at_all() throws Exception {
    String hours =
        "{\"time_zone\":\"Europe/Berlin\",\"windows\":[{\"day\":\"friday\",\"from\":\"22:00\",\"to\":\"24:00\"}]}";
    assertEquals(JSON.readTree(hours), send("PUT", "/hours", hours).json());
    assertEquals(JSON.readTree(hours), get("/hours").json());
    JsonNode dispatch = get("/dispatch").json();
    assertFalse(dispatch.path("open").asBoolean());
    assertEquals("2026-01-02T21:00:00Z", dispatch.path("next_opening").asText());
    for (String bad :
        List.of(
            hours.replace("Berlin", "Nowhere"),
            hours.replace("22:00", "25:00"),
            hours.replace("friday", "fryday"),
            hours.replace("\"24:00\"", "7"),
            "{\"time_zone\":\"UTC\"}")) {
      int status = send("PUT", "/hours", bad).status();
      assertTrue(status == 422 || status == 400, bad);
    }
    assertEquals(JSON.readTree(hours), get("/hours").json());
    assertEquals(200, send("PUT", "/hours", "{\"time_zone\":\"UTC\",\"windows\":[]}").status());
  }

  @Test
  void the_dispatch_is_paused_started_and_bounded() throws Exception {
    assertTrue(send("POST", "/dispatch/pause", "").json().path("paused").asBoolean());
    assertFalse(send("POST", "/dispatch/start", "").json().path("paused").asBoolean());
    JsonNode set = send("PUT", "/dispatch", "{\"per_minute\":600}").json();
    assertEquals(600, set.path("per_minute").asInt());
    assertEquals(10, set.path("dispatch_ahead").asInt());
    assertEquals(400, send("PUT", "/dispatch", "{\"dispatch_ahead\":0}").status());
    assertEquals(400, send("PUT", "/dispatch", "{\"per_minute\":\"1\"}").status());
    assertEquals(
        "dispatch.pace", get("/actions").json().path("items").get(0).path("what").asText());
  }

  @Test
  void an_operation_is_asked_for_watched_and_stopped() throws Exception {
    send("POST", "/tasks", tasksJson(3));
    Reply asked =
        send(
            "POST",
            "/operations",
            "{\"kind\":\"cancel\",\"filter\":{\"state\":\"waiting\"},\"reason\":\"r\",\"delay_seconds\":0}");
    assertEquals(202, asked.status());
    String path = "/operations/" + asked.json().path("id").asText();
    assertEquals(3, get(path).json().path("matching").asInt());
    assertTrue(operations.step());
    assertEquals("done", get(path).json().path("state").asText());
    assertEquals(0, get(path).json().path("failures").size());
    assertEquals(409, send("POST", path + "/stop", "").status());
    assertEquals(1, get("/operations").json().path("items").size());
    assertEquals(
        400,
        send("POST", "/operations", "{\"kind\":\"cancel\",\"filter\":{},\"reason\":\"\"}")
            .status());
    assertEquals(
        400,
        send("POST", "/operations", "{\"kind\":\"drop\",\"filter\":{},\"reason\":\"r\"}").status());
    String long_ = "{\"kind\":\"retry\",\"filter\":{\"text\":\"%s\"},\"reason\":\"r\"}";
    assertEquals(202, send("POST", "/operations", long_.formatted("x".repeat(4_091))).status());
    assertEquals(400, send("POST", "/operations", long_.formatted("x".repeat(4_092))).status());
    assertEquals(
        400,
        send(
                "POST",
                "/operations",
                "{\"kind\":\"retry\",\"filter\":{\"nme\":\"x\"},\"reason\":\"r\"}")
            .status());
  }

  @Test
  void what_belongs_to_no_task_is_shown() throws Exception {
    List<Answer> odd = new ArrayList<>();
    for (String body : List.of("<b>\nü", "key", "gone")) {
      boolean inS3 = !body.startsWith("<");
      odd.add(
          new Answer(
              new Answer.Source("q", body, 0),
              "job " + odd.size(),
              "w",
              1,
              1,
              "",
              body,
              inS3,
              inS3 ? null : "E",
              inS3 ? null : "why"));
    }
    new Answers(database, settings, clock).store(odd, List.of());
    JsonNode items = get("/strays").json().path("items");
    assertEquals("job 0", items.get(2).path("job_id").asText());
    assertEquals("E", items.get(2).path("error_type").asText());
    assertEquals("why", items.get(2).path("error_message").asText());
    assertFalse(items.get(2).path("in_s3").asBoolean());
    assertTrue(items.get(1).path("error_type").isNull());
    assertEquals("", items.get(1).path("error_message").asText());
    assertTrue(items.get(1).path("in_s3").asBoolean());
    Reply plain = get("/strays/1/body");
    assertEquals("<b>\nü", plain.body());
    assertEquals("text/plain;charset=utf-8", plain.type().replace(" ", ""));
    assertEquals("from S3: key", get("/strays/2/body").body());
    assertEquals(409, get("/strays/3/body").status());
    assertEquals(404, get("/strays/4/body").status());
  }

  @ParameterizedTest
  @CsvSource({
    "/tasks?limit=0, 400",
    "/tasks?limit=201, 400",
    "/tasks?limit=x, 400",
    "/tasks?after=-1, 400",
    "/tasks?state=odd, 400",
    "/tasks?stat=odd, 400",
    "/tasks?from=x, 400",
    "/tasks?order=x, 400",
    "/tasks?after=2026-01-01T00:00:00Z_1, 400",
    "/tasks?after=1&before=2, 400",
    "/tasks?order=changed&after=-1000000000-01-01T00:00:00Z_1, 400",
    "/tasks?order=changed&before=0000-01-01T00:00:00Z_1, 200",
    "/tasks?order=changed&after=9999-12-31T23:59:59.999999999Z_1, 200",
    "/tasks?from=0000-01-01T00:00:00-18:00, 200",
    "/tasks?to=9999-12-31T23:59:59-18:00, 200",
    "/tasks?name=%00&worker=%00&error=%00&text=%00, 200",
    "/results?name=%00, 200",
    "/reports/workers?account=%00, 200",
    "/reports/workers?by=x, 400",
    "/reports/workers?format=x, 400",
    "/tasks?batch=x, 400",
    "/results?format=xml, 400",
    "/tasks/0, 404",
    "/tasks/x%27%20or%201=1, 404",
    "/tasks/99999999999999999999, 404",
    "/batches/7, 404",
    "/operations/7, 404",
    "/nothing, 404",
    "/tasks?worker=%27%20or%20%271%27=%271, 200"
  })
  void odd_questions_get_plain_answers(String path, int status) throws Exception {
    Reply reply = get(path);
    assertEquals(status, reply.status(), reply.body());
    assertEquals(status == 200 ? "application/json" : "application/problem+json", reply.type());
  }

  @Test
  void lists_go_both_ways_and_by_time() throws Exception {
    send("POST", "/tasks", tasksJson(45));
    for (String order : List.of("created", "changed")) {
      String list = "/tasks?limit=20&order=" + order;
      JsonNode first = get(list).json();
      assertTrue(first.path("previous").isNull());
      JsonNode second = get(list + "&after=" + first.path("next").asText()).json();
      assertEquals(20, second.path("items").size());
      JsonNode back = get(list + "&before=" + second.path("previous").asText()).json();
      assertEquals(first.path("items"), back.path("items"));
      assertTrue(back.path("previous").isNull());
      assertEquals(second.path("next").asText().contains("_"), order.equals("changed"));
    }
    assertEquals(0, get("/tasks?to=2026-01-02T12:00:00Z").json().path("items").size());
    assertEquals(
        20, get("/tasks?from=2026-01-02T13:00:00%2B01:00&name=").json().path("items").size());
    assertEquals(1, get("/tasks?name=n7").json().path("items").size());
    assertEquals(11, get("/tasks?text=N1&limit=50").json().path("items").size());
    String id = get("/tasks?name=n7").json().path("items").get(0).path("id").asText();
    end("r", null);
    JsonNode changes = get("/tasks/" + id).json().path("changes");
    assertEquals(4, changes.size());
    assertEquals("operator", changes.get(0).path("who").asText());
    assertEquals(64, changes.get(3).path("sha256").asText().length());
  }

  @Test
  void an_operation_is_undone_before_it_begins() throws Exception {
    send("POST", "/tasks", tasksJson(3));
    String path =
        "/operations/"
            + send(
                    "POST",
                    "/operations",
                    "{\"kind\":\"cancel\",\"filter\":{\"text\":\"n\"},\"reason\":\"r\"}")
                .json()
                .path("id")
                .asText();
    assertEquals("scheduled", get(path).json().path("state").asText());
    assertEquals("2026-01-02T12:00:10Z", get(path).json().path("starts_at").asText());
    assertFalse(operations.step());
    assertEquals(409, send("POST", path + "/stop", "").status());
    assertEquals("undone", send("POST", path + "/undo", "").json().path("state").asText());
    assertEquals(409, send("POST", path + "/undo", "").status());
    clock.pass(Duration.ofSeconds(20));
    assertFalse(operations.step());
  }

  @Test
  void reports_failures_and_invariants_are_told() throws Exception {
    send("POST", "/tasks", tasksJson(3));
    end("p", "E");
    assertEquals(3, get("/reports/failures").json().path("failed").asInt());
    JsonNode invariants = get("/invariants").json();
    assertTrue(invariants.path("hold").asBoolean(), invariants.toString());
    assertEquals(3, invariants.path("tasks").asInt());
    for (String by : List.of("worker", "batch", "account", "day")) {
      JsonNode report = get("/reports/workers?by=" + by).json();
      assertEquals(3, report.path("answers").asInt());
      Reply csv = get("/reports/workers?format=csv&by=" + by);
      assertTrue(csv.body().startsWith(by + ",succeeded,"), csv.body());
      assertEquals(1 + report.path("items").size(), csv.body().lines().count());
    }
    assertEquals(1, get("/reports/workers?account=n1&batch=1").json().path("answers").asInt());
  }

  private Reply admin(String method, String path, String body) throws Exception {
    return call(ADMIN, method, "/api/v1" + path, "application/json", BodyPublishers.ofString(body));
  }

  @Test
  void tokens_are_listed_and_revoked_by_whoever_may_read_the_folder() throws Exception {
    JsonNode tokens = admin("GET", "/tokens", "").json().path("items");
    assertEquals(2, tokens.size());
    assertFalse(tokens.toString().contains(read), "a token is shown once");
    assertEquals("reader", tokens.get(0).path("name").asText());
    assertEquals(403, send("GET", "/tokens", "").status());
    assertEquals(403, send("POST", "/tokens/revoke", "{\"name\":\"reader\"}").status());
    assertEquals(200, get("/tasks").status());
    assertEquals(
        "reader",
        admin("POST", "/tokens/revoke", "{\"id\":\"1\"}")
            .json()
            .path("items")
            .get(0)
            .path("name")
            .asText());
    assertEquals(401, get("/tasks").status());
    assertEquals(404, admin("POST", "/tokens/revoke", "{\"name\":\"reader\"}").status());
    for (String body : List.of("{}", "{\"id\":\"1\",\"name\":\"a\"}", "{\"id\":\"-1\"}")) {
      assertEquals(400, admin("POST", "/tokens/revoke", body).status(), body);
    }
    assertEquals("null", admin("GET", "/tokens?limit=2&after=2", "").json().path("next").asText());
  }

  @Test
  void each_route_that_changes_something_leaves_a_row_in_the_log_of_actions() throws Exception {
    send("POST", "/tasks", tasksJson(2));
    end("p", "E");
    send("POST", "/tasks", tasksJson(2));
    for (int i = 0; i < 2; i++) {
      operations.create(
          "me",
          new Operations.Wanted(
              Operations.Kind.CANCEL, TaskFilter.ALL, null, "r", Operations.UNDO));
    }
    database.inTransaction(
        handle -> handle.execute("update operation set state = 'running' where id = 2"));
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("POST /tasks", tasksJson(1));
    bodies.put("POST /tasks/{id}/retry", "1");
    bodies.put("POST /tasks/{id}/cancel", "3");
    bodies.put("PUT /dispatch", "{\"per_minute\":60}");
    bodies.put("POST /dispatch/pause", "");
    bodies.put("POST /dispatch/start", "");
    bodies.put("PUT /hours", "{\"time_zone\":\"UTC\",\"windows\":[]}");
    bodies.put("POST /operations", "{\"kind\":\"cancel\",\"filter\":{},\"reason\":\"r\"}");
    bodies.put("POST /operations/{id}/undo", "1");
    bodies.put("POST /operations/{id}/stop", "2");
    bodies.put("POST /tokens", "{\"name\":\"x\",\"scope\":\"read\"}");
    bodies.put("POST /tokens/revoke", "{\"name\":\"x\"}");
    for (Map.Entry<String, String> one : bodies.entrySet()) {
      String route = one.getKey();
      boolean id = route.contains("{id}");
      boolean admin = route.startsWith("POST /tokens");
      String before = TableDump.of(database, Set.of("action"));
      Actions.Action last = actions.before(Long.MAX_VALUE, 1).getFirst();
      Reply reply =
          call(
              admin ? ADMIN : operate,
              route.split(" ", 2)[0],
              Api.ROOT + route.split(" ", 2)[1].replace("{id}", one.getValue()),
              "application/json",
              BodyPublishers.ofString(id ? "" : one.getValue()));
      assertTrue(reply.status() < 300, route + reply.body());
      assertNotEquals(before, TableDump.of(database, Set.of("action")), route);
      Actions.Action now = actions.before(Long.MAX_VALUE, 1).getFirst();
      assertTrue(now.id() > last.id(), route + " leaves nothing in the log of actions");
      assertEquals(admin ? "admin" : "operator", now.who(), route);
    }
    Set<String> changing = new TreeSet<>();
    for (Api.Route route : routes.all()) {
      if (!route.method().equals(HandlerType.GET)) {
        changing.add(route.method().name() + " " + route.path());
      }
    }
    assertEquals(changing, new TreeSet<>(bodies.keySet()));
  }

  @Test
  void an_upload_has_at_most_so_many_tasks() throws Exception {
    String all = "name,payload\n" + "n,p\n".repeat(Upload.MAX_TASKS);
    String json = tasksJson(Upload.MAX_TASKS);
    assertEquals(Upload.MAX_TASKS, Upload.csv(stream(all)).tasks().size());
    assertEquals(Upload.MAX_TASKS, Upload.json(stream(json)).tasks().size());
    for (Reply refused :
        List.of(csv(all + "n,p\n"), send("POST", "/tasks", tasksJson(Upload.MAX_TASKS + 1)))) {
      assertEquals(413, refused.status());
      assertEquals(
          "a request may have 200000 tasks; send several", refused.json().path("detail").asText());
    }
    assertEquals(0, get("/tasks").json().path("items").size());
    assertEquals(0, get("/batches").json().path("items").size());
    assertEquals(0, news);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void an_upload_has_at_most_so_many_bytes() throws Exception {
    int most = (int) Uploads.MAX_BYTES;
    String table = "name,payload\n" + ("n," + "x".repeat(1_000_000) + "\n").repeat(68);
    byte[] bytes = table.substring(0, most + 1).getBytes(UTF_8);
    String task = "{\"tasks\":[{\"name\":\"n\",\"payload\":\"p\"}]}";
    String json = " ".repeat(most - task.length()) + task;
    for (Reply refused :
        List.of(
            csv(table.substring(0, most + 1)),
            call(
                operate,
                "POST",
                "/api/v1/tasks",
                "text/csv",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))),
            send("POST", "/tasks", " " + json))) {
      assertEquals(413, refused.status(), refused.body());
      assertEquals(
          "the body has more than 67108864 bytes; send several",
          refused.json().path("detail").asText());
    }
    assertEquals(0, get("/tasks").json().path("items").size());
    assertEquals(0, news);
    assertEquals(201, send("POST", "/tasks", json).status());
  }

  @Test
  void of_many_bad_lines_the_first_are_named_and_all_are_counted() throws Exception {
    Reply hundred = csv("name,payload\n" + ",x\n".repeat(100) + "n,p\n");
    assertEquals(
        "100 of 101 tasks are wrong; none was made", hundred.json().path("detail").asText());
    assertEquals(100, hundred.json().path("errors").size());
    Reply more = csv("name,payload\n" + ",x\n".repeat(250) + "n,p\n");
    assertEquals(
        "250 of 251 tasks are wrong (the first 100 are named); none was made",
        more.json().path("detail").asText());
    assertEquals(100, more.json().path("errors").size());
    assertEquals("line 101", more.json().path("errors").get(99).path("at").asText());
  }

  @ParameterizedTest
  @CsvSource({"x, 256", "\uD83D\uDE00, 128"})
  void a_name_has_so_many_characters_as_both_databases_count_them(String one, int most)
      throws Exception {
    String name = one.repeat(most);
    assertEquals(201, csv("name,payload\n" + name + ",p\n").status());
    assertEquals(name, get("/tasks").json().path("items").get(0).path("name").asText());
    assertEquals(422, csv("name,payload\n" + name + one + ",p\n").status());
    String batch = tasksJson(1).replace("{\"tasks\"", "{\"batch\":\"%s\",\"tasks\"");
    assertEquals(201, send("POST", "/tasks", batch.formatted(name)).status());
    assertEquals(422, send("POST", "/tasks", batch.formatted(name + one)).status());
  }

  @Test
  void a_body_that_is_too_large_is_refused() throws Exception {
    String form = "{\"time_zone\":\"%s\",\"windows\":[]}";
    int most = 256 * 1024 - form.formatted("").length();
    assertEquals(422, send("PUT", "/hours", form.formatted("x".repeat(most))).status());
    // By one byte: what is left unread when the connection is closed can cost the client the
    // answer.
    assertEquals(413, send("PUT", "/hours", form.formatted("x".repeat(most + 1))).status());
  }

  @Test
  void runs_are_told_with_their_estimate_and_what_they_cost() throws Exception {
    send("POST", "/tasks", tasksJson(4));
    nights.look(TestHours.until(clock.instant().plusSeconds(3600)));
    JsonNode begun = get("/costs").json().path("items").get(0);
    assertTrue(
        begun.path("estimate").isNull() && begun.path("ended_at").isNull(), begun.toString());
    new WorkRuns(database, clock)
        .plan(
            new WorkRun.Planned(clock.instant(), clock.instant().plusSeconds(60), 2, 4, 1.5, 120));
    end("r", null);
    clock.pass(Duration.ofSeconds(84));
    nights.look(TestHours.until(clock.instant().plusSeconds(3600)));
    nights.look(TestHours.never());
    JsonNode run = get("/costs?limit=1").json().path("items").get(0);
    assertEquals(4, run.path("actual").path("tasks").asInt());
    assertEquals(60, run.path("actual").path("box_seconds").asDouble(), 1e-6);
    assertEquals(30, run.path("error_seconds").asDouble());
    double said = run.path("estimate").path("dollars").asDouble();
    double came = run.path("actual").path("dollars").asDouble();
    assertEquals(2, said / came, 0.01);
    double sum = 0;
    for (JsonNode item : run.path("actual").path("items")) {
      sum += item.path("dollars").asDouble();
    }
    assertEquals(came, sum, 1e-5);
  }

  @Test
  void no_spreadsheet_takes_a_text_for_a_formula() throws Exception {
    Map<String, String> cells = new LinkedHashMap<>();
    for (String evil :
        List.of("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\uFF1D1")) {
      cells.put(evil, "'" + evil);
    }
    for (String plain : List.of("-5", "+4.25", "-1.5e-3", "a=b", "'quoted", "", " x")) {
      cells.put(plain, plain);
    }
    cells.forEach((text, cell) -> assertEquals(cell, Cells.of(text), text));
    assertEquals(201, csv("name,payload\n\"=HYPERLINK(\"\"http://evil\"\")\",x\n").status());
    end("=1+1", "@E");
    String table = get("/results?format=csv").body();
    assertTrue(table.contains("\"'=HYPERLINK(\"\"http://evil\"\")\""), table);
    assertTrue(table.contains(",'=1+1,'@E,"), table);
    String lines = get("/results?format=jsonl").body();
    assertEquals("=1+1", JSON.readTree(lines).path("body").asText());
    String report = get("/reports/workers?by=account&format=csv").body();
    assertTrue(report.contains("\"'=HYPERLINK("), report);
  }

  @Test
  void a_token_that_is_none_is_in_the_log_of_actions_and_no_number_of_them_fills_it()
      throws Exception {
    int tries = Actions.REFUSALS_AT_ONCE + 40;
    for (int i = 0; i < tries; i++) {
      call("guess" + i, "GET", "/api/v1/tasks", "", BodyPublishers.noBody());
      call("", "GET", "/api/v1/tasks", "", BodyPublishers.noBody());
    }
    clock.pass(Duration.ofMinutes(1));
    call("secret", "GET", "/api/v1/tasks", "", BodyPublishers.noBody(), "X-Forwarded-For", "::9");
    List<Actions.Action> noted =
        actions.before(Long.MAX_VALUE, 1_000).stream()
            .filter(action -> action.what().equals("token.refused"))
            .toList();
    assertEquals(Actions.REFUSALS_AT_ONCE + 1, noted.size());
    assertEquals("from 127.0.0.1", noted.getLast().detail());
    assertEquals("from ::9; failed before and not noted: 40", noted.getFirst().detail());
    String everything = TableDump.of(database, Set.of());
    assertFalse(everything.contains("guess") || everything.contains("secret"), everything);
  }

  @Test
  void hostile_uploads_are_refused_in_a_line_and_make_nothing() throws Exception {
    String cell = "x".repeat(3 * 1024 * 1024);
    Reply wide = csv("name,payload\nok,1\n" + cell + ",2\n");
    assertEquals(400, wide.status());
    assertTrue(wide.json().path("detail").asText().contains("line 3"), wide.body());
    assertTrue(wide.body().length() < 500, wide.body());
    Reply open = csv("name,payload\n\"never closed,1\n" + "x,y\n".repeat(1_000_000));
    assertEquals(400, open.status(), open.body());
    Reply nul = csv("name,payload\na\u0000b,1\n../../etc/passwd,2\n");
    assertEquals(422, nul.status());
    assertEquals("line 2", nul.json().path("errors").get(0).path("at").asText());
    assertEquals(1, nul.json().path("errors").size(), nul.body());
    byte[] utf16 = "name,payload\na,b\n".getBytes(java.nio.charset.StandardCharsets.UTF_16);
    assertEquals(
        400,
        call(operate, "POST", "/api/v1/tasks", "text/csv", BodyPublishers.ofByteArray(utf16))
            .status());
    for (String encoding : List.of("gzip", "deflate", "br")) {
      Reply packed =
          call(
              operate,
              "POST",
              "/api/v1/tasks",
              "text/csv",
              BodyPublishers.ofString("name,payload\na,b\n"),
              "Content-Encoding",
              encoding);
      assertEquals(415, packed.status(), encoding);
    }
    Reply deep = send("POST", "/tasks", "{\"tasks\":" + "[".repeat(100_000));
    assertEquals(400, deep.status(), deep.body());
    Reply number =
        send(
            "POST",
            "/tasks",
            "{\"tasks\":[{\"name\":\"a\",\"payload\":\"b\",\"priority\":"
                + "9".repeat(5_000)
                + "}]}");
    assertTrue(number.status() == 400 || number.status() == 422, number.body());
    assertEquals(0, get("/tasks").json().path("items").size());
    String name = "<script>alert(1)</script>\u202E/../\u05D0";
    assertEquals(201, csv("name,payload\n" + name + ",b\n").status());
    assertEquals(name, get("/tasks").json().path("items").get(0).path("name").asText());
    String huge = "n".repeat(1_000_000);
    assertEquals(422, csv("name,payload\n" + huge + ",b\n").status());
  }

  @Test
  void no_route_is_open_to_whom_it_is_not_for() throws Exception {
    send("POST", "/tasks", tasksJson(2));
    // When a token was last used is noted now, and not again within a minute.
    get("/tasks");
    String before = TableDump.of(database, Set.of("action"));
    int seen = 0;
    for (Api.Route route : routes.all()) {
      String path = Api.ROOT + route.path().replace("{id}", "1");
      Tokens.Scope scope = route.scope();
      if (scope == null) {
        assertEquals("/openapi.json", route.path());
        continue;
      }
      for (String token : List.of("", "x", read.substring(1), read)) {
        boolean good = token.equals(read);
        Reply reply =
            call(
                token,
                route.method().name(),
                path,
                "application/json",
                BodyPublishers.ofString("{}"));
        if (!good) {
          assertEquals(401, reply.status(), path);
          assertEquals(
              "Bearer", reply.response().headers().firstValue("WWW-Authenticate").orElse(""));
        } else if (scope != Tokens.Scope.READ) {
          assertEquals(403, reply.status(), path);
          seen++;
        }
      }
      if (scope == Tokens.Scope.ADMIN) {
        assertEquals(403, send(route.method().name(), route.path(), "{}").status(), path);
      }
    }
    assertTrue(seen >= 10, "" + seen);
    assertEquals(before, TableDump.of(database, Set.of("action")));
  }

  /** Says something to the server that no client would. */
  private String raw(String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(text.getBytes(UTF_8));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private String head(String path, String token) throws IOException {
    String answer =
        raw(
            "HEAD /api/v1%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, token));
    assertTrue(answer.endsWith("\r\n\r\n"), answer);
    assertEquals(answer.length() - 4, answer.indexOf("\r\n\r\n"), answer);
    return answer.substring("HTTP/1.1 ".length());
  }

  @Test
  void head_is_get_without_a_body() throws Exception {
    send("POST", "/tasks", tasksJson(3));
    for (String path : List.of("/tasks", "/tasks/1", "/results", "/results?format=csv")) {
      assertTrue(head(path, "x").startsWith("401 "), path);
      String good = head(path, read);
      assertTrue(good.startsWith("200 "), good);
      Reply got = get(path);
      assertTrue(good.contains("Content-Type: " + got.type()), good);
      for (String tag : got.response().headers().allValues("ETag")) {
        assertTrue(good.contains("ETag: " + tag), good);
      }
    }
    assertTrue(head("/tasks/9", read).startsWith("404 "));
    assertTrue(head("/tokens", read).startsWith("403 "));
    assertTrue(head("/nothing", read).startsWith("404 "));
    assertTrue(head("/dispatch/pause", operate).startsWith("405 "));
    assertFalse(settings.dispatch().paused());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer ", "BEARER  ", "Bearer "})
  void the_scheme_is_bearer_however_it_is_written(String scheme) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/api/v1/tasks"))
            .header("Authorization", scheme + read)
            .build();
    assertEquals(200, client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
  }

  /** As a tunnel that ends leaves it: up to there it would be a good upload. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 100\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n11\r\n"})
  void a_body_that_is_cut_short_makes_no_tasks(String length) throws Exception {
    String head =
        "POST /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
            + "Authorization: Bearer %s\r\n".formatted(operate);
    String answer = raw(head + length + "name,payload\na,1\n");

    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertTrue(answer.contains("the body is incomplete"), answer);
    assertEquals(0, get("/tasks").json().path("items").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/tasks?name=%zz HTTP/1.1",
        "GET /api/v1/tasks?name=%ff%fe HTTP/1.1",
        "GET /api/v1/tasks/%2e%2e/%2e%2e/etc HTTP/1.1",
        "GET /api/v1/tasks/%00 HTTP/1.1",
        "GET /api/v1/tasks/a%2fb HTTP/1.1",
        "GET /api/v1/%zz HTTP/1.1",
        "GET /api/v1 HTTP/1.1",
        "DELETE /api/v1/tasks HTTP/1.1",
        "PATCH /api/v1/hours HTTP/1.1",
        "TRACE /api/v1/tasks HTTP/1.1",
        "NONSENSE /api/v1/tasks HTTP/1.1"
      })
  void whatever_is_asked_an_error_is_a_problem(String line) throws Exception {
    String answer =
        raw(
            line
                + "\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                + read
                + "\r\nConnection: close\r\n\r\n");
    assertTrue(answer.matches("(?s)HTTP/1.1 (200|4[0-9]{2}) .*"), answer);
    if (!answer.startsWith("HTTP/1.1 200")) {
      assertTrue(
          answer
              .toLowerCase(java.util.Locale.ROOT)
              .contains("content-type: application/problem+json"),
          answer);
      assertFalse(answer.contains("Exception"), answer);
    }
  }

  @Test
  void what_has_not_changed_is_not_sent_again() throws Exception {
    send("POST", "/tasks", tasksJson(3));
    for (String path : List.of("/tasks?limit=2", "/tasks/1", "/hours", "/openapi.json")) {
      String tag = get(path).response().headers().firstValue("ETag").orElseThrow();
      assertTrue(tag.matches("W/\"[0-9a-f]{32}\""), tag);
      for (String known : List.of(tag, "\"x\", " + tag)) {
        Reply same = ask(path, known);
        assertEquals(304, same.status(), path);
        assertEquals(tag, same.response().headers().firstValue("ETag").orElse(""));
      }
      assertEquals(200, ask(path, "\"x\"").status());
    }
    String before = get("/tasks/1").response().headers().firstValue("ETag").orElseThrow();
    tasks.cancel("me", 1);
    Reply changed = ask("/tasks/1", before);
    assertEquals(200, changed.status());
    assertEquals("cancelled", changed.json().path("state").asText());
    assertTrue(get("/results?format=csv").response().headers().firstValue("ETag").isEmpty());
    assertTrue(get("/nothing").response().headers().firstValue("ETag").isEmpty());
  }

  private Reply ask(String path, String known) throws Exception {
    return call(read, "GET", "/api/v1" + path, "", BodyPublishers.noBody(), "If-None-Match", known);
  }
}
