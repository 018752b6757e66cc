package com.amazonaws.jobprocessor.boss;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.api.Api;
import com.amazonaws.jobprocessor.boss.api.Costs;
import com.amazonaws.jobprocessor.boss.api.PayloadReader;
import com.amazonaws.jobprocessor.boss.api.PlanPages;
import com.amazonaws.jobprocessor.boss.api.Reports;
import com.amazonaws.jobprocessor.boss.api.Routes;
import com.amazonaws.jobprocessor.boss.api.Site;
import com.amazonaws.jobprocessor.boss.api.Switches;
import com.amazonaws.jobprocessor.boss.dispatch.Dispatcher;
import com.amazonaws.jobprocessor.boss.dispatch.Ingest;
import com.amazonaws.jobprocessor.boss.dispatch.LoopbackQueue;
import com.amazonaws.jobprocessor.boss.dispatch.StrayLog;
import com.amazonaws.jobprocessor.boss.plan.Load;
import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.plan.Pace;
import com.amazonaws.jobprocessor.boss.plan.Plan;
import com.amazonaws.jobprocessor.boss.plan.TestTerms;
import com.amazonaws.jobprocessor.boss.plan.WorkCost;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Forecasts;
import com.amazonaws.jobprocessor.boss.store.Hooks;
import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.PostgresProcess;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Retention;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Sessions;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Users;
import com.amazonaws.jobprocessor.boss.store.Views;
import com.amazonaws.jobprocessor.boss.store.WorkReports;
import com.amazonaws.jobprocessor.boss.store.WorkRuns;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figures of the boss on this machine, printed and not judged; Maven runs it only if it is named,
 * as docs/boss.md says. Queue and workers are in memory, so that the database and the boss are what
 * is measured. The property {@code boss.bench.tasks} says how many tasks (1,000,000).
 */
class BossBench {
  private static final int CHUNK = 50_000;
  private static final WorkReports.Wanted WHOLE =
      new WorkReports.Wanted(WorkReports.By.WORKER, null, null, TaskFilter.Period.ALWAYS);
  private static final int ASKED = 200;
  private static final PrintStream OUT = System.out;

  @TempDir Path folder;
  private final int tasks = Integer.getInteger("boss.bench.tasks", 1_000_000);
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void figures_on_h2() throws Exception {
    Guest guest;
    try (Database database = Database.embedded(folder)) {
      guest = run("H2", database);
    }
    new StartBench("H2", guest, tasks, "--data=" + folder).run();
  }

  @Test
  void figures_on_postgresql() throws Exception {
    try (PostgresProcess postgres = PostgresProcess.start()) {
      Guest guest;
      try (Database database = postgres.empty()) {
        guest = run("PostgreSQL", database);
      }
      String[] options = {"--data=" + folder, "--database=" + postgres.url()};
      new StartBench("PostgreSQL", guest, tasks, options).run();
    }
  }

  /** Who may look: by the API, and by the pages. */
  record Guest(String token, String session) {}

  private Guest run(String name, Database database) throws Exception {
    InstantSource clock = InstantSource.system();
    Settings settings = new Settings(database, ZoneId.of("UTC"));
    Actions actions = new Actions(database, clock);
    Tasks all = new Tasks(database, settings, actions, clock);
    say(name, "tasks made", perSecond(tasks, "tasks", () -> make(all)));
    Outbox outbox = new Outbox(database, settings, clock, "bench");
    say(
        name,
        "dispatched and their results stored",
        perSecond(tasks, "tasks", () -> work(database, settings, outbox, clock)));
    try (Api api = api(database, settings, all, actions, clock)) {
      String root = "http://127.0.0.1:" + api.port() + "/api/v1";
      String token = new Tokens(database, actions, clock).create("me", "bench", Tokens.Scope.READ);
      Random random = new Random(1);
      say(name, "list, newest", quantiles(token, i -> root + "/tasks?limit=20"));
      say(
          name,
          "list, anywhere, by state",
          quantiles(
              token,
              i -> root + "/tasks?state=succeeded&limit=200&after=" + (1 + random.nextInt(tasks))));
      say(name, "list, by worker", quantiles(token, i -> root + "/tasks?worker=w-1&limit=20"));
      String filters = root + "/tasks?limit=20&";
      int batches = 1 + (tasks - 1) / CHUNK;
      say(
          name,
          "list, by batch",
          quantiles(token, i -> filters + "batch=" + (1 + random.nextInt(batches))));
      say(
          name,
          "list, by state, worker and batch",
          quantiles(
              token,
              i -> filters + "state=succeeded&worker=w-2&batch=" + (1 + random.nextInt(batches))));
      say(name, "list, by error", quantiles(token, i -> filters + "error=NoSuchError"));
      say(
          name,
          "list, by time",
          quantiles(
              token, i -> filters + "to=" + clock.instant().minusSeconds(1 + random.nextInt(60))));
      say(
          name,
          "list, by name",
          quantiles(token, i -> filters + "name=account%20" + random.nextInt(tasks)));
      say(name, "list, text in names, many", quantiles(token, i -> filters + "text=count%207"));
      say(
          name,
          "list, text in names, one",
          quantiles(token, i -> filters + "text=count%20" + random.nextInt(tasks)));
      say(
          name,
          "a task by its id",
          quantiles(token, i -> root + "/tasks/" + (1 + random.nextInt(tasks))));
      Census census = new Census(database, clock);
      Views views = Views.of(database, settings, clock);
      say(name, "counts of all", millis(census::counts) + " ms");
      say(name, "report of the workers", millis(() -> views.work().report(WHOLE)) + " ms");
      say(name, "checks", millis(() -> views.invariants().report()) + " ms");
      say(
          name,
          "CSV",
          perSecond(
              tasks, "rows", () -> lines(client, token, root + "/results?format=csv", tasks + 1L)));
      // For who starts the boss after this.
      all.create("me", "left", Collections.nCopies(10, new NewTask("left", "over", 0)), null);
      long user =
          new Users(database, actions, clock).create("me", "bench", Role.VIEWER).orElseThrow().id();
      return new Guest(token, new Sessions(database, clock).open(user));
    }
  }

