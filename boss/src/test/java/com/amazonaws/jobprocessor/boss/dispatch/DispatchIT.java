package com.amazonaws.jobprocessor.boss.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Invariants;
import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Retention;
import com.amazonaws.jobprocessor.boss.store.SetClock;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import com.amazonaws.jobprocessor.port.QueueGauge;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispatchIT {
  @TempDir Path folder;
  // A Friday.
  private final SetClock clock = new SetClock("2026-01-02T12:00:00Z");
  private final AtomicLong nanoTime = new AtomicLong();
  private final MemoryQueue backlog = new MemoryQueue();
  private final MemoryQueue results = new MemoryQueue();
  private final MemoryQueue letters = new MemoryQueue();
  private Database database;
  private Settings settings;
  private Actions actions;
  private Tasks tasks;
  private Control control;
  private Outbox outbox;
  private Dispatcher dispatcher;
  private int news;

  @BeforeEach
  void set_up() {
    database = Database.embedded(folder);
    settings = new Settings(database, ZoneId.of("UTC"));
    actions = new Actions(database, clock);
    tasks = new Tasks(database, settings, actions, clock);
    control = new Control(database, actions);
    outbox = new Outbox(database, settings, clock, "boss");
    QueueGauge gauge =
        new QueueGauge() {
          @Override
          public String name() {
            return "queue";
          }

          @Override
          public Reading read() {
            return new Reading(7, 0, 0);
          }
        };
    dispatcher = new Dispatcher(outbox, settings, new Results(database), backlog, gauge, clock);
  }

  @AfterEach
  void tear_down() {
    database.close();
  }

  private long make(int count) throws Exception {
    List<NewTask> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new NewTask("n" + i, "p" + i, 0));
    }
    return tasks.create("me", "b", all, null).firstTask();
  }

  private int dispatch() throws InterruptedException {
    int steps = 0;
    while (dispatcher.step() > 0) {
      assertTrue(steps++ < 100);
    }
    return backlog.calls.stream().mapToInt(List::size).sum();
  }

  private List<String> sentIds() {
    return backlog.calls.stream().flatMap(List::stream).map(MemoryQueue::jobId).toList();
  }

  private static Delivery delivery(String id, String body, Map<String, String> attributes) {
    Map<String, Attribute> all = new HashMap<>();
    attributes.forEach((name, value) -> all.put(name, Attribute.of(value)));
    return new Delivery(id, "handle " + id, body, all, 1);
  }

  private static Delivery result(String jobId, String body) {
    return delivery(
        "m " + jobId,
        body,
        Map.of("job_id", jobId, "worker_id", "w", "attempts", "1", "duration_millis", "5"));
  }

  private void ingest() throws Exception {
    ingest(results, false).step();
    ingest(letters, true).step();
  }

  private Ingest ingest(MemoryQueue queue, boolean isLetters) {
    return new Ingest(
        queue,
        isLetters,
        new Answers(database, settings, clock),
        () -> news++,
        new StrayLog(queue.name(), nanoTime::get));
  }

  private String state(long task) {
    return tasks.find(task).orElseThrow().state();
  }

  @Test
  void tasks_go_out_inside_the_hours_only() throws Exception {
    control.setHours(
        "me",
        new ProcessingHours(ZoneId.of("UTC"), List.of(Window.parse("friday", "22:00", "02:00"))));
    make(5);
    assertEquals(0, dispatch());
    clock.set("2026-01-02T22:00:00Z");
    control.pause("me", true);
    assertEquals(0, dispatch());
    control.pause("me", false);
    assertEquals(5, dispatch());
    make(5);
    clock.set("2026-01-03T02:00:00Z");
    assertEquals(5, dispatch());
  }

  @Test
  void what_was_planned_before_the_end_waits_in_the_outbox_for_the_next_begin() throws Exception {
    long first = make(1);
    outbox.plan((set, outstanding, recent) -> 1);
    control.setHours(
        "me",
        new ProcessingHours(ZoneId.of("UTC"), List.of(Window.parse("friday", "22:00", "02:00"))));
    assertEquals(0, dispatch());
    assertEquals("sending", state(first));
    clock.set("2026-01-02T22:00:00Z");
    assertEquals(1, dispatch());
  }

  @Test
  void more_goes_out_as_answers_come_in() throws Exception {
    make(100);
    assertEquals(Pace.FIRST, dispatch());
    clock.pass(Duration.ofSeconds(10));
    for (String id : sentIds().subList(0, 10)) {
      results.waiting.add(result(id, "done"));
    }
    ingest();
    assertEquals(1, news);
    clock.pass(Duration.ofSeconds(10));
    // Ten in ten seconds: in ten minutes all of them.
    assertEquals(100, dispatch());
  }

  @Test
  void a_limit_a_minute_holds_over_restarts() throws Exception {
    control.setPace("me", 3, 10);
    make(10);
    assertEquals(3, dispatch());
    clock.pass(Duration.ofSeconds(59));
    assertEquals(3, dispatch());
    clock.pass(Duration.ofSeconds(2));
    assertEquals(6, dispatch());
  }

  @Test
  void an_answer_is_stored_before_its_message_is_deleted() throws Exception {
    long first = make(2);
    dispatch();
    results.waiting.add(result(sentIds().get(0), "one"));
    database.close();
    assertThrows(RuntimeException.class, this::ingest);
    assertEquals(List.of(), results.deleted);
    database = Database.embedded(folder);
    tasks = new Tasks(database, settings, new Actions(database, clock), clock);
    ingest();
    assertEquals(1, results.deleted.size());
    assertEquals("succeeded", state(first));
    // Nobody knows whether the delete has arrived: it comes again.
    results.waiting.add(result(sentIds().get(0), "one"));
    ingest();
    assertEquals(2, results.deleted.size());
    assertEquals(1, new Results(database).newest(first).results().getFirst().copies());
  }

  @Test
  void dead_letters_and_packs_of_either_are_read_line_by_line() throws Exception {
    long first = make(5);
    dispatch();
    List<String> ids = sentIds();
    String pack =
        new ResultLine(ids.get(0), "a", 1, 5, "m", "w").write()
            + "\r\n\nnonsense\n"
            + new ResultLine(ids.get(1), "", 2, 7, "m", "w2").write();
    results.waiting.add(delivery("pack", pack, Map.of(PackFormat.JOB_PACK, "1")));
    results.waiting.add(
        delivery("odd", "x", Map.of(PackFormat.JOB_PACK, "2", "job_id", ids.get(4))));
    letters.waiting.add(
        delivery(
            "letter",
            "p2",
            Map.of(
                "job_id",
                ids.get(2),
                "error_type",
                "E",
                "error_message",
                "why",
                "worker_id",
                "w")));
    letters.waiting.add(
        delivery(
            "refused",
            new JobLine(ids.get(3), "p3", 0).write(),
            Map.of(PackFormat.JOB_PACK, "1", "error_type", "PackRefused")));
    ingest();
    assertEquals(
        List.of("succeeded", "succeeded", "failed", "failed", "dispatched"),
        List.of(
            state(first), state(first + 1), state(first + 2), state(first + 3), state(first + 4)));
    assertEquals("PackRefused", tasks.find(first + 3).orElseThrow().errorType());
    Results stored = new Results(database);
    assertEquals("why", stored.newest(first + 2).results().getFirst().errorMessage());
    assertEquals("w2", stored.newest(first + 1).results().getFirst().worker());
    List<Results.StrayRow> strays = stored.strays(Long.MAX_VALUE, 10);
    assertEquals(2, strays.size());
    assertTrue(strays.stream().anyMatch(stray -> stray.why().startsWith("line 3: ")));
  }

  /** Of all clocks. */
  private void pass(Duration time) {
    clock.pass(time);
    nanoTime.addAndGet(time.toNanos());
  }

  @Test
  void a_clock_that_was_set_ahead_makes_nothing_old_for_an_hour() throws Exception {
    make(2);
    dispatch();
    results.waiting.add(result(sentIds().get(0), "one"));
    ingest();
    Upkeep upkeep =
        new Upkeep(
            outbox,
            new Retention(database, Duration.ofDays(90), clock),
            new Upkeep.Rules(Duration.ofDays(1_000), false, Duration.ofDays(4)),
            clock,
            nanoTime::get);
    clock.pass(Duration.ofDays(120));
    upkeep.step();
    pass(Duration.ofMinutes(59));
    upkeep.step();
    assertEquals("succeeded", state(1));
    assertEquals("dispatched", state(2));
    clock.pass(Duration.ofDays(-120));
    pass(Duration.ofHours(2));
    upkeep.step();
    assertEquals("succeeded", state(1));
    pass(Duration.ofDays(120));
    upkeep.step();
    assertTrue(tasks.find(1).isEmpty());
    assertEquals("sending", state(2));
  }

  @ParameterizedTest
  @CsvSource({"true, sending", "false, unanswered"})
  void a_clock_that_was_set_ahead_makes_no_answer_late_for_an_hour(boolean jobTable, String late)
      throws Exception {
    make(1);
    dispatch();
    Upkeep upkeep =
        new Upkeep(
            outbox,
            new Retention(database, Duration.ofDays(90), clock),
            new Upkeep.Rules(Duration.ofHours(12), jobTable, Duration.ofDays(4)),
            clock,
            nanoTime::get);
    clock.pass(Duration.ofDays(1));
    upkeep.step();
    pass(Duration.ofMinutes(59));
    upkeep.step();
    assertEquals("dispatched", state(1));
    pass(Duration.ofMinutes(1));
    upkeep.step();
    assertEquals(late, state(1));
  }

  @Test
  void an_unanswered_task_is_sent_again_only_where_that_is_safe() throws Exception {
    long first = make(1);
    dispatch();
    Retention retention = new Retention(database, Duration.ofDays(90), clock);
    Upkeep asks =
        new Upkeep(
            outbox,
            retention,
            new Upkeep.Rules(Duration.ofHours(1), false, Duration.ofDays(4)),
            clock,
            nanoTime::get);
    pass(Duration.ofMinutes(59));
    asks.step();
    assertEquals("dispatched", state(first));
    pass(Duration.ofMinutes(2));
    asks.step();
    assertEquals("unanswered", state(first));
    assertEquals(1, dispatch());
    // A worker may have sent the rest of a pack as a new message, which is kept as long again.
    pass(Duration.ofDays(4).plusHours(12));
    asks.step();
    assertEquals("unanswered", state(first));
    pass(Duration.ofDays(4));
    asks.step();
    assertEquals(2, dispatch());
    assertEquals(sentIds().get(0), sentIds().get(1));
    Upkeep trusts =
        new Upkeep(
            outbox,
            retention,
            new Upkeep.Rules(Duration.ofHours(1), true, Duration.ofDays(4)),
            clock,
            nanoTime::get);
    pass(Duration.ofMinutes(61));
    trusts.step();
    assertEquals(3, dispatch());
  }

  @Test
  void what_has_ended_is_deleted_when_its_retention_is_over() throws Exception {
    long first = make(2);
    dispatch();
    results.waiting.add(result(sentIds().get(0), "one"));
    ingest();
    Retention retention = new Retention(database, Duration.ofDays(90), clock);
    clock.pass(Duration.ofDays(89));
    assertEquals(0, retention.apply());
    clock.pass(Duration.ofDays(2));
    assertEquals(1, retention.apply());
    assertTrue(tasks.find(first).isEmpty());
    assertEquals(List.of(), new Results(database).newest(first).results());
    assertEquals("dispatched", state(first + 1));
  }

  private static Operations.Wanted now(Operations.Kind kind, TaskFilter filter, String reason) {
    return new Operations.Wanted(kind, filter, null, reason, Duration.ZERO);
  }

  @Test
  void an_operation_touches_what_matched_when_it_was_asked_for_and_can_be_stopped()
      throws Exception {
    make(450);
    Operations operations = new Operations(database, tasks, actions, clock);
    TaskFilter waiting = new TaskFilter(TaskState.WAITING, null, null, null);
    Operations.Operation cancel =
        operations.create("me", now(Operations.Kind.CANCEL, waiting, "a mistake"));
    make(3);
    assertEquals(450, cancel.matching());
    assertTrue(operations.step());
    assertTrue(operations.stop("you", cancel.id()));
    assertFalse(operations.stop("you", cancel.id()));
    assertFalse(operations.step());
    assertEquals(200, operations.find(cancel.id()).orElseThrow().progress().done());
    cancel = operations.create("me", now(Operations.Kind.CANCEL, waiting, "the rest"));
    int steps = 0;
    while (operations.step()) {
      assertTrue(steps++ < 10);
    }
    Operations.Operation done = operations.find(cancel.id()).orElseThrow();
    assertEquals("done", done.state());
    assertEquals(253, done.progress().done());
    assertEquals(1, operations.before(Long.MAX_VALUE, 1).size());
  }

  @Test
  void what_goes_out_is_the_payload_as_it_was_given() throws Exception {
    String odd = "{\"a\": \"ü😀\\u0001\"}\n\t<b>&amp;";
    tasks.create("me", "b", List.of(new NewTask("n", odd, 0)), null);
    dispatch();
    OutgoingMessage message = backlog.calls.getFirst().getFirst();
    assertEquals(odd, message.body());
  }

  /** Of a job alone, or of a pack's. */
  private static List<String> ids(OutgoingMessage message) throws UnreadableLine {
    if (!MemoryQueue.jobId(message).isEmpty()) {
      return List.of(MemoryQueue.jobId(message));
    }
    List<String> ids = new ArrayList<>();
    for (PackLine line : PackLine.split(message.body())) {
      ids.add(JobLine.read(line.text()).jobId());
    }
    return ids;
  }

  /** Waits with a task at every minute: how many went out in which minutes. */
  private List<Instant> minutesThatSend(String from, int minutes) throws Exception {
    List<Instant> sent = new ArrayList<>();
    clock.set(from);
    for (int minute = 0; minute < minutes; minute++) {
      int before = backlog.calls.size();
      make(1);
      dispatch();
      if (backlog.calls.size() > before) {
        sent.add(clock.instant());
        // Answered at once, so that what goes out is bounded by the hours alone.
        for (List<OutgoingMessage> call : backlog.calls.subList(before, backlog.calls.size())) {
          for (OutgoingMessage message : call) {
            ids(message).forEach(id -> results.waiting.add(result(id, "x")));
          }
        }
        while (!results.waiting.isEmpty()) {
          ingest();
        }
      }
      clock.pass(Duration.ofMinutes(1));
    }
    return sent;
  }

  @ParameterizedTest
  @CsvSource({
    // The clocks go forward at 01:00Z: 02:30 is 03:00, which is then.
    "Europe/Berlin, 02:30, 05:00, 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z, 2026-03-29T02:59:00Z, 120",
    // They go back at 01:00Z: open through both hours from 02:00.
    "Europe/Berlin, 02:30, 05:00, 2026-10-25T00:00:00Z, 2026-10-25T00:30:00Z, 2026-10-25T03:59:00Z, 210",
    "America/New_York, 02:30, 05:00, 2026-03-08T06:00:00Z, 2026-03-08T07:00:00Z, 2026-03-08T08:59:00Z, 120",
    "America/New_York, 01:30, 03:00, 2026-11-01T05:00:00Z, 2026-11-01T05:30:00Z, 2026-11-01T07:59:00Z, 150",
    // By half an hour, at 15:30Z and at 15:00Z of the day before.
    "Australia/Lord_Howe, 02:15, 05:00, 2026-10-03T15:00:00Z, 2026-10-03T15:30:00Z, 2026-10-03T17:59:00Z, 150",
    "Australia/Lord_Howe, 01:45, 03:00, 2026-04-04T14:00:00Z, 2026-04-04T14:45:00Z, 2026-04-04T16:29:00Z, 105",
    // Back when Ramadan begins, at 02:00Z, and forth when it is over.
    "Africa/Casablanca, 02:30, 05:00, 2026-02-15T01:00:00Z, 2026-02-15T01:30:00Z, 2026-02-15T04:59:00Z, 210",
    "Africa/Casablanca, 02:30, 05:00, 2026-03-22T01:00:00Z, 2026-03-22T02:00:00Z, 2026-03-22T03:59:00Z, 120"
  })
  void while_the_clocks_change_tasks_go_out_in_the_hours_and_in_all_of_them(
      String zone, String begin, String end, String from, String first, String last, int minutes)
      throws Exception {
    control.setHours(
        "me", new ProcessingHours(ZoneId.of(zone), List.of(Window.parse("sunday", begin, end))));
    List<Instant> sent = minutesThatSend(from, 330);
    assertEquals(Instant.parse(first), sent.getFirst());
    assertEquals(Instant.parse(last), sent.getLast());
    assertEquals(minutes, sent.size());
    assertTrue(new Invariants(database, clock).report().hold());
  }

  @Test
  void a_clock_that_is_set_back_stops_nothing_and_floods_no_queue() throws Exception {
    control.setPace("me", 30, 10);
    make(500);
    dispatch();
    for (int i = 0; i < 10; i++) {
      clock.pass(Duration.ofSeconds(10));
      results.waiting.add(result(sentIds().get(i), "x"));
      ingest();
    }
    dispatch();
    int sent = sentIds().size();
    clock.pass(Duration.ofHours(-1));
    // What was planned in the hour that is still to come does not count as the last minute's.
    results.waiting.add(result(sentIds().get(10), "x"));
    ingest();
    clock.pass(Duration.ofSeconds(10));
    dispatch();
    int after = sentIds().size() - sent;
    assertTrue(after > 0 && after <= 30, after + " of " + sent);
    assertTrue(new Invariants(database, clock).report().hold());
  }

  @Test
  void a_clock_that_is_set_back_into_the_hours_or_out_of_them_is_obeyed() throws Exception {
    control.setHours(
        "me",
        new ProcessingHours(ZoneId.of("UTC"), List.of(Window.parse("friday", "22:00", "23:00"))));
    make(3);
    clock.set("2026-01-02T23:30:00Z");
    assertEquals(0, dispatch());
    clock.set("2026-01-02T22:30:00Z");
    assertEquals(3, dispatch());
    clock.set("2026-01-02T21:30:00Z");
    make(3);
    assertEquals(3, dispatch());
  }
}
