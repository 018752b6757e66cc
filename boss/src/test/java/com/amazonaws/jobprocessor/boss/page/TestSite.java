package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.api.Api;
import com.amazonaws.jobprocessor.boss.api.Costs;
import com.amazonaws.jobprocessor.boss.api.PayloadReader;
import com.amazonaws.jobprocessor.boss.api.PlanPages;
import com.amazonaws.jobprocessor.boss.api.Reports;
import com.amazonaws.jobprocessor.boss.api.Routes;
import com.amazonaws.jobprocessor.boss.api.Switches;
import com.amazonaws.jobprocessor.boss.night.Outlooks;
import com.amazonaws.jobprocessor.boss.plan.BoxTerms;
import com.amazonaws.jobprocessor.boss.plan.Planner;
import com.amazonaws.jobprocessor.boss.plan.TestTerms;
import com.amazonaws.jobprocessor.boss.plan.WorkCost;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Answer;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Forecasts;
import com.amazonaws.jobprocessor.boss.store.Hooks;
import com.amazonaws.jobprocessor.boss.store.Links;
import com.amazonaws.jobprocessor.boss.store.Measures;
import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Sessions;
import com.amazonaws.jobprocessor.boss.store.SetClock;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Throughput;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Users;
import com.amazonaws.jobprocessor.boss.store.Views;
import com.amazonaws.jobprocessor.boss.store.WorkRuns;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The pages over HTTP on an embedded database, for somebody who has signed in or has not. */
final class TestSite implements AutoCloseable {
  private static final Pattern KEY = Pattern.compile("name=\"form_key\" value=\"([0-9a-f]+)\"");

  final SetClock clock = new SetClock("2026-01-02T12:00:00Z");
  final Database database;
  final Settings settings;
  final Tasks tasks;
  final Users users;
  final Links links;
  final Sessions sessions;
  final Actions actions;
  final Operations operations;
  final Outbox outbox;
  final Nights nights;
  final Costs costs;
  final Pages pages;
  private final Api api;
  private final HttpClient client = HttpClient.newHttpClient();
  int news;

  /** An answer. */
  record Reply(int status, String body, HttpResponse<String> response) {
    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  TestSite(Path folder) {
    this(Database.embedded(folder));
  }

  /** On a database that is closed with it. */
  TestSite(Database open) {
    this(open, new Passwords(64, 1));
  }

  TestSite(Database open, Passwords passwords) {
    database = open;
    settings = new Settings(database, ZoneId.of("UTC"));
    actions = new Actions(database, clock);
    tasks = new Tasks(database, settings, actions, clock);
    outbox = new Outbox(database, settings, clock, "boss");
    operations = new Operations(database, tasks, actions, clock);
    users = new Users(database, actions, clock);
    links = new Links(database, users, actions, clock);
    sessions = new Sessions(database, clock);
    Census census = new Census(database, clock);
    Tokens tokens = new Tokens(database, actions, clock);
    Results results = new Results(database);
    Views views = Views.of(database, settings, clock);
    Control control = new Control(database, actions);
    Runnable count = () -> news++;
    Hooks hooks = new Hooks(database, clock, new Hooks.Listeners(List.of(), _ -> "{}"));
    nights = new Nights(database, hooks, clock);
    costs = costs(census);
    pages =
        PageRoutes.site(
            new Work(
                tasks,
                results,
                census,
                operations,
                settings,
                control,
                new Throughput(database, clock),
                views,
                costs),
            new People(users, links, sessions, actions, passwords),
            clock,
            count,
            "127.0.0.1",
            null);
    api =
        new Api(
            new Routes(
                new Routes.Data(
                    tasks, results, census, operations, tokens, PayloadReader.NONE, count),
                views,
                new Switches(settings, control, census, clock, count),
                new Reports(results, census, actions),
                new PlanPages(
                    costs.outlooks(), new Forecasts(database, clock), nights, hooks, costs)),
            tokens,
            "a".repeat(48),
            pages,
            "127.0.0.1",
            0);
  }

