package com.amazonaws.jobprocessor.boss.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.TestHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.boss.report.Line;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.statement.StatementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What the store promises on each database. */
abstract class StoreContract {
  private static final int MEBIBYTE = 1 << 20;

  final SetClock clock = new SetClock("2026-01-01T00:00:00Z");
  private Database database;
  private Settings settings;
  private Actions actions;
  private Tasks tasks;
  private Outbox outbox;
  private Answers answers;
  private Results results;
  private Views views;
  private Operations operations;

  /** An empty database. */
  abstract Database open() throws Exception;

  @BeforeEach
  void set_up() throws Exception {
    database = open();
    settings = new Settings(database, ZoneId.of("UTC"));
    actions = new Actions(database, clock);
    tasks = new Tasks(database, settings, actions, clock);
    outbox = new Outbox(database, settings, clock, "boss-1");
    answers = new Answers(database, settings, clock);
    results = new Results(database);
    views = Views.of(database, settings, clock);
    operations = new Operations(database, tasks, actions, clock);
  }

  @AfterEach
  void tear_down() {
    if (database != null) {
      database.close();
    }
  }

  private Tasks.Created make(int... priorities) throws Exception {
    List<NewTask> all = new ArrayList<>();
    for (int priority : priorities) {
      all.add(new NewTask("name " + all.size(), "payload " + all.size(), priority));
    }
    return tasks.create("me", "batch", all, null);
  }

  private TaskList.Page page(
      TaskFilter filter, TaskList.Order order, boolean older, @Nullable Place place, int limit) {
    return views.list().page(new TaskList.Wanted(filter, order, older, place, limit));
  }

  private List<Task> list(TaskFilter filter, int limit) {
    return page(filter, TaskList.Order.CREATED, true, null, limit).items();
  }

  private static WorkReports.Wanted work(
      WorkReports.By by, @Nullable Long batch, @Nullable String account) {
    return new WorkReports.Wanted(by, batch, account, TaskFilter.Period.ALWAYS);
  }

  private int plan(int count) {
    return outbox.plan((_, _, _) -> count);
  }

