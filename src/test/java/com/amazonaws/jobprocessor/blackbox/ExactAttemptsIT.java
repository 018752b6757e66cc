package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** With the job table a worker's death costs an attempt of the jobs that ran, and of no other. */
@Tag("long")
class ExactAttemptsIT extends BlackBox {
  private static final int MAX_DEATHS = 6;

  private final EmbeddedDynamo dynamo = EmbeddedDynamo.start();

  @AfterEach
  void closeDynamo() {
    dynamo.close();
  }

  @Override
  DaemonProcessBuilder daemon() {
    return super.daemon().set("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
  }

  private void sendPack(List<String> jobs) {
    String lines =
        jobs.stream()
            .map(job -> "{\"job_id\":\"" + job + "\",\"body\":\"" + job + "\"}")
            .collect(Collectors.joining("\n"));
    sqs.sendWithAttributes(BACKLOG, lines, Map.of("job_pack", "1"));
  }

  private static List<String> sleeps(int millis, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "sleep " + millis + " " + i).toList();
  }

  /** Workers follow each other until none dies any more; the one that kills them ends so. */
  private int workUntilAllHaveEnded() {
    int deaths = 0;
    for (boolean dead = true; dead; ) {
      DaemonProcess daemon =
          start(
              "job_table_name=jobs",
              "job_failure_retries=0",
              "expected_job_execution_time_in_secs=1",
              "concurrency=2",
              "poll_rate_per_min=60000");
      await().atMost(SOON).until(() -> !daemon.isAlive() || sqs.counts(BACKLOG).total() == 0);
      dead = !daemon.isAlive();
      deaths += dead ? 1 : 0;
      assertTrue(deaths <= MAX_DEATHS, deaths + " deaths");
    }
    Message letter = sqs.receiveAll(DEAD_LETTERS).getFirst();
    assertEquals("halt", letter.body());
    assertEquals("WorkerDied", text(letter, "error_type"));
    return deaths;
  }

  /** Of each job that ended well, by its definition. */
  private Map<String, Integer> attempts() {
    Map<String, Integer> attempts = new TreeMap<>();
    for (Message result : sqs.receiveAll(RESULTS)) {
      attempts.merge(text(result, "job_id"), Integer.parseInt(text(result, "attempts")), Math::max);
    }
    return attempts;
  }

  private Map<String, Integer> runs(Map<String, Integer> ended) throws IOException {
    Map<String, Integer> runs = new TreeMap<>();
    for (String run : runs()) {
      String job = run.substring(0, run.indexOf('\t'));
      if (ended.containsKey(job)) {
        runs.merge(job, 1, Integer::sum);
      }
    }
    return runs;
  }

  /** One of two slots is taken when the other's next job halts; the rest of the pack waits. */
  @Test
  void a_jobs_attempts_are_its_runs_when_a_neighbour_kills_the_worker() throws Exception {
    List<String> jobs = new ArrayList<>(List.of("sleep 2000 1", "sleep 6000 2", "halt"));
    jobs.addAll(sleeps(20, 3, 12));
    sendPack(jobs);
    int deaths = workUntilAllHaveEnded();

    Map<String, Integer> attempts = assertNoAttemptWithoutARun(jobs, deaths);
    String longest = "sleep 6000 2";
    assertEquals(runs(attempts).get(longest), attempts.get(longest));
    assertTrue(attempts.get(longest) > 1, "it ran when the worker died");
  }

  @Test
  void no_job_that_was_to_begin_beside_the_one_that_kills_the_worker_pays_for_it()
      throws Exception {
    List<String> jobs = new ArrayList<>(List.of("halt"));
    jobs.addAll(sleeps(20, 1, 8));
    sendPack(jobs);
    int deaths = workUntilAllHaveEnded();

    assertNoAttemptWithoutARun(jobs, deaths);
  }

  /** Short jobs are claimed ahead of their slots, lest these wait for the table. */
  @Test
  void no_short_job_of_a_pack_pays_for_a_run_that_it_has_not_had() throws Exception {
    List<String> jobs = new ArrayList<>(sleeps(5, 0, 150));
    jobs.add(100, "halt");
    sendPack(jobs.subList(0, 50));
    sendPack(jobs.subList(50, jobs.size()));
    int deaths = workUntilAllHaveEnded();

    assertNoAttemptWithoutARun(jobs, deaths);
  }

  @Test
  void no_short_job_pays_for_a_run_that_it_has_not_had() throws Exception {
    List<String> jobs = new ArrayList<>(sleeps(5, 0, 150));
    jobs.add(100, "halt");
    for (String job : jobs) {
      sqs.sendWithAttributes(BACKLOG, job, Map.of("job_id", job));
    }
    int deaths = workUntilAllHaveEnded();

    assertNoAttemptWithoutARun(jobs, deaths);
  }

  /**
   * A job whose claim was answered the moment before the worker died may count as one that ran: of
   * the two slots the other one's at most, at each death. {@code ClaimsAheadTest} has the rest.
   */
  private Map<String, Integer> assertNoAttemptWithoutARun(List<String> jobs, int deaths)
      throws IOException {
    Map<String, Integer> attempts = attempts();
    assertEquals(jobs.size() - 1, attempts.size(), attempts.toString());
    Map<String, Integer> runs = runs(attempts);
    int without =
        attempts.entrySet().stream()
            .mapToInt(made -> Math.max(0, made.getValue() - runs.getOrDefault(made.getKey(), 0)))
            .sum();
    assertTrue(without <= deaths, attempts + " attempts in " + runs + " runs, " + deaths);
    return attempts;
  }
}
