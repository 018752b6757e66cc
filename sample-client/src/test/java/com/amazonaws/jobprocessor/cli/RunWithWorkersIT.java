package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code run} with workers that are processes: packs, payloads in S3, FIFO queues, a job table. */
@Tag("long")
@Timeout(300)
class RunWithWorkersIT extends WorkersFixture {
  private static final EmbeddedSqs.Counts EMPTY = new EmbeddedSqs.Counts(0, 0, 0);

  /** Without a time-out: nothing but the ends ends it. */
  private static String[] run(String prefix, Path file, String... options) {
    List<String> args = new ArrayList<>(List.of("run", "--id-prefix", prefix));
    args.addAll(List.of(options));
    args.add(file.toString());
    return args.toArray(String[]::new);
  }

  private List<String> printed() {
    return out.toString().lines().sorted().toList();
  }

  private void assertAllQueuesAreEmpty() {
    await(TODO, 0);
    for (String queue : List.of(RESULTS, DEAD, "results.fifo", "dead.fifo")) {
      assertEquals(EMPTY, sqs.counts(queue), queue);
    }
  }

  @Test
  void packs_and_payloads_and_a_job_table_come_back_as_single_results_do() throws Exception {
    works();
    worker();

    done(run("r", file("a", "bb", "ccc"), "--pack", "2", "--result-pack"));
    assertEquals(List.of("r-1\t1", "r-2\t2", "r-3\t3"), printed());
    assertTrue(err.toString().contains("submitted 3 jobs in 2 messages"), err.toString());
    assertTrue(err.toString().contains("3 results, 0 dead letters in "), err.toString());

    String large = "x".repeat(1_100_000);
    done(run("s", file("a", large), "--payload-bucket", BUCKET));
    assertEquals(List.of("s-1\t1", "s-2\t1100000"), printed());
    awaitThat(() -> s3.keys(BUCKET).isEmpty());

    Path recorded = file("a", "bb");
    done(run("t", recorded, "--job-table", TABLE));
    assertEquals(List.of("t-1\t1", "t-2\t2"), printed());
    done("submit", "--id-prefix", "t", "--job-table", TABLE, recorded.toString());
    done("status", "--job-table", TABLE, "t-1", "t-2");
    assertEquals(7, runs().size(), "the same ids once more are the same jobs");
    assertAllQueuesAreEmpty();
  }

  @Test
  void a_fifo_queue_keeps_the_order_and_failures_are_told_by_kind() throws Exception {
    fifoWorker();
    String[] command =
        run(
            "r",
            file("a", "bb", "ccc"),
            "--backlog-queue",
            "todo.fifo",
            "--results-queue",
            "results.fifo",
            "--dead-letter-queue",
            "dead.fifo",
            "--group",
            "g");

    assertEquals(4, run(command), err::toString);
    assertEquals("", out.toString());
    assertTrue(
        err.toString().contains("failed: 3 CommandFailed, the first r-1 (exit status 1)"),
        err.toString());
    assertEquals(3, sqs.counts("dead.fifo").total());

    works();
    done(
        "dead-letters",
        "send-back",
        "--all",
        "--dead-letter-queue",
        "dead.fifo",
        "--job-table",
        TABLE);
    Path ids = file("r-1", "r-2", "r-3");
    done(
        "results",
        "--ids",
        "" + ids,
        "--results-queue",
        "results.fifo",
        "--dead-letter-queue",
        "dead.fifo");
    assertEquals(
        List.of("r-1\t1", "r-2\t2", "r-3\t3"), out.toString().lines().toList(), "in their order");
  }