  private Costs costs(Census census) {
    BoxTerms terms = TestTerms.terms();
    Outlooks outlooks =
        new Outlooks(settings, census, new Measures(database), new Planner(terms), clock);
    return new Costs(outlooks, new WorkRuns(database, clock), new WorkCost(terms, false));
  }

  String url(String path) {
    return "http://127.0.0.1:" + api.port() + path;
  }

  int port() {
    return api.port();
  }

  /** The cookie of a new session of a user whose name is the role's. */
  String signedIn(Role role) {
    Users.User user =
        users.find(role.text()).or(() -> users.create("test", role.text(), role)).orElseThrow();
    return "boss-" + port() + "=" + sessions.open(user.id());
  }

  /**
   * A page with all of its numbers: those that a busy machine is late with come at the next try.
   */
  Reply get(String cookie, String path, String... headers) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    Reply reply;
    do {
      reply = send(cookie, "GET", path, "", BodyPublishers.noBody(), headers);
    } while (lacksNumbers(reply) && System.nanoTime() < deadline);
    return reply;
  }

  private static boolean lacksNumbers(Reply reply) {
    return reply.status() == 200
        && (reply.body().contains("being counted") || reply.body().contains("as of now: \u2013"));
  }

  /** Sends the fields of a form, in pairs, with the key that the page at a path has. */
  Reply post(String cookie, String page, String path, String... fields) throws Exception {
    List<String> all = new ArrayList<>(List.of(fields));
    Matcher key = KEY.matcher(get(cookie, page).body());
    if (key.find()) {
      all.add("form_key");
      all.add(key.group(1));
    }
    return form(cookie, path, all.toArray(String[]::new));
  }

  /** Sends the fields of a form, in pairs. */
  Reply form(String cookie, String path, String... fields) throws Exception {
    return send(
        cookie,
        "POST",
        path,
        "application/x-www-form-urlencoded",
        BodyPublishers.ofString(encode(fields)));
  }

  private static String encode(String... fields) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      text.append(i == 0 ? "" : "&")
          .append(URLEncoder.encode(fields[i], StandardCharsets.UTF_8))
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  Reply send(
      String cookie, String method, String path, String type, BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .timeout(Duration.ofSeconds(60))
            .method(method, body);
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body(), response);
  }

  /** Makes tasks with these names, whose payloads are the names as well; returns the first's id. */
  long make(String... names) throws Exception {
    return tasks
        .create(
            "test", "batch", List.of(names).stream().map(n -> new NewTask(n, n, 0)).toList(), null)
        .firstTask();
  }

  /**
   * Dispatches and ends all that wait.
   *
   * @param error of a job by its id; null for one that succeeds
   */
  void end(String worker, Function<String, @Nullable String> error) throws Exception {
    end(1_000, worker, error);
  }

  /** Puts at most so many tasks into the outbox. */
  void plan(int count) {
    outbox.plan((set, outstanding, recent) -> count);
  }

  /** The same for at most so many. */
  void end(int count, String worker, Function<String, @Nullable String> error) throws Exception {
    end(count, worker, 1_500, error);
  }

  /** The same for tasks that took so long. */
  void end(int count, String worker, long millis, Function<String, @Nullable String> error)
      throws Exception {
    plan(count);
    List<Answer> answers = new ArrayList<>();
    outbox.send(
        1_000,
        1 << 20,
        (parcels, _) -> {
          for (Outbox.Parcel parcel : parcels) {
            String type = error.apply(parcel.jobId());
            answers.add(
                new Answer(
                    new Answer.Source("q", "m", 0),
                    parcel.jobId(),
                    worker,
                    1,
                    millis,
                    "m",
                    "result",
                    false,
                    type,
                    type == null ? null : "why"));
          }
          return Collections.nCopies(parcels.size(), Fate.SENT);
        });
    new Answers(database, settings, clock).store(answers, List.of());
    clock.pass(Duration.ofSeconds(6));
  }

  @Override
  public void close() {
    api.close();
    client.close();
    database.close();
  }
}