  private List<String> send(Fate fate) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    outbox.send(
        100,
        MEBIBYTE,
        (parcels, _) -> {
          parcels.forEach(parcel -> ids.add(parcel.jobId()));
          return Collections.nCopies(parcels.size(), fate);
        });
    return ids;
  }

  private String state(long id) {
    return tasks.find(id).orElseThrow().state();
  }

  private static Answer result(String jobId, String body) {
    return answer(jobId, body, null);
  }

  private static Answer answer(String jobId, String body, @Nullable String error) {
    return new Answer(
        new Answer.Source("results", "message of " + jobId, 0),
        jobId,
        "worker-1",
        1,
        250,
        "m-1",
        body,
        false,
        error,
        error == null ? null : "why");
  }

  private void assertStored(int news, int copies, int strays, Answer... these) {
    assertEquals(
        new Answers.Stored(news, copies, strays), answers.store(List.of(these), List.of()));
  }

  @Test
  void a_task_goes_out_by_priority_and_age_and_ends_with_its_result() throws Exception {
    long first = make(0, 5, 0, 5).firstTask();
    assertEquals(3, plan(3));
    assertEquals(0, plan(0));
    List<String> ids = send(Fate.SENT);
    assertEquals(
        List.of(first + 1, first + 3, first),
        ids.stream().map(id -> JobId.parse(id).orElseThrow().task()).toList());
    assertEquals("dispatched", state(first));
    assertEquals("waiting", state(first + 2));
    assertStored(1, 0, 0, result(ids.getLast(), "done"));
    Task task = tasks.find(first).orElseThrow();
    assertEquals("succeeded", task.state());
    assertEquals("worker-1", task.worker());
    assertEquals(250L, task.durationMillis());
    assertEquals("done", results.newest(first).results().getFirst().body());
    assertEquals(1, results.after(TaskFilter.ALL, 0, 10).size());
  }

  /** True if something is in the outbox. */
  private boolean hasWork() {
    return database.read(
            handle ->
                handle
                    .createQuery("select count(*) from task where state = 'sending'")
                    .mapTo(Integer.class)
                    .one())
        > 0;
  }

  @Test
  void what_sqs_has_not_taken_is_sent_again_as_the_same_run() throws Exception {
    make(0);
    plan(10);
    List<String> once = send(Fate.LEFT);
    assertTrue(hasWork());
    assertEquals(once, send(Fate.SENT));
    assertFalse(hasWork());
  }

  @Test
  void a_sender_that_dies_before_it_has_noted_the_answer_leaves_the_job_in_the_outbox()
      throws Exception {
    long first = make(0, 0).firstTask();
    plan(10);
    List<String> sent = new ArrayList<>();
    assertThrows(
        IllegalStateException.class,
        () ->
            outbox.send(
                10,
                MEBIBYTE,
                (parcels, _) -> {
                  parcels.forEach(parcel -> sent.add(parcel.jobId()));
                  throw new IllegalStateException("died here");
                }));
    assertEquals("sending", state(first));
    // The answer may be there before anybody has noted that it was sent.
    assertStored(1, 0, 0, result(sent.getFirst(), "a"));
    assertEquals(sent.subList(1, 2), send(Fate.SENT));
    assertStored(1, 1, 0, result(sent.get(0), "b"), result(sent.get(1), "c"));
    assertEquals("a", results.newest(first).results().getFirst().body());
    assertEquals(1, results.newest(first).results().getFirst().copies());
  }

  @Test
  void what_sqs_refuses_for_good_fails_the_task() throws Exception {
    long first = make(0).firstTask();
    plan(1);
    send(Fate.REFUSED);
    Task task = tasks.find(first).orElseThrow();
    assertEquals("failed", task.state());
    assertEquals("RefusedBySqs", task.errorType());
  }

  @Test
  void a_send_carries_no_more_bytes_than_a_batch_may_have() throws Exception {
    List<NewTask> large =
        IntStream.range(0, 3).mapToObj(n -> new NewTask("n" + n, "x".repeat(600_000), 0)).toList();
    tasks.create("me", "batch", large, null);
    plan(3);
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      outbox.send(
          10,
          MEBIBYTE,
          (p, _) -> {
            sizes.add(p.size());
            return Collections.nCopies(p.size(), Fate.SENT);
          });
    }
    assertEquals(List.of(1, 1, 1), sizes);
  }

  @Test
  void what_is_set_while_a_send_is_under_way_holds_from_its_next_call() throws Exception {
    make(0, 0);
    plan(2);
    Control control = new Control(database, actions);
    ProcessingHours never = new ProcessingHours(ZoneId.of("UTC"), List.of());
    List<Boolean> asked = new ArrayList<>();
    outbox.send(
        10,
        MEBIBYTE,
        (parcels, maySend) -> {
          asked.add(maySend.getAsBoolean());
          control.pause("me", true);
          asked.add(maySend.getAsBoolean());
          control.pause("me", false);
          control.setHours("me", never);
          asked.add(maySend.getAsBoolean());
          return List.of(Fate.SENT, Fate.LEFT);
        });
    assertEquals(List.of(true, false, false), asked);
    // Of a send that began when it was not open, nothing goes out should it open meanwhile.
    outbox.send(
        10,
        MEBIBYTE,
        (parcels, maySend) -> {
          control.setHours("me", ProcessingHours.always(ZoneId.of("UTC")));
          asked.add(maySend.getAsBoolean());
          return List.of(Fate.LEFT);
        });
    assertEquals(List.of(true, false, false, false), asked);
    assertTrue(views.invariants().report().hold());
  }

  @Test
  void a_send_outside_of_the_hours_is_not_forgotten_for_a_second_one() throws Exception {
    long first = make(0).firstTask();
    plan(1);
    Control control = new Control(database, actions);
    control.setHours("me", new ProcessingHours(ZoneId.of("UTC"), List.of()));
    send(Fate.SENT);
    control.setHours("me", ProcessingHours.always(ZoneId.of("UTC")));
    database.inTransaction(
        handle -> handle.execute("update task set state = 'sending' where id = ?", first));
    send(Fate.SENT);
    assertEquals("dispatched", state(first));
    assertFalse(views.invariants().report().hold());
  }

  @Test
  void two_senders_never_take_up_the_same_job() throws Exception {
    make(new int[300]);
    Outbox other = new Outbox(database, settings, clock, "boss-2");
    CountDownLatch both = new CountDownLatch(2);
    Set<String> seen = Collections.synchronizedSet(new HashSet<>());
    List<String> twice = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (Outbox one : List.of(outbox, other)) {
        all.add(
            threads.submit(
                () -> {
                  boolean first = true;
                  while (one.plan((_, _, _) -> 20) + (hasWork() ? 1 : 0) > 0) {
                    boolean wait = first;
                    first = false;
                    one.send(
                        7,
                        MEBIBYTE,
                        (parcels, _) -> {
                          parcels.forEach(
                              p -> {
                                if (!seen.add(p.jobId())) {
                                  twice.add(p.jobId());
                                }
                              });
                          if (wait) {
                            both.countDown();
                            assertTrue(
                                both.await(30, TimeUnit.SECONDS),
                                "the other cannot send meanwhile");
                          }
                          return Collections.nCopies(parcels.size(), Fate.SENT);
                        });
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(120, TimeUnit.SECONDS);
      }
    }
    assertEquals(List.of(), twice);
    assertEquals(300, seen.size());
  }

  @Test
  void a_dead_letter_fails_the_task_and_a_retry_is_another_run() throws Exception {
    long first = make(0).firstTask();
    plan(1);
    String one = send(Fate.SENT).getFirst();
    assertStored(1, 0, 0, answer(one, "payload 0", "java.lang.IllegalStateException"));
    assertEquals("failed", state(first));
    assertEquals("java.lang.IllegalStateException", tasks.find(first).orElseThrow().errorType());
    assertTrue(tasks.retry("me", first));
    assertFalse(tasks.retry("me", first));
    plan(1);
    String two = send(Fate.SENT).getFirst();
    assertFalse(one.equals(two));
    // A copy of the first run's letter does not fail the second.
    assertStored(0, 1, 0, answer(one, "payload 0", "java.lang.IllegalStateException"));
    assertEquals("dispatched", state(first));
    assertStored(1, 0, 0, result(two, "good"));
    assertEquals("succeeded", state(first));
    assertEquals(2, results.newest(first).results().size());
    assertEquals("good", results.after(TaskFilter.ALL, 0, 10).getFirst().body());
  }

  /** A worker that died after its result was sent leaves a job that another one fails. */
  @Test
  void a_result_counts_more_than_a_dead_letter_of_the_same_run_whichever_comes_first()
      throws Exception {
    long first = make(0, 0, 0, 0).firstTask();
    plan(4);
    List<String> ids = send(Fate.SENT);
    assertStored(1, 0, 0, answer(ids.get(0), "payload 0", "E"));
    assertEquals("failed", state(first));
    clock.pass(Duration.ofMinutes(1));
    assertStored(1, 0, 0, result(ids.get(0), "good"));
    assertStored(0, 1, 0, answer(ids.get(0), "payload 0", "E"));
    assertStored(0, 1, 0, result(ids.get(0), "another"));
    assertStored(1, 0, 0, result(ids.get(1), "good"));
    assertStored(0, 1, 0, answer(ids.get(1), "payload 1", "E"));
    assertStored(1, 2, 0, both(ids.get(2)));
    assertStored(1, 0, 0, answer(ids.get(3), "payload 3", "E"));
    tasks.retry("me", first + 3);
    assertStored(1, 2, 0, both(ids.get(3)));
    for (long task = first; task < first + 4; task++) {
      Task ended = tasks.find(task).orElseThrow();
      assertEquals("succeeded", ended.state());
      assertNull(ended.errorType());
      Results.Result kept = results.newest(task).results().getFirst();
      assertEquals("good", kept.body());
      assertTrue(kept.succeeded());
      assertNull(kept.errorType());
      assertEquals("", kept.errorMessage());
      assertEquals(kept.body(), results.of(task, 1).orElseThrow().body());
    }
    assertEquals(
        List.of(3, 1, 2, 3),
        LongStream.range(first, first + 4)
            .mapToObj(task -> results.newest(task).results().getFirst().copies())
            .toList());
    assertEquals(clock.instant(), results.newest(first).results().getFirst().receivedAt());
    Line worker = views.work().report(work(WorkReports.By.WORKER, null, null)).lines().getFirst();
    assertEquals(List.of(4L, 0L), List.of(worker.tasks(), worker.failed()));
    assertEquals(0, views.failures().report().total());
    assertEquals(Map.of("succeeded", 4L), new Census(database, clock).counts().of(1));
    assertTrue(views.invariants().report().hold());
    assertEquals(
        List.of("waiting", "sending", "dispatched", "failed", "succeeded"),
        new Passport(database).of(first).stream().map(Passport.Change::state).toList());
  }

  private static Answer[] both(String jobId) {
    return new Answer[] {
      answer(jobId, "payload", "E"), result(jobId, "good"), answer(jobId, "payload", "E")
    };
  }

  @Test
  void thousands_of_answers_that_come_together_are_stored_each_once() throws Exception {
    make(new int[1_234]);
    plan(1_234);
    List<Answer> all = new ArrayList<>();
    for (List<String> ids = send(Fate.SENT); !ids.isEmpty(); ids = send(Fate.SENT)) {
      ids.forEach(id -> all.add(result(id, "done")));
    }
    all.add(700, all.getFirst());
    all.add(701, result("nobody's", "done"));
    assertStored(1_234, 1, 1, all.toArray(Answer[]::new));
    assertStored(0, 1_235, 0, all.toArray(Answer[]::new));
    assertEquals(1_234, list(new TaskFilter(TaskState.SUCCEEDED, null, null, null), 5_000).size());
  }

  @Test
  void results_are_read_in_pages_of_some_megabytes_whatever_their_lengths() throws Exception {
    make(new int[30]);
    plan(30);
    List<String> bodies = new ArrayList<>();
    List<String> ids = send(Fate.SENT);
    for (int i = 0; i < ids.size(); i++) {
      bodies.add(i + "x".repeat(i % 3 == 0 ? 10 : 900_000));
      assertStored(1, 0, 0, result(ids.get(i), bodies.getLast()));
    }
    List<String> read = new ArrayList<>();
    int pages = 0;
    List<Results.Result> page = results.after(TaskFilter.ALL, 0, 1_000);
    while (!page.isEmpty()) {
      List<String> some = page.stream().map(Results.Result::body).toList();
      assertTrue(some.stream().mapToInt(String::length).sum() <= 4 * MEBIBYTE);
      read.addAll(some);
      pages++;
      page = results.after(TaskFilter.ALL, page.getLast().task(), 1_000);
    }
    assertEquals(bodies, read);
    assertEquals(5, pages);
    assertEquals(4, results.after(TaskFilter.ALL, 0, 4).size());
  }

  @Test
  void of_many_answers_to_a_task_the_newest_are_read_and_the_others_counted() throws Exception {
    make(0, 0);
    answered(1, 60, 10);
    answered(2, 9, 900_000);
    Results.Newest many = results.newest(1);
    assertEquals(Results.MAX_OF_TASK, many.results().size());
    assertEquals(10, many.leftOut());
    assertEquals(11, many.results().getFirst().run());
    assertEquals(60, many.results().getLast().run());
    Results.Newest wide = results.newest(2);
    assertEquals(List.of(6, 7, 8, 9), wide.results().stream().map(Results.Result::run).toList());
    assertEquals(5, wide.leftOut());
    assertEquals("1x", results.of(2, 1).orElseThrow().body().substring(0, 2));
    assertEquals(Optional.empty(), results.of(2, 10));
    assertEquals(new Results.Newest(List.of(), 0), results.newest(3));
  }

  /** Stores answers to so many runs, as if the task had been run again as often. */
  private void answered(long task, int runs, int length) {
    database.inTransaction(
        handle -> {
          for (int run = 1; run <= runs; run++) {
            handle
                .createUpdate(
                    "insert into result values (:task, :run, false, 'w', 1, 1, 'm', false, :bytes,"
                        + " :body, 'E', 'why', 0, :now, null)")
                .bind("task", task)
                .bind("run", run)
                .bind("bytes", length)
                .bind("body", run + "x".repeat(length - String.valueOf(run).length()))
                .bind("now", clock.instant())
                .execute();
          }
          return null;
        });
  }

  @Test
  void what_is_unknown_is_kept_once_and_changes_nothing() throws Exception {
    make(0);
    String database = settings.databaseId();
    String other = (database.charAt(0) == 'a' ? 'b' : 'a') + database.substring(1);
    assertStored(
        0,
        0,
        5,
        result("whatever", "a"),
        result(other + "-1-1", "b"),
        result(database + "-1-1", "it was never dispatched"),
        result(database + "-999-1", "d"),
        result("", "e"));
    assertStored(0, 0, 0, result("whatever", "a"));
    assertEquals(5, results.strays(Long.MAX_VALUE, 10).size());
    assertEquals("waiting", state(1));
  }

  @Test
  void an_unanswered_task_waits_for_a_person_or_goes_out_again_where_that_is_safe()
      throws Exception {
    long first = make(0).firstTask();
    plan(1);
    String id = send(Fate.SENT).getFirst();
    assertEquals(0, outbox.overdue(clock.instant(), false, 10));
    clock.pass(Duration.ofHours(2));
    assertEquals(1, outbox.overdue(clock.instant().minusSeconds(60), false, 10));
    assertEquals("unanswered", state(first));
    assertEquals(1, outbox.overdue(clock.instant().minusSeconds(60), true, 10));
    assertEquals(List.of(id), send(Fate.SENT));
    assertEquals(2, tasks.runs(first).getFirst().sends());
    assertStored(1, 0, 0, result(id, "late"));
    assertEquals("succeeded", state(first));
  }

  @Test
  void only_what_has_not_gone_out_can_be_cancelled() throws Exception {
    long first = make(0, 0).firstTask();
    plan(1);
    assertFalse(tasks.cancel("me", first));
    assertTrue(tasks.cancel("me", first + 1));
    assertEquals("cancelled", state(first + 1));
    assertEquals(0, plan(5));
    assertEquals("task.cancel", actions.before(Long.MAX_VALUE, 1).getFirst().what());
  }

  @Test
  void a_request_that_is_made_again_makes_nothing_again() throws Exception {
    List<NewTask> all = List.of(new NewTask("a", "b", 0));
    Tasks.Created one = tasks.create("me", "batch", all, new Tasks.Once("key", "hash"));
    assertEquals(one, tasks.create("me", "batch", all, new Tasks.Once("key", "hash")));
    assertThrows(
        Tasks.KeyReused.class,
        () -> tasks.create("me", "batch", all, new Tasks.Once("key", "another")));
    assertFalse(one.equals(tasks.create("you", "batch", all, new Tasks.Once("key", "another"))));
    assertEquals(2, list(TaskFilter.ALL, 10).size());
  }

  @Test
  void lists_page_by_id_and_filter() throws Exception {
    Tasks.Created created = make(new int[25]);
    TaskList.Page page = page(TaskFilter.ALL, TaskList.Order.CREATED, true, null, 10);
    assertEquals(created.firstTask() + 24, page.items().getFirst().id());
    TaskList.Page next = page(TaskFilter.ALL, TaskList.Order.CREATED, true, page.older(), 10);
    assertEquals(created.firstTask() + 14, next.items().getFirst().id());
    assertEquals(
        page.items(),
        page(TaskFilter.ALL, TaskList.Order.CREATED, false, next.newer(), 10).items());
    plan(4);
    TaskFilter sending = new TaskFilter(TaskState.SENDING, null, null, created.batch());
    assertEquals(4, list(sending, 10).size());
    assertEquals(List.of(), list(new TaskFilter(null, "nobody", "none", null), 10));
    assertEquals(Optional.of("payload 3"), tasks.payload(created.firstTask() + 3));
    assertEquals(4L, new Census(database, clock).counts().total().get("sending"));
  }

  @Test
  void the_report_says_who_did_what() throws Exception {
    make(0, 0, 0);
    plan(3);
    List<String> ids = send(Fate.SENT);
    assertStored(
        3, 0, 0, result(ids.get(0), "a"), result(ids.get(1), ""), answer(ids.get(2), "p", "E"));
    Line report = views.work().report(work(WorkReports.By.WORKER, null, null)).lines().getFirst();
    assertEquals("worker-1", report.name());
    assertEquals(2, report.succeeded());
    assertEquals(1, report.failed());
    assertEquals(0.75, report.busySeconds());
    Results.Measured measured = results.measure(clock.instant().minusSeconds(60), clock.instant());
    assertEquals(3, measured.count());
    assertEquals(250.0, measured.meanMillis());
  }

  /** Whatever the clock of SQS says beside the boss's. */
  @ParameterizedTest
  @ValueSource(ints = {-7_200, 0, 300})
  void what_piled_up_while_the_boss_was_away_is_measured_by_when_it_was_given(int ahead)
      throws Exception {
    make(new int[100]);
    plan(100);
    List<String> ids = send(Fate.SENT);
    Instant first = clock.instant();
    // One a minute was given meanwhile, the last half an hour ago.
    clock.pass(Duration.ofMinutes(130));
    for (int i = 0; i < 100; i++) {
      Instant sent = first.plusSeconds(60 * i + ahead);
      assertStored(1, 0, 0, sentAt(result(ids.get(i), "a"), "worker-" + i % 2, sent));
      clock.pass(Duration.ofMillis(10));
    }
    Instant now = clock.instant();
    Results.Measured last = results.measure(now.minus(Duration.ofHours(1)), now);
    assertEquals(60, last.count(), 1);
    assertEquals(3_600.0, Rows.seconds(Objects.requireNonNull(last.since()), now), 70);
    assertEquals(250, last.meanMillis());
    Measures.Measure recent =
        new Measures(database).between(now.minus(Duration.ofMinutes(10)), now);
    assertEquals(10, recent.count(), 1);
    assertEquals(600.0, Rows.seconds(Objects.requireNonNull(recent.since()), now), 70);
    assertEquals(2, recent.workers());
  }

  /** SQS gives an answer again whose reader has died, and a redrive keeps the time of a message. */
  @Test
  void answers_that_were_long_on_their_way_stretch_the_time_of_no_others() throws Exception {
    make(new int[100]);
    plan(100);
    List<String> ids = send(Fate.SENT);
    Instant first = clock.instant();
    clock.pass(Duration.ofMinutes(8));
    for (int i = 0; i < 100; i++) {
      Instant sent = i % 20 == 0 ? first : clock.instant();
      assertStored(1, 0, 0, sentAt(result(ids.get(i), "a"), "worker", sent));
      clock.pass(Duration.ofMillis(100));
    }
    Instant now = clock.instant();
    Results.Measured last = results.measure(now.minus(Duration.ofHours(1)), now);
    assertEquals(100, last.count());
    assertEquals(10.0, Rows.seconds(Objects.requireNonNull(last.since()), now), 0.5);
    Measures.Measure recent =
        new Measures(database).between(now.minus(Duration.ofMinutes(10)), now);
    assertEquals(100, recent.count());
    assertEquals(10.0, Rows.seconds(Objects.requireNonNull(recent.since()), now), 0.5);
  }

  private static Answer sentAt(Answer answer, String worker, Instant at) {
    Answer.Source source = new Answer.Source("results", answer.source().messageId(), 0, at);
    return new Answer(
        source, answer.jobId(), worker, 1, 250, "m-1", answer.body(), false, null, null);
  }

  @Test
  void settings_are_kept_and_logged() {
    Control control = new Control(database, actions);
    assertTrue(settings.dispatch().hours().isOpen(clock.instant()));
    ProcessingHours hours =
        new ProcessingHours(
            ZoneId.of("Europe/Berlin"), List.of(Window.parse("monday", "22:00", "24:00")));
    control.setHours("me", hours);
    control.pause("me", true);
    control.setPace("me", 600, 5);
    assertEquals(new Settings.Dispatch(true, 600, 5, hours), settings.dispatch());
    assertEquals(settings.databaseId(), new Settings(database, ZoneId.of("UTC")).databaseId());
    assertEquals(3, actions.before(Long.MAX_VALUE, 10).size());
  }

  @Test
  void a_token_is_found_by_itself_alone() {
    Tokens tokens = new Tokens(database, actions, clock);
    String token = tokens.create("me", "ci", Tokens.Scope.READ);
    assertEquals(Optional.of(new Tokens.Bearer("ci", Tokens.Scope.READ)), tokens.find(token));
    assertEquals(Optional.empty(), tokens.find(token + "0"));
    assertEquals(Optional.empty(), tokens.find(""));
  }

  /** Walks a list to its end, and back; returns the ids of the way there. */
  private List<Long> walk(TaskFilter filter, TaskList.Order order, int limit) {
    List<Long> there = new ArrayList<>();
    Place last = null;
    TaskList.Page page = page(filter, order, true, null, limit);
    for (int i = 0; i < 1_000; i++) {
      page.items().forEach(task -> there.add(task.id()));
      if (page.older() == null) {
        break;
      }
      last = page.older();
      page = page(filter, order, true, last, limit);
    }
    List<Long> back = new ArrayList<>();
    List<Task> end = page.items();
    page = page(filter, order, false, end.isEmpty() ? last : page.newer(), limit);
    end.reversed().forEach(task -> back.add(task.id()));
    for (int i = 0; i < 1_000 && last != null; i++) {
      page.items().reversed().forEach(task -> back.add(task.id()));
      if (page.newer() == null) {
        break;
      }
      page = page(filter, order, false, page.newer(), limit);
    }
    assertEquals(there, back.reversed());
    return there;
  }

  /** Tasks of all states, workers and errors, in two batches; those of a batch in one moment. */
  private List<Task> mixture() throws Exception {
    for (int batch = 0; batch < 2; batch++) {
      List<NewTask> all = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        all.add(new NewTask((i % 5 == 0 ? "Müller " : "smith ") + i % 7, "p" + i, 0));
      }
      tasks.create("me", "batch", all, null);
      clock.pass(Duration.ofSeconds(1));
    }
    plan(40);
    List<String> ids = send(Fate.SENT);
    List<Answer> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String error = i % 3 == 0 ? null : "E" + i % 3;
      Answer answer = answer(ids.get(i), "b", error);
      all.add(
          new Answer(
              answer.source(),
              answer.jobId(),
              "worker-" + i % 4,
              1,
              250,
              "m",
              "b",
              false,
              error,
              error));
      if (i % 10 == 9) {
        clock.pass(Duration.ofMillis(1500));
        answers.store(all, List.of());
        all.clear();
      }
    }
    tasks.cancel("me", ids.size() + 5L);
    return database.read(
        handle ->
            handle
                .createQuery("select * from task order by id desc")
                .map((row, _) -> Tasks.task(row))
                .list());
  }

  @Test
  void every_pair_of_filters_lists_what_it_should_in_both_orders_and_ways() throws Exception {
    List<Task> all = mixture();
    Instant from = Instant.parse("2026-01-01T00:00:01Z");
    Instant to = Instant.parse("2026-01-01T00:00:05Z");
    List<TaskFilter> single =
        List.of(
            TaskFilter.ALL,
            new TaskFilter(TaskState.FAILED, null, null, null),
            new TaskFilter(TaskState.WAITING, null, null, null),
            new TaskFilter(null, "worker-1", null, null),
            new TaskFilter(null, null, "E1", null),
            new TaskFilter(null, null, null, all.getLast().batch()),
            named("smith 3", null, null, null),
            named(null, "LLeR", null, null),
            named(null, null, from, to),
            named(null, null, null, to));
    int nonEmpty = 0;
    for (TaskFilter one : single) {
      for (TaskFilter two : single) {
        TaskFilter both = both(one, two);
        List<Long> wanted = all.stream().filter(t -> matches(both, t)).map(Task::id).toList();
        assertEquals(wanted, walk(both, TaskList.Order.CREATED, 7), both.toString());
        List<Long> byChange =
            all.stream()
                .filter(t -> matches(both, t))
                .sorted(
                    Comparator.comparing(Task::changedAt).thenComparingLong(Task::id).reversed())
                .map(Task::id)
                .toList();
        assertEquals(byChange, walk(both, TaskList.Order.CHANGED, 7), both.toString());
        assertEquals(both, FilterText.read(FilterText.write(both)));
        assertEquals(wanted.size(), operations.preview(both, null).matching(), both.toString());
        nonEmpty += wanted.isEmpty() ? 0 : 1;
      }
    }
    assertTrue(nonEmpty > 60, String.valueOf(nonEmpty));
  }

  private static TaskFilter named(
      @Nullable String name, @Nullable String text, @Nullable Instant from, @Nullable Instant to) {
    return new TaskFilter(null, null, null, null, name, text, new TaskFilter.Period(from, to));
  }

  private static TaskFilter both(TaskFilter one, TaskFilter two) {
    return new TaskFilter(
        one.state() == null ? two.state() : one.state(),
        one.worker() == null ? two.worker() : one.worker(),
        one.error() == null ? two.error() : one.error(),
        one.batch() == null ? two.batch() : one.batch(),
        one.name() == null ? two.name() : one.name(),
        one.text() == null ? two.text() : one.text(),
        one.changed().isAlways() ? two.changed() : one.changed());
  }

  private static boolean matches(TaskFilter filter, Task task) {
    Instant from = filter.changed().from();
    Instant to = filter.changed().to();
    String text = filter.text();
    return (filter.state() == null || filter.state().text().equals(task.state()))
        && (filter.worker() == null || filter.worker().equals(task.worker()))
        && (filter.error() == null || filter.error().equals(task.errorType()))
        && (filter.batch() == null || filter.batch() == task.batch())
        && (filter.name() == null || filter.name().equals(task.name()))
        && (text == null
            || task.name().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
        && (from == null || !task.changedAt().isBefore(from))
        && (to == null || task.changedAt().isBefore(to));
  }

  @Test
  void a_search_gives_up_for_now_says_so_and_goes_on() throws Exception {
    make(new int[TaskList.MAX_SEARCHED + 10]);
    tasks.create("me", "b", List.of(new NewTask("needle", "p", 0)), null);
    make(new int[5]);
    TaskFilter text = named(null, "NEEDLE", null, null);
    TaskList.Page first = page(text, TaskList.Order.CREATED, true, null, 20);
    assertEquals(List.of("needle"), first.items().stream().map(Task::name).toList());
    assertEquals(TaskList.MAX_SEARCHED, first.searched());
    TaskList.Page second = page(text, TaskList.Order.CREATED, true, first.older(), 20);
    assertEquals(List.of(), second.items());
    assertEquals(0, second.searched());
    assertEquals(null, second.older());
    assertEquals(1, walk(text, TaskList.Order.CREATED, 20).size());
    assertEquals(1, walk(text, TaskList.Order.CHANGED, 20).size());
  }

  @Test
  void a_passport_has_every_change_and_who_made_it() throws Exception {
    long first = make(0).firstTask();
    plan(1);
    String one = send(Fate.SENT).getFirst();
    clock.pass(Duration.ofSeconds(3));
    Answer letter = answer(one, "payload 0", "java.io.IOException");
    assertStored(
        1,
        0,
        0,
        new Answer(
            new Answer.Source("letters", "x", 0, Instant.parse("2026-01-01T00:00:02Z")),
            letter.jobId(),
            letter.worker(),
            2,
            250,
            "m-1",
            "payload 0",
            false,
            letter.errorType(),
            "why"));
    tasks.retry("ann", first);
    plan(1);
    clock.pass(Duration.ofHours(2));
    send(Fate.sent("m-2"));
    clock.pass(Duration.ofHours(2));
    outbox.overdue(clock.instant(), false, 10);
    tasks.cancel("bob", first);
    List<Passport.Change> changes = views.passports().of(first);
    assertEquals(
        List.of(
            "waiting 0 person me null",
            "sending 1 boss boss-1 null",
            "dispatched 1 boss boss-1 null",
            "failed 1 worker worker-1 java.io.IOException",
            "waiting 1 person ann null",
            "sending 2 boss boss-1 null",
            "dispatched 2 boss boss-1 null",
            "unanswered 2 boss boss-1 no answer",
            "cancelled 2 person bob null"),
        changes.stream()
            .map(c -> c.state() + " " + c.run() + " " + c.actor() + " " + c.who() + " " + c.why())
            .toList());
    Passport.Change end = changes.get(3);
    assertEquals(Instant.parse("2026-01-01T00:00:03Z"), end.at());
    assertEquals(Instant.parse("2026-01-01T00:00:02Z"), end.sqsAt());
    assertEquals("m-1", end.messageId());
    assertNull(changes.get(2).messageId());
    assertEquals("m-2", changes.get(6).messageId());
    assertEquals(2, end.attempts());
    assertEquals(Passport.digest("payload 0"), end.digest());
    assertTrue(end.clock().startsWith("boss "), end.clock());
    assertEquals(List.of(), views.passports().of(first + 1));
    new Retention(database, Duration.ofDays(1), clock).apply();
    assertEquals(9, views.passports().of(first).size());
    clock.pass(Duration.ofDays(2));
    new Retention(database, Duration.ofDays(1), clock).apply();
    assertEquals(List.of(), views.passports().of(first));
  }

  private Operations.Operation ask(Operations.Kind kind, TaskFilter filter) {
    return operations.create(
        "ann", new Operations.Wanted(kind, filter, null, "because", Operations.UNDO));
  }

  private static TaskFilter ofBatch(long batch) {
    return new TaskFilter(TaskState.WAITING, null, null, batch);
  }

  private Operations.Operation again(Operations.Operation operation) {
    return operations.find(operation.id()).orElseThrow();
  }

  @Test
  void an_operation_can_be_undone_for_ten_seconds_and_one_works_at_a_time() throws Exception {
    TaskFilter waiting = ofBatch(make(new int[450]).batch());
    TaskFilter others = ofBatch(make(new int[450]).batch());
    Operations.Operation undone = ask(Operations.Kind.CANCEL, waiting);
    assertEquals("scheduled", undone.state());
    clock.pass(Duration.ofSeconds(9));
    assertFalse(operations.step());
    assertFalse(operations.stop("bob", undone.id()));
    assertTrue(operations.undo("bob", undone.id()));
    Operations.Operation one = ask(Operations.Kind.CANCEL, waiting);
    Operations.Operation two = ask(Operations.Kind.CANCEL, others);
    clock.pass(Duration.ofSeconds(10));
    assertTrue(operations.step());
    assertEquals("running", again(one).state());
    assertEquals("scheduled", again(two).state());
    assertFalse(operations.undo("bob", one.id()));
    assertTrue(operations.step());
    assertTrue(operations.step());
    assertEquals("done", again(one).state());
    assertEquals(450, again(one).progress().done());
    assertEquals("undone", again(undone).state());
    assertTrue(operations.step());
    assertTrue(operations.stop("bob", two.id()));
    assertFalse(operations.step());
    assertEquals("stopped", again(two).state());
    assertEquals(200, again(two).progress().done());
    assertEquals("operation.stop", actions.before(Long.MAX_VALUE, 1).getFirst().what());
    Passport.Change last = views.passports().of(1).getLast();
    assertEquals("ann", last.who());
    assertEquals("operation " + one.id() + ": because", last.why());
  }

  @Test
  void an_operation_touches_nothing_that_came_or_changed_since() throws Exception {
    make(0, 0);
    plan(2);
    List<String> ids = send(Fate.SENT);
    assertStored(1, 0, 0, answer(ids.getFirst(), "p", "E"));
    TaskFilter failed = new TaskFilter(TaskState.FAILED, null, null, null);
    Operations.Preview preview = operations.preview(failed, null);
    assertEquals(1, preview.matching());
    assertEquals(1, preview.able(Operations.Kind.RETRY));
    assertEquals(0, preview.able(Operations.Kind.CANCEL));
    clock.pass(Duration.ofSeconds(1));
    assertStored(1, 0, 0, answer(ids.getLast(), "p", "E"));
    Operations.Operation asked =
        operations.create(
            "ann",
            new Operations.Wanted(
                Operations.Kind.RETRY, failed, preview.cutoff(), "r", Duration.ZERO));
    assertEquals(1, asked.matching());
    assertTrue(operations.step());
    assertEquals(1, again(asked).progress().done());
    assertEquals("waiting", state(1));
    assertEquals("failed", state(2));
  }

  @Test
  void an_operation_touches_no_more_tasks_than_were_counted() throws Exception {
    make(0, 0);
    // As of a moment at which an upload is under way: its tasks have ids, and nobody sees them yet.
    Operations.Cutoff cutoff = new Operations.Cutoff(5, clock.instant());
    Operations.Operation asked =
        operations.create(
            "ann",
            new Operations.Wanted(
                Operations.Kind.CANCEL, TaskFilter.ALL, cutoff, "r", Duration.ZERO));
    assertEquals(2, asked.matching());
    make(0, 0, 0);
    while (operations.step()) {}
    assertEquals("done", again(asked).state());
    assertEquals(2, again(asked).progress().done());
    assertEquals("waiting", state(3));
  }

  @Test
  void a_clock_that_is_set_back_hides_no_task_and_stops_no_operation() throws Exception {
    TaskFilter waiting = ofBatch(make(new int[450]).batch());
    Operations.Operation asked = ask(Operations.Kind.CANCEL, waiting);
    clock.pass(Operations.UNDO);
    assertTrue(operations.step());
    clock.pass(Duration.ofHours(-1));
    assertTrue(operations.step());
    assertEquals(400, again(asked).progress().done());
    assertEquals(450, operations.preview(TaskFilter.ALL, null).matching());
  }

  @Test
  void a_clock_that_is_set_back_delays_no_webhook() throws Exception {
    Hooks hooks = new Hooks(database, clock, new Hooks.Listeners(List.of("http://a/"), _ -> ""));
    database.inTransaction(
        handle -> {
          hooks.announce(handle, "batch.done", Map.of());
          return null;
        });
    assertEquals(1, hooks.take(10, Duration.ofSeconds(30)).size());
    clock.pass(Duration.ofSeconds(-30));
    assertEquals(0, hooks.take(10, Duration.ofSeconds(30)).size());
    clock.pass(Duration.ofHours(-1));
    assertEquals(1, hooks.take(10, Duration.ofSeconds(30)).size());
    assertEquals(0, hooks.take(10, Duration.ofSeconds(30)).size());
  }

  @Test
  void what_the_database_refuses_is_counted_and_the_others_are_done() throws Exception {
    make(0, 0, 0);
    database.inTransaction(
        handle ->
            handle.execute(
                "alter table task add constraint odd check (id <> 2 or state <> 'cancelled')"));
    Operations.Operation asked =
        operations.create(
            "ann",
            new Operations.Wanted(
                Operations.Kind.CANCEL, TaskFilter.ALL, null, "r", Duration.ZERO));
    assertTrue(operations.step());
    Operations.Operation done = again(asked);
    assertEquals("done", done.state());
    assertEquals(2, done.progress().done());
    assertEquals(1, done.progress().failed());
    assertTrue(String.valueOf(done.progress().failure()).startsWith("task 2: "));
    assertEquals("waiting", state(2));
    Operations.Failure failure = operations.failures(asked.id()).getFirst();
    assertEquals(2, failure.task());
    assertEquals("task 2: " + failure.problem(), done.progress().failure());
  }

  @Test
  void the_first_hundred_that_the_database_refuses_are_kept_with_the_reason() throws Exception {
    make(new int[450]);
    database.inTransaction(
        handle ->
            handle.execute(
                "alter table task add constraint odd check (id < 151 or state <> 'cancelled')"));
    Operations.Operation asked =
        operations.create(
            "ann",
            new Operations.Wanted(
                Operations.Kind.CANCEL, TaskFilter.ALL, null, "r", Duration.ZERO));
    while (operations.step()) {}
    assertEquals(150, again(asked).progress().done());
    assertEquals(300, again(asked).progress().failed());
    List<Operations.Failure> failures = operations.failures(asked.id());
    assertEquals(
        LongStream.rangeClosed(151, 250).boxed().toList(),
        failures.stream().map(Operations.Failure::task).toList());
    assertTrue(
        failures.stream().allMatch(one -> one.problem().toLowerCase(Locale.ROOT).contains("odd")),
        failures.toString());
  }

  @Test
  void what_a_worker_says_is_stored_however_long_it_is_and_in_whatever_characters()
      throws Exception {
    make(0);
    plan(1);
    String job = send(Fate.SENT).getFirst();
    String faces = "x" + "\uD83D\uDE00".repeat(3_000);
    Answer letter =
        new Answer(
            new Answer.Source("letters", "m", 0),
            job,
            faces,
            1,
            1,
            faces,
            faces,
            false,
            faces,
            faces);
    assertStored(1, 0, 0, letter);
    assertEquals("failed", state(1));
    Results.Result stored = results.newest(1).results().getFirst();
    assertEquals(faces, stored.body());
    assertEquals(faces.substring(0, 2_047), stored.errorMessage());
    assertEquals(faces.substring(0, 255), stored.worker());
  }

  @Test
  void two_bosses_never_work_on_operations_at_the_same_time() throws Exception {
    make(0);
    ask(Operations.Kind.CANCEL, TaskFilter.ALL);
    ask(Operations.Kind.CANCEL, TaskFilter.ALL);
    clock.pass(Operations.UNDO);
    boolean other =
        database.inTransaction(
            handle -> {
              handle
                  .createQuery("select id from operation where id = 1 for update")
                  .mapTo(Long.class)
                  .one();
              return CompletableFuture.supplyAsync(operations::step).get(60, TimeUnit.SECONDS);
            });
    assertFalse(other);
    assertTrue(operations.step());
  }

  @Test
  void failures_are_grouped_with_an_example() throws Exception {
    make(0, 0, 0, 0);
    plan(4);
    List<String> ids = send(Fate.SENT);
    assertStored(
        4,
        0,
        0,
        answer(ids.get(0), "p", "A"),
        answer(ids.get(1), "p", "B"),
        answer(ids.get(2), "p", "B"),
        result(ids.get(3), "p"));
    Failures.Report report = views.failures().report();
    assertEquals(3, report.total());
    assertEquals(List.of("B", "A"), report.groups().stream().map(Failures.Group::error).toList());
    assertEquals(2, report.groups().getFirst().tasks());
    assertEquals(3, report.groups().getFirst().example().id());
    assertEquals("why", report.groups().getFirst().message());
  }

  @Test
  void reports_tell_workers_batches_accounts_and_days() throws Exception {
    mixture();
    Map<WorkReports.By, Integer> lines =
        Map.of(
            WorkReports.By.WORKER, 4,
            WorkReports.By.BATCH, 1,
            WorkReports.By.DAY, 1,
            WorkReports.By.ACCOUNT, 13);
    lines.forEach(
        (by, count) -> {
          WorkReports.Report report = views.work().report(work(by, null, null));
          assertEquals(30, report.lines().stream().mapToLong(Line::tasks).sum(), by.text());
          assertEquals(30, report.answers());
          assertTrue(report.whole());
          assertEquals(count, report.lines().size(), by.text());
        });
    assertEquals(
        "2026-01-01",
        views.work().report(work(WorkReports.By.DAY, null, null)).lines().getFirst().name());
    assertEquals(0, views.work().report(work(WorkReports.By.WORKER, 2L, null)).lines().size());
    Line one = views.work().report(work(WorkReports.By.WORKER, 1L, "smith 1")).lines().getFirst();
    assertTrue(one.tasks() > 0 && one.tasks() < 5, one.toString());
    WorkReports small = new WorkReports(database, settings, clock, 5);
    List<Line> few = small.report(work(WorkReports.By.ACCOUNT, null, null)).lines();
    assertEquals(6, few.size());
    assertEquals(30, few.stream().mapToLong(Line::tasks).sum());
    assertTrue(few.stream().anyMatch(line -> line.name().equals(WorkReports.OTHERS)));
  }

  @Test
  void invariants_hold_and_are_seen_to_break() throws Exception {
    mixture();
    Invariants.Report good = views.invariants().report();
    assertEquals(
        List.of(),
        good.checks().stream().filter(c -> !c.holds()).map(c -> c.rule().name()).toList());
    assertEquals(60, good.tasks());
    assertEquals(good.tasks(), good.ended() + good.open());
    clock.pass(Duration.ofMinutes(2));
    List<String> damage =
        List.of(
            "update task set state = 'odd' where id = 60",
            "delete from result where task_id = 1",
            "insert into result select 999, run, succeeded, worker, attempts, duration_millis,"
                + " message_id, in_s3, bytes, body, error_type, error_message, copies, received_at,"
                + " sqs_at from result where task_id = 4",
            "update run set closes_at = begun_at where task_id = 2",
            "insert into result select task_id, 2, succeeded, worker, attempts, duration_millis,"
                + " message_id, in_s3, bytes, body, error_type, error_message, copies, received_at,"
                + " sqs_at from result where task_id = 4",
            "update task set run = 2 where id = 4",
            "delete from task_change where task_id = 59");
    database.inTransaction(
        handle -> {
          damage.forEach(handle::execute);
          return null;
        });
    assertEquals(
        List.of(
            "every task has ended or is open 1",
            "every task that has succeeded has its result 1",
            "no task has succeeded twice 1",
            "no result is without its task 1",
            "nothing was sent outside the hours 1",
            "every passport ends with the state of its task 2"),
        views.invariants().report().checks().stream()
            .filter(c -> !c.holds())
            .map(c -> c.rule().name() + " " + c.violations())
            .toList());
  }

  @Test
  void what_is_sent_in_the_hours_and_outside_is_told_apart() throws Exception {
    make(0, 0);
    new Control(database, actions)
        .setHours(
            "me",
            new ProcessingHours(
                ZoneId.of("UTC"), List.of(Window.parse("thursday", "00:00", "01:00"))));
    plan(1);
    send(Fate.SENT);
    assertTrue(views.invariants().report().hold());
    clock.pass(Duration.ofHours(2));
    plan(1);
    send(Fate.SENT);
    assertEquals(
        1,
        views.invariants().report().checks().stream()
            .filter(check -> check.rule().name().equals("nothing was sent outside the hours"))
            .findFirst()
            .orElseThrow()
            .violations());
  }

  /** Tables of which retention takes what is old; others have nothing that grows with the work. */
  private static final Set<String> BOUNDED =
      Set.of("app_user", "link", "listener", "schema_version", "setting", "token", "web_session");

  @Test
  void retention_takes_the_old_of_all_kinds_and_leaves_what_is_not_over() throws Exception {
    Hooks hooks =
        new Hooks(database, clock, new Hooks.Listeners(List.of("http://127.0.0.1/"), _ -> "{}"));
    Nights nights = new Nights(database, hooks, clock);
    nights.look(TestHours.until(clock.instant().plusSeconds(3600)));
    make(0, 0, 0);
    tasks.create("me", "once", List.of(new NewTask("n", "p", 0)), new Tasks.Once("k", "h"));
    plan(3);
    List<String> jobs = send(Fate.SENT);
    nights.look(TestHours.until(clock.instant().plusSeconds(3600)));
    assertStored(
        2, 0, 1, result(jobs.get(0), "a"), answer(jobs.get(1), "b", "E"), result("odd", "c"));
    // The fourth has not gone out when the hours are over, which is told.
    nights.look(TestHours.never());
    operations.create(
        "me",
        new Operations.Wanted(Operations.Kind.CANCEL, TaskFilter.ALL, null, "r", Duration.ZERO));
    while (operations.step()) {}
    database.inTransaction(
        handle ->
            handle.execute(
                "insert into operation_failure (operation_id, task_id, problem)"
                    + " select id, 1, 'odd' from operation"));
    new Forecasts(database, clock)
        .keep(new Forecasts.Forecast(null, 1, 1, 1, 1, null, null, null, null));
    Set<String> filled = new TreeSet<>(TableDump.filled(database));
    filled.removeAll(BOUNDED);
    clock.pass(Duration.ofDays(91));
    new Retention(database, Duration.ofDays(90), clock).apply();
    Set<String> left = new TreeSet<>(TableDump.filled(database));
    left.removeAll(BOUNDED);
    // One is with the workers still, and what belongs to it.
    assertEquals(Set.of("batch", "payload", "run", "task", "task_change"), left);
    assertEquals(jobs.get(2), JobId.parse(jobs.get(2)).orElseThrow().text());
    assertEquals("dispatched", state(JobId.parse(jobs.get(2)).orElseThrow().task()));
    assertEquals(
        Set.of(
            "action",
            "batch",
            "forecast",
            "night",
            "operation",
            "operation_failure",
            "payload",
            "request",
            "result",
            "run",
            "stray",
            "task",
            "task_change",
            "webhook",
            "work_run"),
        filled,
        "a table that is new needs a retention");
    assertTrue(views.invariants().report().hold());
  }

  @Test
  void retention_deletes_few_rows_at_a_time() throws Exception {
    database.inTransaction(
        handle -> {
          for (int i = 0; i < 2_500; i++) {
            handle.execute(
                "insert into stray (message_id, line, queue, job_id, worker, why, body, received_at)"
                    + " values (?, 1, 'q', 'j', 'w', 'why', '', ?)",
                "m" + i,
                clock.instant().plusSeconds(i));
          }
          // The last cannot be deleted: what was deleted before it stays so.
          handle.execute("create table holds (id bigint references stray (id))");
          return handle.execute("insert into holds select max(id) from stray");
        });
    clock.pass(Duration.ofDays(91));
    Retention retention = new Retention(database, Duration.ofDays(90), clock);
    assertThrows(StatementException.class, retention::apply);
    assertEquals(500, TableDump.number(database, "select count(*) from stray"));
    database.inTransaction(handle -> handle.execute("delete from holds"));
    retention.apply();
    assertEquals(0, TableDump.number(database, "select count(*) from stray"));
  }

  @Test
  void what_a_boss_without_listeners_notices_is_told_to_those_of_another() {
    String url = "http://127.0.0.1/hook";
    Hooks mute = new Hooks(database, clock, new Hooks.Listeners(List.of(), Hooks.Event::name));
    Hooks telling =
        new Hooks(database, clock, new Hooks.Listeners(List.of(url), Hooks.Event::name));
    mute.name();
    telling.name();
    announce(mute, "one");
    announce(telling, "two");
    assertEquals(List.of(), mute.take(10, Duration.ofMinutes(1)));
    assertEquals(
        List.of("one", "two"),
        telling.take(10, Duration.ofMinutes(1)).stream().map(Hooks.Delivery::body).toList());
    // It is named on and on while its boss runs; some days after that it is told of nothing.
    clock.pass(Duration.ofHours(2));
    telling.name();
    clock.pass(Hooks.NAMED_FOR.minusSeconds(1));
    announce(mute, "three");
    clock.pass(Duration.ofSeconds(1));
    announce(mute, "four");
    assertEquals(
        List.of("three"),
        telling.take(10, Duration.ofDays(9)).stream()
            .map(Hooks.Delivery::body)
            .filter(body -> body.length() > 3)
            .toList());
  }

  @Test
  void a_boss_that_dies_when_it_tells_of_failures_leaves_them_to_be_told() throws Exception {
    AtomicBoolean dies = new AtomicBoolean(true);
    Hooks hooks =
        new Hooks(
            database,
            clock,
            new Hooks.Listeners(
                List.of("http://127.0.0.1/hook"),
                event -> {
                  if (event.name().equals("batch.failures") && dies.getAndSet(false)) {
                    throw new IllegalStateException("died here");
                  }
                  return event.name();
                }));
    hooks.name();
    make(0);
    plan(1);
    assertStored(1, 0, 0, answer(send(Fate.SENT).getFirst(), "payload 0", "E"));
    BatchEnds ends = new BatchEnds(database, new Census(database, clock), hooks, clock, 5);
    assertThrows(IllegalStateException.class, ends::step);
    ends.step();
    assertEquals(
        List.of("batch.failures", "batch.done"),
        hooks.take(10, Duration.ofMinutes(1)).stream().map(Hooks.Delivery::body).toList());
  }

  private void announce(Hooks hooks, String event) {
    database.inTransaction(
        handle -> {
          hooks.announce(handle, event, Map.of());
          return null;
        });
  }

  @Test
  void a_database_whose_connections_are_all_in_use_is_busy_and_not_away() throws Exception {
    CountDownLatch busy = new CountDownLatch(10);
    CountDownLatch end = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10; i++) {
        Future<?> _ =
            threads.submit(
                () ->
                    database.inTransaction(
                        _ -> {
                          busy.countDown();
                          end.await();
                          return null;
                        }));
      }
      busy.await();
      RuntimeException late = assertThrows(RuntimeException.class, () -> tasks.find(1));
      end.countDown();
      assertEquals(Optional.of(Trouble.BUSY), Trouble.of(late));
    }
    assertEquals(Optional.empty(), tasks.find(1));
  }

  /** Opens once more the one that {@link #open} has made. */
  abstract Database reopen();

  @Test
  void that_a_database_is_changed_is_told_before_it_is() {
    Logger logger = (Logger) LoggerFactory.getLogger(Schema.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      reopen().close();
      assertEquals(List.of(), lines.list);
      database.inTransaction(
          handle -> handle.execute("delete from schema_version where version = 14"));
      reopen().close();
      assertEquals(
          List.of("changing the database to schema 14; with many results this may take minutes"),
          lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void a_database_of_a_newer_boss_is_not_opened() {
    database.inTransaction(
        handle -> handle.execute("insert into schema_version (version) values (98)"));
    Database.Unavailable refused = assertThrows(Database.Unavailable.class, this::reopen);
    database.inTransaction(
        handle -> handle.execute("delete from schema_version where version = 98"));
    assertEquals(
        "a newer boss has changed it (schema 98, which this one does not know): start that one",
        refused.getMessage());
    assertEquals(Optional.empty(), Trouble.of(Objects.requireNonNull(refused.getCause())));
  }

  @Test
  void tokens_are_listed_with_their_last_use_and_end_when_they_are_revoked() {
    Tokens here = new Tokens(database, actions, clock);
    Tokens elsewhere = new Tokens(database, new Actions(database, clock), clock);
    Instant made = clock.instant();
    String one = here.create("ada", "one", Tokens.Scope.READ);
    String two = here.create("ada", "two", Tokens.Scope.OPERATE);
    String other = here.create("ada", "two", Tokens.Scope.READ);
    clock.pass(Duration.ofMinutes(5));
    Instant used = clock.instant();
    assertTrue(elsewhere.find(two).isPresent());
    clock.pass(Duration.ofSeconds(59));
    assertTrue(here.find(two).isPresent());
    assertEquals(
        List.of(
            new Tokens.Token(1, "one", "read", made, null),
            new Tokens.Token(2, "two", "operate", made, used),
            new Tokens.Token(3, "two", "read", made, null)),
        here.after(0, 10));
    clock.pass(Duration.ofSeconds(2));
    assertTrue(here.find(two).isPresent());
    assertEquals(clock.instant(), here.after(1, 1).getFirst().usedAt());
    assertEquals(2, here.revoke("ada", "two").size());
    for (Tokens boss : List.of(here, elsewhere)) {
      assertEquals(Optional.empty(), boss.find(two));
      assertEquals(Optional.empty(), boss.find(other));
      assertTrue(boss.find(one).isPresent());
    }
    assertEquals("one", elsewhere.revoke("eve", 1).getFirst().name());
    assertEquals(List.of(), elsewhere.revoke("eve", 1));
    assertEquals(List.of(), here.after(0, 10));
    Actions.Action last = actions.before(Long.MAX_VALUE, 1).getFirst();
    assertEquals(
        List.of("eve", "token.revoke", "one, read, id 1"),
        List.of(last.who(), last.what(), last.detail()));
  }
}
