package com.amazonaws.jobprocessor.boss.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

  private int plan(int count) {
    return outbox.plan((_, _, _) -> count);
  }

  private List<String> send(Fate fate) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    outbox.send(
        100,
        MEBIBYTE,
        parcels -> {
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
    assertEquals("done", results.of(first).getFirst().body());
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
                parcels -> {
                  parcels.forEach(parcel -> sent.add(parcel.jobId()));
                  throw new IllegalStateException("died here");
                }));
    assertEquals("sending", state(first));
    // The answer may be there before anybody has noted that it was sent.
    assertStored(1, 0, 0, result(sent.getFirst(), "a"));
    assertEquals(sent.subList(1, 2), send(Fate.SENT));
    assertStored(1, 1, 0, result(sent.get(0), "b"), result(sent.get(1), "c"));
    assertEquals("a", results.of(first).getFirst().body());
    assertEquals(1, results.of(first).getFirst().copies());
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
          p -> {
            sizes.add(p.size());
            return Collections.nCopies(p.size(), Fate.SENT);
          });
    }
    assertEquals(List.of(1, 1, 1), sizes);
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
                        parcels -> {
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
    assertEquals(2, results.of(first).size());
    assertEquals("good", results.after(TaskFilter.ALL, 0, 10).getFirst().body());
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
    assertEquals(2, tasks.before(TaskFilter.ALL, Long.MAX_VALUE, 10).size());
  }

  @Test
  void lists_page_by_id_and_filter() throws Exception {
    Tasks.Created created = make(new int[25]);
    List<Task> page = tasks.before(TaskFilter.ALL, Long.MAX_VALUE, 10);
    assertEquals(created.firstTask() + 24, page.getFirst().id());
    assertEquals(
        created.firstTask() + 14,
        tasks.before(TaskFilter.ALL, page.getLast().id(), 10).getFirst().id());
    plan(4);
    TaskFilter sending = new TaskFilter(TaskState.SENDING, null, null, created.batch());
    assertEquals(4, tasks.before(sending, Long.MAX_VALUE, 10).size());
    assertEquals(
        List.of(), tasks.before(new TaskFilter(null, "nobody", "none", null), Long.MAX_VALUE, 10));
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
    Results.WorkerReport report = results.workers().getFirst();
    assertEquals("worker-1", report.worker());
    assertEquals(2, report.succeeded());
    assertEquals(1, report.failed());
    assertEquals(0.75, report.busySeconds());
    Results.Measured measured = results.measure(clock.instant().minusSeconds(60));
    assertEquals(3, measured.count());
    assertEquals(250.0, measured.meanMillis());
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
}
