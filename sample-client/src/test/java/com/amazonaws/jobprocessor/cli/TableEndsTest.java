package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableEndsTest {
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final Duration LONG = TableEnds.QUIET.plusSeconds(1);

  private final Map<String, JobRecord> records = new HashMap<>();
  private final List<Integer> looks = new ArrayList<>();
  private final List<CallFailed> failures = new ArrayList<>();
  private final Awaited jobs = new Awaited("r-");
  private long nanos = jobs.lastEnd();
  private long lastMessage = jobs.lastEnd();
  private CallFailed failure;
  private final TableEnds ends =
      new TableEnds(
          ids -> {
            looks.add(ids.size());
            if (failure != null) {
              throw failure;
            }
            Map<String, JobRecord> found = new HashMap<>(records);
            found.keySet().retainAll(ids);
            return found;
          },
          () -> NOW,
          () -> nanos,
          failures::add);

  private void begin(int count) {
    for (int line = 1; line <= count; line++) {
      jobs.begins(line);
    }
    jobs.noMoreCome();
  }

  private void knows(String id, String state, Duration ago) {
    Instant finished = ago == null ? null : NOW.minus(ago);
    JobRecord.Origin origin = new JobRecord.Origin("", "", null, null);
    records.put(
        id, new JobRecord(id, state, 1, 0, "w", null, finished, null, null, "", "", origin));
  }

  private void look(Duration later) throws InterruptedException {
    nanos += later.toNanos();
    ends.lookIfQuiet(jobs, lastMessage);
  }

  @Test
  void jobs_that_were_cancelled_or_ended_long_ago_are_not_waited_for() throws Exception {
    begin(6);
    knows("r-1", "SUCCEEDED", Duration.ofDays(1));
    knows("r-2", "DEAD", Duration.ofDays(1));
    knows("r-3", "CANCELLED", null);
    knows("r-4", "SUCCEEDED", Duration.ofSeconds(30));
    knows("r-5", "RUNNING", null);

    look(LONG);

    assertEquals(Map.of("r-1", "SUCCEEDED", "r-2", "DEAD", "r-3", "CANCELLED"), jobs.before());
    assertFalse(jobs.awaitEnd(Duration.ZERO));
    jobs.hasResult("r-4");
    jobs.hasResult("r-5");
    jobs.hasResult("r-6");
    assertTrue(jobs.awaitEnd(Duration.ZERO));
  }

  @Test
  void a_result_that_comes_after_all_counts() throws Exception {
    begin(1);
    knows("r-1", "SUCCEEDED", Duration.ofDays(1));
    look(LONG);

    assertTrue(jobs.hasResult("r-1"));
    assertEquals(Map.of(), jobs.before());
    assertEquals(1, jobs.endedCount());
  }

  @Test
  void the_table_is_read_only_while_nothing_comes_and_seldom() throws Exception {
    begin(2);
    look(TableEnds.QUIET.minusSeconds(1));
    assertEquals(List.of(), looks);
    look(LONG);
    look(Duration.ofSeconds(1));
    assertEquals(List.of(2), looks);
    look(LONG);
    assertEquals(List.of(2, 2), looks);
  }

  @Test
  void while_results_of_others_come_ours_may_be_behind_them_for_a_minute() throws Exception {
    begin(1);
    knows("r-1", "SUCCEEDED", Duration.ofDays(1));
    lastMessage = nanos + LONG.toNanos();
    look(LONG);
    lastMessage = nanos + TableEnds.CROWD.toNanos();
    look(TableEnds.CROWD.minus(LONG));
    assertEquals(List.of(), looks);

    look(LONG);
    assertEquals(Map.of("r-1", "SUCCEEDED"), jobs.before());
  }

  @Test
  void many_jobs_are_looked_at_in_turn() throws Exception {
    begin(2 * TableEnds.MAX_JOBS + 5);
    String last = "r-" + (2 * TableEnds.MAX_JOBS + 5);
    knows(last, "CANCELLED", null);
    for (int i = 0; i < 4; i++) {
      look(LONG);
    }

    assertEquals(List.of(1_000, 1_000, 5, 1_000), looks);
    assertEquals(Map.of(last, "CANCELLED"), jobs.before());
  }

  @Test
  void a_table_that_cannot_be_read_is_told_once_and_not_read_again() throws Exception {
    begin(1);
    failure = new CallFailed("AccessDenied", "no", CallFailed.Kind.REFUSED, null);
    look(LONG);
    look(LONG);

    assertEquals(List.of(failure), failures);
    assertEquals(List.of(1), looks);
  }
}