  static void say(String database, String what, String figure) {
    OUT.printf("%-10s  %-36s %s%n", database, what, figure);
  }

  interface Work {
    void run() throws Exception;
  }

  /** Of this process, which PostgreSQL is not part of. */
  private static String cpu(Work work) throws Exception {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long begin = system.getProcessCpuTime();
    work.run();
    return "; %.1f s CPU".formatted((system.getProcessCpuTime() - begin) / 1e9);
  }

  static long millis(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private static String perSecond(int count, String unit, Work work) throws Exception {
    long[] millis = new long[1];
    String cpu = cpu(() -> millis[0] = millis(work));
    return "%,d %s/s%s".formatted(count * 1000L / Math.max(1, millis[0]), unit, cpu);
  }

  private void make(Tasks all) throws Exception {
    for (int from = 0; from < tasks; from += CHUNK) {
      List<NewTask> some = new ArrayList<>();
      for (int i = from; i < Math.min(tasks, from + CHUNK); i++) {
        some.add(
            new NewTask(
                "account " + i, "payload of some sixty characters, as the demo has " + i, 0));
      }
      all.create("me", "batch " + from, some, null);
    }
  }

  /** The boss's own loops, as many of each as it has. */
  private void work(Database database, Settings settings, Outbox outbox, InstantSource clock)
      throws Exception {
    LoopbackQueue queue = new LoopbackQueue(tasks);
    new Control(database, new Actions(database, clock)).setPace("me", 0, 10);
    Dispatcher dispatcher =
        new Dispatcher(outbox, settings, new Results(database), queue, queue, clock);
    Answers answers = new Answers(database, settings, clock);
    List<Thread> threads = new ArrayList<>();
    threads.add(Thread.ofVirtual().start(dispatcher));
    for (int i = 0; i < 3; i++) {
      StrayLog strays = new StrayLog(queue.name(), System::nanoTime);
      threads.add(
          Thread.ofVirtual().start(new Ingest(queue, false, answers, dispatcher::wake, strays)));
    }
    threads.add(Thread.ofVirtual().start(() -> lookAfter(database, clock)));
    queue.awaitAll();
    dispatcher.stop();
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** As the boss does: an embedded database's file is copied meanwhile. */
  private static void lookAfter(Database database, InstantSource clock) {
    Retention retention = new Retention(database, Duration.ofDays(30), clock);
    try {
      while (true) {
        Thread.sleep(Duration.ofSeconds(10));
        retention.apply();
        long took = millis(retention::giveBackSpace);
        if (took > 500) {
          say("", "all waited for upkeep", took + " ms");
        }
      }
    } catch (InterruptedException e) {
      return; // all is done
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Api api(
      Database database, Settings settings, Tasks tasks, Actions actions, InstantSource clock) {
    Results results = new Results(database);
    Census census = new Census(database, clock);
    Tokens tokens = new Tokens(database, actions, clock);
    Hooks hooks = new Hooks(database, clock, new Hooks.Listeners(List.of(), _ -> ""));
    Outlook none = new Outlook(Instant.EPOCH, null, new Load(0, 0), Pace.NONE, Plan.UNKNOWN);
    Runnable news = () -> {};
    return new Api(
        new Routes(
            new Routes.Data(
                tasks,
                results,
                census,
                new Operations(database, tasks, actions, clock),
                tokens,
                PayloadReader.NONE,
                news),
            Views.of(database, settings, clock),
            new Switches(settings, new Control(database, actions), census, clock, news),
            new Reports(results, census, actions),
            new PlanPages(
                () -> none,
                new Forecasts(database, clock),
                new Nights(database, hooks, clock),
                hooks,
                new Costs(
                    () -> none,
                    new WorkRuns(database, clock),
                    new WorkCost(TestTerms.terms(), false)))),
        tokens,
        Tokens.random(),
        Site.NONE,
        "127.0.0.1",
        0);
  }

  private interface Urls {
    String of(int i);
  }

  private static HttpRequest request(String token, String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(Duration.ofMinutes(10))
        .header("Authorization", "Bearer " + token)
        .build();
  }

  private String quantiles(String token, Urls urls) throws Exception {
    long[] micros = new long[ASKED];
    for (int i = -ASKED / 4; i < ASKED; i++) {
      long begin = System.nanoTime();
      int status =
          client
              .send(request(token, urls.of(i)), HttpResponse.BodyHandlers.ofByteArray())
              .statusCode();
      if (status != 200) {
        throw new AssertionError(urls.of(i) + ": " + status);
      }
      if (i >= 0) {
        micros[i] = (System.nanoTime() - begin) / 1000;
      }
    }
    Arrays.sort(micros);
    return "p50 %.1f ms, p95 %.1f ms"
        .formatted(micros[ASKED / 2] / 1000.0, micros[ASKED * 95 / 100] / 1000.0);
  }

  /** Reads as many lines as there must be. */
  static void lines(HttpClient client, String token, String url, long expected) throws Exception {
    HttpResponse<java.io.InputStream> answer =
        client.send(request(token, url), HttpResponse.BodyHandlers.ofInputStream());
    long count = 0;
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
      while (reader.readLine() != null) {
        count++;
      }
    }
    if (count != expected) {
      throw new AssertionError(count + " lines");
    }
  }
}