  @Test
  void it_ends_when_the_last_job_has_its_end_and_at_its_timeout_with_5() throws Exception {
    works();
    Path jobs = file("a", "bb");
    assertEquals(5, run(run("r", jobs, "--timeout", "2")), err::toString);
    assertTrue(err.toString().contains("timed out: not ended are r-1 to r-2;"), "" + err);

    worker();
    done(run("u", jobs));
    assertEquals(List.of("u-1\t1", "u-2\t2"), printed());
    assertEquals(0, run("results", "--ids", file("r-1", "r-2").toString()), err::toString);
    assertAllQueuesAreEmpty();
  }

  @Test
  void a_job_that_was_cancelled_before_is_not_waited_for() throws Exception {
    works();
    Path jobs = file("a", "bb");
    done("submit", "--id-prefix", "c", "--job-table", TABLE, jobs.toString());
    done("cancel", "--job-table", TABLE, "c-2");
    worker();

    assertEquals(4, run(run("c", jobs, "--job-table", TABLE)), err::toString);

    assertEquals(List.of("c-1\t1"), printed());
    assertTrue(
        err.toString().contains("no result came: 1, c-2 (CANCELLED in the job table"), "" + err);
    assertAllQueuesAreEmpty();
  }

  @Test
  void results_of_ids_do_not_wait_for_a_job_that_was_cancelled() throws Exception {
    works();
    done("submit", "--id-prefix", "c", "--job-table", TABLE, file("a", "bb").toString());
    done("cancel", "--job-table", TABLE, "c-2");
    worker();
    String ids = file("c-1", "c-2").toString();

    assertEquals(4, run("results", "--ids", ids, "--job-table", TABLE), err::toString);

    assertEquals(List.of("c-1\t1"), printed());
    assertTrue(
        err.toString().contains("no result came: 1, c-2 (CANCELLED in the job table"), "" + err);
    assertAllQueuesAreEmpty();
    assertEquals(2, run("results", "--job-table", TABLE), "it is for --ids");
  }

  @Test
  void a_fifo_queue_and_a_job_table_go_together() throws Exception {
    works();
    String[] table = {"--job-table", TABLE, "--backlog-queue", "todo.fifo"};
    Path jobs = file("a", "bb", "ccc");
    done(with(table, "submit", "--id-prefix", "f", "--group", "g", jobs.toString()));
    done(with(table, "cancel", "f-2"));
    done(
        with(
            table,
            "explain",
            "f-1",
            "--results-queue=results.fifo",
            "--dead-letter-queue=dead.fifo"));
    assertTrue(out.toString().contains("no worker has received it yet"), out.toString());
    fifoWorker();
    String ids = file("f-1", "f-2", "f-3").toString();
    String[] queues = {"--results-queue", "results.fifo", "--dead-letter-queue", "dead.fifo"};

    assertEquals(4, run(with(table, with(queues, "results", "--ids", ids))), err::toString);

    assertEquals(List.of("f-1\t1", "f-3\t3"), out.toString().lines().toList(), "in their order");
    done(with(table, "submit", "--id-prefix", "f", "--group", "g", jobs.toString()));
    done(with(table, "repair", "--older-than", "0"));
    await("todo.fifo", 0);
    assertEquals(List.of("f-1", "f-3"), runs(), "each once");
    assertEquals(0, run(with(table, "audit", "--ids", ids)), err::toString);
  }

  private static String[] with(String[] options, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  @Test
  void a_signal_ends_it_with_130_and_says_what_was_submitted_and_has_not_ended() throws Exception {
    Process process = start(Map.of(), run("r", file("a", "bb"), "--job-table", TABLE));
    awaitThat(() -> said().contains("submitted 2 jobs"));

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(130, process.exitValue(), said());
    assertTrue(said().contains("interrupted: 0 results, 0 dead letters"), said());
    assertTrue(said().contains("not ended are r-1 to r-2;"), said());
    works();
    worker();
    done(run("r", file("a", "bb"), "--job-table", TABLE));
    assertEquals(List.of("r-1\t1", "r-2\t2"), printed());
    assertEquals(List.of("r-1", "r-2"), runs(), "each once");
  }
}
