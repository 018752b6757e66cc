package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pack's way through a worker. */
class PackTest {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Attribute ONE = Attribute.of("1");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  private Rig rig(int retries) {
    return rig(retries, null);
  }

  private Rig rig(int retries, @Nullable InMemoryJobTable table) {
    // With the clock at rest no linger would end.
    return new Rig(clock, folder, 4, LEASE, retries, null, table, true).hurry();
  }

  private static String line(String body) {
    return "{\"body\":\"" + body + "\"}";
  }

  private static OutgoingMessage pack(Map<String, Attribute> more, String... lines) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(PackFormat.attributes(lines.length));
    attributes.putAll(more);
    return new OutgoingMessage(String.join("\n", lines), attributes);
  }

  /** Puts a pack of jobs a, b and c into the backlog, and takes it in hand. */
  private static Message take(Rig rig) throws Exception {
    rig.backlog.put(pack(Map.of(), line("a"), line("b"), line("c")));
    rig.receive(1);
    return rig.message();
  }

  /** The slots have so many jobs, in the order of their definitions. */
  private static List<SlotRun> runs(Rig rig, int count) {
    List<SlotRun> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runs.add(rig.take());
    }
    return runs.stream()
        .sorted((one, other) -> one.definition().compareTo(other.definition()))
        .toList();
  }

  private static Outcome success(String result) {
    return new Outcome.Succeeded(result, Duration.ZERO);
  }

  private static Outcome retryAfter(int seconds) {
    return new Outcome.Failed("x", "boom", false, Duration.ofSeconds(seconds), null);
  }

  private static List<String> bodies(InMemoryQueue queue) {
    return queue.contents().stream().map(OutgoingMessage::body).toList();
  }

  private static String text(OutgoingMessage message, String attribute) {
    Attribute value = message.attributes().get(attribute);
    return value == null ? "" : String.valueOf(value.text());
  }

  private void awaitEvent(Rig rig, String event) {
    awaitAsTimePasses(clock, Duration.ofMillis(1), () -> rig.recorder.events.contains(event));
  }

  @Test
  void its_jobs_run_side_by_side_and_each_is_settled_as_soon_as_it_has_ended() throws Exception {
    Rig rig = rig(0);
    Message message = take(rig);
    List<SlotRun> runs = runs(rig, 3);
    assertEquals(3, rig.room.slots().running().size());
    assertTrue(runs.stream().allMatch(run -> run.job().message() == message));
    assertEquals(1, rig.room.inFlight().size());

    rig.end(runs.get(1), success("B"));
    awaitEvent(rig, "succeeded todo-1/2");
    assertEquals(List.of("B"), bodies(rig.results));
    rig.end(runs.get(2), Outcome.Failed.forGood("x", "boom"));
    awaitEvent(rig, "dead 1 x");
    assertEquals(List.of("c"), bodies(rig.deadLetters));
    assertEquals(0, rig.backlog.calls("delete").size(), "one still runs");
    rig.end(runs.get(0), success("A"));
    rig.awaitNoneInFlight();

    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(1, rig.backlog.calls("delete").size());
    assertEquals(List.of("B", "A"), bodies(rig.results));
    OutgoingMessage result = rig.results.contents().getLast();
    assertEquals("todo-1/1", text(result, "job_id"));
    assertEquals("todo-1", text(result, "job_message_id"));
    assertEquals("1", text(result, "attempts"));
    assertFalse(result.attributes().containsKey("job_pack"));
    assertEquals(List.of(), rig.fatal);
  }

  @Test
  void a_dead_letter_has_the_jobs_body_and_the_packs_attributes_but_for_those_that_make_it_one()
      throws Exception {
    Rig rig = rig(0);
    rig.backlog.put(
        pack(
            Map.of("result_pack", ONE, "tenant", Attribute.of("t")),
            "{\"job_id\":\"j\",\"body\":\"a\\nb\",\"attempts\":4}",
            line("c")));
    rig.receive(1);
    List<SlotRun> runs = runs(rig, 2);
    rig.end(runs.get(0), Outcome.Failed.forNow("x", "boom"));
    rig.end(runs.get(1), success("C"));
    rig.awaitNoneInFlight();

    OutgoingMessage letter = rig.deadLetters.contents().getFirst();
    assertEquals("a\nb", letter.body());
    assertEquals("j", text(letter, "job_id"));
    assertEquals("5", text(letter, "attempts"));
    assertEquals("t", text(letter, "tenant"));
    assertEquals("todo", text(letter, "backlog"));
    assertTrue(PackFormat.RESERVED.stream().noneMatch(letter.attributes()::containsKey));
  }

  @Test
  void jobs_to_be_tried_again_are_sent_in_a_smaller_pack_with_the_longest_delay() throws Exception {
    Rig rig = rig(1);
    rig.backlog.put(
        pack(
            Map.of("tenant", Attribute.of("t"), "result_pack", ONE),
            line("a"),
            "",
            "{\"job_id\":\"j\",\"body\":\"b\",\"z\":[1]}",
            line("c")));
    rig.receive(1);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), retryAfter(100));
    rig.end(runs.get(1), retryAfter(300));
    assertEquals(List.of(), rig.recorder.events, "nothing is sure before it is sent");
    rig.end(runs.get(2), success("C"));
    rig.awaitNoneInFlight();

    assertEquals(List.of("succeeded todo-1/4", "retry 1 x", "retry 1 x"), rig.recorder.events);
    OutgoingMessage rest = rig.backlog.contents().getFirst();
    assertEquals(1, rig.backlog.contents().size());
    assertEquals(
        "{\"job_id\":\"todo-1/1\",\"attempts\":1,\"body\":\"a\"}\n"
            + "{\"attempts\":1,\"job_id\":\"j\",\"body\":\"b\",\"z\":[1]}",
        rest.body());
    assertEquals("2", text(rest, "job_count"));
    assertEquals("t", text(rest, "tenant"));
    assertEquals(
        Map.of("result_pack", ONE, "job_pack", ONE), only(rest, "result_pack", "job_pack"));
    clock.advance(Duration.ofSeconds(299));
    assertEquals(1, rig.backlog.invisible());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(0, rig.backlog.invisible());

    rig.receive(1);
    assertEquals(List.of(2, 2), rig.message().jobs().stream().map(Job::attempt).toList());
    for (SlotRun run : runs(rig, 2)) {
      rig.end(run, Outcome.Failed.forNow("x", "boom"));
    }
    rig.awaitNoneInFlight();
    assertEquals(List.of("a", "b"), bodies(rig.deadLetters).stream().sorted().toList());
    assertEquals(List.of(), rig.backlog.contents());
  }

  private static Map<String, Attribute> only(OutgoingMessage message, String... names) {
    return message.attributes().entrySet().stream()
        .filter(attribute -> Arrays.asList(names).contains(attribute.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Test
  void no_remainder_is_delayed_for_longer_than_sqs_allows() throws Exception {
    Rig rig = rig(1);
    take(rig);
    for (SlotRun run : runs(rig, 3)) {
      rig.end(run, retryAfter(5_000));
    }
    rig.awaitNoneInFlight();

    assertEquals(900, rig.backlog.contents().getFirst().delaySecs());
    assertEquals(List.of(900L, 900L, 900L), toldDelays(rig));
  }

  private static List<Long> toldDelays(Rig rig) {
    return rig.recorder.all.stream()
        .filter(WorkEvent.Retried.class::isInstance)
        .map(event -> ((WorkEvent.Retried) event).delay().toSeconds())
        .toList();
  }

  @Test
  void of_retries_that_wait_together_the_same_delay_is_told() throws Exception {
    Rig rig = rig(1);
    take(rig);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), retryAfter(100));
    rig.end(runs.get(1), retryAfter(5));
    rig.end(runs.get(2), success("C"));
    rig.awaitNoneInFlight();

    assertEquals(List.of(100L, 100L), toldDelays(rig));
  }

  @Test
  void those_that_were_not_begun_do_not_wait_for_those_that_are_tried_again() throws Exception {
    Rig rig = rig(1);
    take(rig);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), retryAfter(100));
    rig.end(runs.get(1), Outcome.GivenBack.now("worker stops"));
    rig.end(runs.get(2), success("C"));
    rig.awaitNoneInFlight();

    assertEquals(
        Map.of(
            "{\"job_id\":\"todo-1/1\",\"attempts\":1,\"body\":\"a\"}",
            100,
            "{\"job_id\":\"todo-1/2\",\"body\":\"b\"}",
            0),
        rig.backlog.contents().stream()
            .collect(Collectors.toMap(OutgoingMessage::body, OutgoingMessage::delaySecs)));
  }

  @Test
  void the_remainder_is_sent_before_the_pack_is_deleted() throws Exception {
    Rig rig = rig(1);
    take(rig);
    CallFailed no = new CallFailed("No", "", CallFailed.Kind.REJECTED, new IllegalStateException());
    rig.backlog.failNext(no);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), retryAfter(0));
    rig.end(runs.get(1), success("B"));
    rig.end(runs.get(2), success("C"));
    awaitAsTimePasses(clock, Duration.ofMillis(50), () -> rig.room.inFlight().size() == 0);

    List<String> calls =
        rig.backlog.calls().stream().map(InMemoryQueue.Call::action).distinct().toList();
    assertEquals(List.of("receive", "send", "delete"), calls);
    assertEquals(1, rig.backlog.contents().size());
  }

  @Test
  void a_remainder_that_is_refused_leaves_the_pack_where_it_is() throws Exception {
    Rig rig = rig(1);
    take(rig);
    rig.backlog.refuse(_ -> true);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), retryAfter(0));
    rig.end(runs.get(1), success("B"));
    rig.end(runs.get(2), success("C"));
    rig.awaitNoneInFlight();

    assertEquals(0, rig.backlog.calls("delete").size());
    assertEquals(1, rig.backlog.contents().size());
    rig.receive(1);
    SlotRun again = rig.take();
    assertEquals("a", again.definition(), "the others have ended");
    rig.end(again, success("A"));
    rig.awaitNoneInFlight();
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(3, rig.results.contents().size());
  }

  @Test
  void one_of_which_nothing_has_ended_is_made_visible_again() throws Exception {
    Rig rig = rig(1);
    take(rig);
    for (SlotRun run : runs(rig, 3)) {
      rig.end(run, Outcome.GivenBack.now("worker stops"));
    }
    rig.awaitNoneInFlight();

    assertEquals(0, rig.backlog.calls("send").size());
    assertEquals(0, rig.backlog.invisible());
    assertEquals(1, rig.backlog.contents().size());
    assertEquals(3, rig.told(WorkEvent.GivenBack.class).size());
  }

  @Test
  void a_line_that_cannot_be_read_is_dead_lettered_alone() throws Exception {
    Rig rig = rig(1);
    rig.backlog.put(pack(Map.of(), line("a"), "{\"body\":\"\\ud800\"}", "nonsense"));
    rig.receive(1);
    SlotRun run = rig.take();
    assertEquals("a", run.definition());
    rig.end(run, success("A"));
    rig.awaitNoneInFlight();

    assertEquals(List.of("A"), bodies(rig.results));
    assertEquals(
        List.of("nonsense", "{\"body\":\"\\ud800\"}"),
        bodies(rig.deadLetters).stream().sorted().toList());
    assertTrue(
        rig.deadLetters.contents().stream()
            .allMatch(letter -> text(letter, "error_type").equals("PackLineUnreadable")));
    assertEquals(List.of(), rig.backlog.contents());
  }

  @Test
  void what_is_no_pack_is_dead_lettered_whole_and_keeps_its_attributes() throws Exception {
    Rig rig = rig(1);
    rig.backlog.put(pack(Map.of("job_pack", Attribute.of("2"), "result_pack", ONE), line("a")));
    rig.receive(1);
    rig.awaitNoneInFlight();

    OutgoingMessage letter = rig.deadLetters.contents().getFirst();
    assertEquals(line("a"), letter.body());
    assertEquals("PackRefused", text(letter, "error_type"));
    assertEquals("2", text(letter, "job_pack"));
    assertEquals("1", text(letter, "job_count"));
    assertEquals("1", text(letter, "result_pack"));
    assertEquals(List.of(), rig.backlog.contents());
  }

  private static List<String> resultLines(Rig rig) {
    List<String> lines = new ArrayList<>();
    for (OutgoingMessage message : rig.results.contents()) {
      for (PackLine line : PackLine.split(message.body())) {
        lines.add(line.text());
      }
    }
    return lines;
  }

  @Test
  void results_travel_together_if_the_pack_asks_for_it() throws Exception {
    Rig rig = rig(0);
    rig.backlog.put(pack(Map.of("result_pack", ONE), line("a"), line("b"), line("c")));
    rig.receive(1);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), success("A\n"));
    rig.end(runs.get(1), new Outcome.Succeeded(null, Duration.ofMillis(12)));
    rig.end(runs.get(2), success("C"));
    rig.awaitNoneInFlight();

    OutgoingMessage results = rig.results.contents().getFirst();
    assertEquals(1, rig.results.contents().size());
    assertEquals(PackFormat.attributes(3), results.attributes());
    assertEquals(
        "{\"job_id\":\"todo-1/1\",\"body\":\"A\\n\",\"attempts\":1,\"duration_millis\":0,"
            + "\"job_message_id\":\"todo-1\",\"worker_id\":\"i-1\"}\n"
            + "{\"job_id\":\"todo-1/2\",\"body\":\"\",\"empty_result\":true,\"attempts\":1,"
            + "\"duration_millis\":12,\"job_message_id\":\"todo-1\",\"worker_id\":\"i-1\"}\n"
            + "{\"job_id\":\"todo-1/3\",\"body\":\"C\",\"attempts\":1,\"duration_millis\":0,"
            + "\"job_message_id\":\"todo-1\",\"worker_id\":\"i-1\"}",
        results.body());
    assertEquals(3, rig.told(WorkEvent.Succeeded.class).size());
  }

  @Test
  void a_message_of_results_has_at_most_64_kib_and_a_larger_result_goes_alone() throws Exception {
    Rig rig = rig(0);
    rig.backlog.put(
        pack(Map.of("result_pack", ONE), line("a"), line("b"), line("c"), line("d"), line("e")));
    rig.receive(1);
    List<SlotRun> runs = runs(rig, 4);
    rig.end(runs.get(0), success("a".repeat(30_000)));
    rig.end(runs.get(1), success("b".repeat(30_000)));
    rig.end(runs.get(2), success("c".repeat(30_000)));
    rig.end(runs.get(3), success("d".repeat(90_000)));
    // In a line it would be twice as long, and too long.
    rig.end(rig.take(), success("\"".repeat(800_000)));
    rig.awaitNoneInFlight();

    List<Integer> counts =
        rig.results.contents().stream()
            .map(message -> text(message, "job_count"))
            .map(count -> count.isEmpty() ? 0 : Integer.parseInt(count))
            .sorted()
            .toList();
    assertEquals(List.of(0, 1, 1, 2), counts);
    for (OutgoingMessage message : rig.results.contents()) {
      assertTrue(message.body().length() < 65_536 || !text(message, "job_count").equals("2"));
    }
    assertEquals(5, rig.told(WorkEvent.Succeeded.class).size());
  }

  @Test
  void a_result_that_no_single_message_could_carry_is_a_failed_attempt() throws Exception {
    Rig rig = rig(0);
    rig.backlog.put(pack(Map.of("result_pack", ONE), line("a"), line("b")));
    rig.receive(1);
    List<SlotRun> runs = runs(rig, 2);
    rig.end(runs.get(0), success("a\u0000"));
    rig.end(runs.get(1), success("B"));
    rig.awaitNoneInFlight();

    assertEquals("ResultRefused", text(rig.deadLetters.contents().getFirst(), "error_type"));
    assertEquals(1, resultLines(rig).size());
  }

  @Test
  void a_pack_of_results_that_is_refused_is_sent_result_by_result() throws Exception {
    Rig rig = rig(0);
    rig.results.refuse(message -> message.body().length() > 200);
    rig.backlog.put(pack(Map.of("result_pack", ONE), line("a"), line("b")));
    rig.receive(1);
    List<SlotRun> runs = runs(rig, 2);
    rig.end(runs.get(0), success("A".repeat(300)));
    rig.end(runs.get(1), success("B"));
    rig.awaitNoneInFlight();

    assertEquals(List.of("B"), bodies(rig.results));
    assertEquals("ResultRefused", text(rig.deadLetters.contents().getFirst(), "error_type"));
  }

  @Test
  void received_too_often_it_is_dissolved_into_packs_of_one() throws Exception {
    Rig rig = rig(1);
    rig.backlog.put(
        pack(
            Map.of("tenant", Attribute.of("t")),
            "{\"body\":\"a\",\"attempts\":1}",
            "nonsense",
            line("c")));
    for (int i = 0; i < 3; i++) {
      rig.backlog.receive(1, Duration.ofMillis(1), Duration.ZERO);
    }
    rig.receive(1);
    rig.awaitNoneInFlight();

    assertEquals(List.of("nonsense"), bodies(rig.deadLetters));
    assertEquals(
        List.of(
            "{\"job_id\":\"todo-1/1\",\"body\":\"a\",\"attempts\":1}",
            "{\"job_id\":\"todo-1/3\",\"body\":\"c\"}"),
        bodies(rig.backlog).stream().sorted().toList());
    for (OutgoingMessage one : rig.backlog.contents()) {
      assertEquals("1", text(one, "job_count"));
      assertEquals("t", text(one, "tenant"));
      assertEquals(5, one.delaySecs());
    }
    assertEquals(
        List.of("send", "delete"),
        rig.backlog.calls().stream()
            .map(InMemoryQueue.Call::action)
            .distinct()
            .filter(action -> !action.equals("receive"))
            .toList());
  }

  @Test
  void as_often_as_may_be_it_is_run_as_any_other() throws Exception {
    Rig rig = rig(1);
    rig.backlog.put(pack(Map.of(), line("a"), line("b")));
    for (int i = 0; i < 2; i++) {
      rig.backlog.receive(1, Duration.ofMillis(1), Duration.ZERO);
    }
    rig.receive(1);
    for (SlotRun run : runs(rig, 2)) {
      assertFalse(run.isSuspect());
      assertEquals(1, run.job().attempt());
      rig.end(run, success("A"));
    }
    rig.awaitNoneInFlight();
    assertEquals(2, rig.results.contents().size());
  }

  @Test
  void a_pack_of_one_is_judged_as_a_single_job() throws Exception {
    Rig rig = rig(1);
    rig.backlog.put(pack(Map.of("result_pack", ONE), line("a")));
    for (int i = 0; i < 2; i++) {
      rig.backlog.receive(1, Duration.ofMillis(1), Duration.ZERO);
    }
    rig.receive(1);
    SlotRun run = rig.take();
    assertTrue(run.isSuspect());
    assertEquals(1, run.job().attempt(), "receives are no attempts");
    rig.end(run, success("A"));
    rig.awaitNoneInFlight();
    assertEquals(1, resultLines(rig).size());

    rig.backlog.put(pack(Map.of(), line("a")));
    for (int i = 0; i < 12; i++) {
      rig.backlog.receive(1, Duration.ofMillis(1), Duration.ZERO);
    }
    rig.receive(1);
    rig.awaitNoneInFlight();
    assertEquals("WorkerDied", text(rig.deadLetters.contents().getFirst(), "error_type"));
  }

  @Test
  void once_its_lease_is_over_the_rest_is_lost_and_what_has_ended_is_not() throws Exception {
    Rig rig = rig(1);
    take(rig);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), success("A"));
    awaitEvent(rig, "succeeded todo-1/1");
    clock.advance(LEASE);
    rig.end(runs.get(1), success("B"));
    rig.end(runs.get(2), retryAfter(0));
    rig.awaitNoneInFlight();

    assertEquals(List.of("A"), bodies(rig.results));
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
    assertEquals(0, rig.backlog.calls("delete").size());
    assertEquals(0, rig.backlog.calls("send").size());
  }

  @Test
  void those_that_find_no_slot_go_back_before_the_first_has_begun_but_not_after() throws Exception {
    Rig rig = rig(0);
    take(rig);
    SlotRun first = rig.take();
    rig.backlog.put(pack(Map.of(), line("x"), line("y")));
    rig.receive(1);
    awaitAsTimePasses(
        clock,
        Duration.ofMillis(100),
        () -> {
          rig.worker.leaseKeeper.tick();
          return rig.room.inFlight().size() == 1;
        });

    assertEquals(2, rig.told(WorkEvent.GivenBack.class).size());
    rig.end(first, success("one"));
    for (SlotRun run : runs(rig, 2)) {
      rig.end(run, success("one"));
    }
    rig.awaitNoneInFlight();
    assertEquals(3, rig.results.contents().size());
    assertEquals(1, rig.backlog.contents().size());
  }

  @Test
  void an_executor_that_is_unavailable_costs_no_attempt() throws Exception {
    Rig rig = rig(0);
    take(rig);
    List<SlotRun> runs = runs(rig, 2);
    rig.end(runs.get(0), success("one"));
    rig.run(
        runs.get(1),
        _ -> {
          throw new ExecutorUnavailable("no license");
        });
    rig.awaitNoneInFlight();

    assertEquals(1, rig.results.contents().size());
    assertEquals(2, rig.told(WorkEvent.GivenBack.class).size());
    assertEquals(0, rig.backlog.invisible());
    assertEquals(
        List.of(
            "{\"job_id\":\"todo-1/2\",\"body\":\"b\"}\n{\"job_id\":\"todo-1/3\",\"body\":\"c\"}"),
        bodies(rig.backlog));
  }

  @Test
  void while_the_executor_is_unavailable_one_of_its_jobs_is_tried() throws Exception {
    Rig rig = rig(0);
    rig.room.health().unavailable("x", "no license");
    rig.room.health().beginTry();
    take(rig);
    SlotRun trial = rig.take();
    assertEquals(1, rig.room.slots().running().size());
    rig.run(trial, _ -> "well again");
    for (SlotRun run : runs(rig, 2)) {
      rig.end(run, success("one"));
    }
    rig.awaitNoneInFlight();
    assertEquals(3, rig.results.contents().size());

    rig.room.health().unavailable("x", "no license");
    rig.backlog.put(pack(Map.of(), line("a"), line("b"), line("c")));
    rig.receive(1);
    rig.awaitNoneInFlight();
    assertEquals(1, rig.backlog.contents().size());
    assertEquals(0, rig.backlog.invisible());
  }

  /**
   * A claim and a release for each of a thousand jobs, at each try, would cost more than the jobs.
   */
  @Test
  void while_the_executor_is_unavailable_none_of_its_jobs_is_claimed_but_to_try() throws Exception {
    InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
    Rig rig = rig(0, table);
    rig.room.health().unavailable("x", "no license");
    rig.backlog.put(pack(Map.of(), line("a"), line("b"), line("c")));
    rig.receive(1);
    rig.awaitNoneInFlight();
    assertEquals(List.of(), table.writes);

    rig.room.health().beginTry();
    rig.receive(1);
    rig.end(rig.take(), new Outcome.Unavailable("no license"));
    rig.awaitNoneInFlight();
    assertEquals(1, rig.backlog.contents().size());
  }

  /** What hangs is no sign of health: the others would hang as well, and be dead-lettered. */
  @Test
  void a_try_that_times_out_begins_none_of_the_others() throws Exception {
    Rig rig = new Rig(clock, folder, 4, LEASE, 0, Duration.ofSeconds(100), null, true).hurry();
    rig.room.health().unavailable("x", "no license");
    rig.room.health().beginTry();
    take(rig);
    rig.run(
        rig.take(),
        _ -> {
          clock.advance(Duration.ofSeconds(100));
          rig.worker.leaseKeeper.tick();
          throw new InterruptedException();
        });
    await().until(() -> rig.told(WorkEvent.GivenBack.class).size() == 2);
    awaitEvent(rig, "dead 1 JobTimeout");
    assertEquals("no license", rig.room.health().why());
  }

  @Test
  void with_a_table_each_of_its_jobs_has_a_record_and_a_remainder_goes_on_with_it()
      throws Exception {
    InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
    Rig rig = rig(1, table);
    table.setState("todo-1/3", "CANCELLED");
    take(rig);
    List<SlotRun> runs = runs(rig, 2);
    assertEquals(List.of("a", "b"), runs.stream().map(SlotRun::definition).toList());
    rig.end(runs.get(0), success("A"));
    rig.end(runs.get(1), retryAfter(0));
    rig.awaitNoneInFlight();
    assertEquals(
        List.of("SUCCEEDED 1 0", "FAILED 1 0"),
        Stream.of("todo-1/1", "todo-1/2").map(table::stateOf).toList());

    rig.receive(1);
    SlotRun again = rig.take();
    assertEquals("b", again.definition());
    assertEquals(2, again.job().attempt());
    rig.end(again, success("B"));
    rig.awaitNoneInFlight();

    assertEquals(List.of("A", "B"), bodies(rig.results));
    assertEquals("SUCCEEDED 2 0", table.stateOf("todo-1/2"));
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(List.of(), rig.deadLetters.contents());
  }

  /** A message id of its own would make the remainder's job a new one, to be run again. */
  @Test
  void a_job_whose_death_is_recorded_is_not_run_again_by_way_of_a_remainder() throws Exception {
    InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
    Rig rig = rig(0, table);
    rig.deadLetters.refuse(_ -> true);
    take(rig);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), success("A"));
    rig.end(runs.get(1), Outcome.Failed.forGood("x", "boom"));
    rig.end(runs.get(2), success("C"));
    rig.awaitNoneInFlight();
    assertEquals(1, rig.told(WorkEvent.DeadLetterRefused.class).size());
    assertEquals("DEAD 1 0", table.stateOf("todo-1/2"));
    rig.deadLetters.refuse(_ -> false);
    clock.advance(Duration.ofSeconds(30));

    rig.receive(1);
    rig.awaitNoneInFlight();
    assertEquals(List.of("b"), bodies(rig.deadLetters));
    assertEquals("boom", text(rig.deadLetters.contents().getFirst(), "error_message"));
    assertEquals(List.of(), rig.backlog.contents());
  }

  @Test
  void with_deaths_on_its_records_it_is_dissolved() throws Exception {
    SettableWallClock wallClock = new SettableWallClock();
    InMemoryJobTable table = new InMemoryJobTable("i-1", wallClock);
    Rig dying = rig(1, table);
    Message message = take(dying);
    runs(dying, 3);
    wallClock.advance(LEASE.plusMinutes(2));
    clock.advance(LEASE.plusMinutes(2));

    Rig rig = rig(1, table.of("i-2"));
    rig.accept(List.of(message.delivery()), clock.nanoTime());
    rig.awaitNoneInFlight();

    assertEquals(3, rig.backlog.contents().size());
    assertTrue(rig.backlog.contents().stream().allMatch(one -> one.delaySecs() == 5));
    assertEquals(
        Stream.of("a", "b", "c")
            .map(
                body ->
                    "{\"job_id\":\"todo-1/N\",\"job_origin\":\"todo-1/N\",\"body\":\"%s\"}"
                        .replace("N", Integer.toString(body.charAt(0) - 'a' + 1))
                        .formatted(body))
            .toList(),
        bodies(rig.backlog).stream()
            // Of those that were not claimed before it was dissolved the table alone knows.
            .map(line -> line.replace("\"attempts\":1,", ""))
            .sorted()
            .toList());
    assertEquals(List.of(), rig.results.contents());
  }

  @Test
  void with_a_table_the_second_of_an_id_is_the_same_job_or_a_stranger() throws Exception {
    InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
    Rig rig = rig(1, table);
    String job = "{\"job_id\":\"j\",\"body\":\"a\"}";
    rig.backlog.put(pack(Map.of(), job, job, "{\"job_id\":\"j\",\"body\":\"b\"}"));
    rig.receive(1);
    SlotRun run = rig.take();
    rig.end(run, success("A"));
    rig.awaitNoneInFlight();
    while (!rig.backlog.contents().isEmpty()) {
      clock.advance(Duration.ofMinutes(1));
      rig.receive(1);
      rig.awaitNoneInFlight();
    }

    assertEquals(1, Stream.of(run).count());
    assertTrue(
        bodies(rig.results).stream().allMatch("A"::equals), rig.results.contents()::toString);
    assertEquals("JobIdReused", text(rig.deadLetters.contents().getFirst(), "error_type"));
  }

  @Test
  void without_a_table_both_of_an_id_run() throws Exception {
    Rig rig = rig(1);
    String job = "{\"job_id\":\"j\",\"body\":\"a\"}";
    rig.backlog.put(pack(Map.of(), job, job));
    rig.receive(1);
    for (SlotRun run : runs(rig, 2)) {
      rig.end(run, success("A"));
    }
    rig.awaitNoneInFlight();
    assertEquals(2, rig.results.contents().size());
  }

  @Test
  void with_a_table_results_travel_together_as_well() throws Exception {
    InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
    Rig rig = rig(1, table);
    rig.backlog.put(pack(Map.of("result_pack", ONE), line("a"), line("b")));
    rig.receive(1);
    for (SlotRun run : runs(rig, 2)) {
      rig.end(run, success("A"));
    }
    rig.awaitNoneInFlight();
    assertEquals(2, resultLines(rig).size());
    assertTrue(
        rig.results.contents().stream()
            .allMatch(message -> message.attributes().containsKey("job_pack")));
  }

  @Test
  void at_the_twelve_hours_only_what_runs_is_dead_lettered_and_the_rest_goes_on() throws Exception {
    Rig rig = new Rig(clock, folder, 1, Duration.ofHours(12), 3, null).hurry();
    take(rig);
    CountDownLatch begun = new CountDownLatch(1);
    Thread slot =
        rig.threads.startPlatform(
            "slot",
            () ->
                rig.run(
                    rig.take(),
                    job -> {
                      begun.countDown();
                      new CountDownLatch(1).await();
                      return job;
                    }));
    begun.await();
    clock.advance(Duration.ofHours(12).minusSeconds(100));
    rig.worker.leaseKeeper.tick();
    slot.join();
    rig.awaitNoneInFlight();

    assertEquals("LeaseLimit", text(rig.deadLetters.contents().getFirst(), "error_type"));
    assertEquals(1, rig.deadLetters.contents().size());
    assertEquals(
        List.of(
            "{\"job_id\":\"todo-1/2\",\"body\":\"b\"}\n{\"job_id\":\"todo-1/3\",\"body\":\"c\"}"),
        bodies(rig.backlog));
  }

  @Test
  void a_remainder_that_no_longer_fits_becomes_two() throws Exception {
    Rig rig = rig(1);
    String[] lines = new String[1_000];
    Arrays.fill(lines, line("x".repeat(1_035)));
    rig.backlog.put(pack(Map.of(), lines));
    rig.receive(1);
    for (int i = 0; i < 1_000; i++) {
      rig.end(rig.take(), retryAfter(0));
    }
    rig.awaitNoneInFlight();

    List<OutgoingMessage> rest = rig.backlog.contents();
    assertEquals(2, rest.size());
    assertEquals(
        1_000,
        rest.stream().mapToInt(message -> Integer.parseInt(text(message, "job_count"))).sum());
  }

  @Test
  void a_job_whose_line_has_no_room_for_its_attempts_is_not_retried() throws Exception {
    Rig rig = rig(5);
    String large = line("x".repeat(1024 * 1024 - 30 - 50));
    rig.backlog.put(pack(Map.of(), large, line("b")));
    rig.receive(1);
    List<SlotRun> runs = runs(rig, 2);
    rig.end(runs.get(1), retryAfter(0));
    rig.end(runs.get(0), retryAfter(0));
    rig.awaitNoneInFlight();

    assertEquals(1, rig.deadLetters.contents().size());
    assertEquals(1, rig.backlog.contents().size());
  }
}
