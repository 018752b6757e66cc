package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code dead-letters} with a job table, killed between what a backlog has taken and the delete of
 * its letter: single jobs, jobs of a pack, one in S3, one of a FIFO queue.
 */
@Tag("long")
@Timeout(400)
class KilledReturnsIT extends WorkersFixture {
  private static final String LARGE = "x".repeat(1_100_000);
  private static final List<String> IDS = List.of("big-1", "fifo-1", "one-1", "pack-1", "pack-2");
  private static final String[] SEND_BACK = {
    "dead-letters", "send-back", "--all", "--job-table", TABLE, "--payload-bucket", BUCKET
  };

  private static String[] with(String[] args, String... more) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static final String[] SEND_BACK_FIFO =
      with(SEND_BACK, "--dead-letter-queue", "dead.fifo");

  /** One letter of each kind, of a job that has failed on a worker. */
  private void letters() throws Exception {
    worker();
    fifoWorker();
    submit("one", "job");
    submit("pack", "a\nb", "--pack", "10");
    submit("big", LARGE, "--payload-bucket", BUCKET);
    submit("fifo", "job", "--backlog-queue", "todo.fifo");
    await(DEAD, 4);
    await("dead.fifo", 1);
    // A worker that is killed before it has deleted them sends their letters once more.
    await(TODO, 0);
    await("todo.fifo", 0);
  }

  private void assertEachEndedOnce() throws Exception {
    await(TODO, 0);
    await("todo.fifo", 0);
    assertEquals(new EmbeddedSqs.Counts(0, 0, 0), sqs.counts(DEAD));
    assertEquals(new EmbeddedSqs.Counts(0, 0, 0), sqs.counts("dead.fifo"));
    assertEquals(IDS, runs(), "each has run once");
    Path ids = file(IDS.stream().filter(id -> !id.equals("fifo-1")).toArray(String[]::new));
    done("results", "--ids", ids.toString());
    assertEquals(4, out.toString().lines().count(), out::toString);
    assertTrue(out.toString().contains("big-1\t1100000\n"), out::toString);
    Path results = Files.writeString(folder.resolve("results"), out.toString());
    done("audit", "--ids", "" + ids, "--job-table", TABLE, "--results", results.toString());
  }

  @Test
  void what_a_killed_send_back_has_sent_and_a_worker_begun_is_only_deleted() throws Exception {
    letters();
    works();

    killAtDelete(1, DEAD, Map.of(), SEND_BACK);
    killAtDelete(1, "dead.fifo", Map.of(), SEND_BACK_FIFO);
    awaitThat(() -> runs().equals(IDS));
    await(TODO, 0);
    await("todo.fifo", 0);

    done(SEND_BACK);
    assertEquals("sent back 0 jobs\n", out.toString());
    assertTrue(err.toString().contains("4 dead letters had been sent back before"), "" + err);
    done(SEND_BACK_FIFO);
    assertTrue(err.toString().contains("1 dead letter had been sent back before"), "" + err);
    assertEachEndedOnce();
  }

  @Test
  void what_no_worker_has_begun_is_sent_twice_and_runs_once() throws Exception {
    letters();
    works();
    stopWorkers();

    killAtDelete(1, DEAD, Map.of(), SEND_BACK);
    killAtDelete(1, "dead.fifo", Map.of(), SEND_BACK_FIFO);
    done(SEND_BACK);
    assertEquals("sent back 4 jobs\n", out.toString());
    done(SEND_BACK_FIFO);
    assertEquals(8, sqs.counts(TODO).total());
    assertEquals(1, sqs.counts("todo.fifo").total(), "SQS drops the copy");

    worker();
    fifoWorker();
    assertEachEndedOnce();
  }

  private static String[] edit(String... ids) {
    return with(
        new String[] {"dead-letters", "edit", "--job-table", TABLE, "--payload-bucket", BUCKET},
        ids);
  }

  private static Map<String, String> editor(String sed) {
    return Map.of("EDITOR", "sed -i " + sed);
  }

  @Test
  void what_a_killed_edit_has_sent_and_a_worker_begun_is_not_sent_again() throws Exception {
    letters();
    works();
    String[] fifo = edit("fifo-1", "--dead-letter-queue", "dead.fifo");

    killAtDelete(1, DEAD, editor("s/j/g/"), edit("one-1"));
    killAtDelete(1, DEAD, editor("s/x/yy/"), edit("big-1"));
    killAtDelete(1, DEAD, editor("s/a/A/"), edit("pack-1"));
    killAtDelete(1, "dead.fifo", editor("s/j/g/"), fifo);
    List<String> edited = List.of("big-1.2", "fifo-1.2", "one-1.2", "pack-1.2");
    awaitThat(() -> runs().equals(edited));
    await(TODO, 0);
    await("todo.fifo", 0);

    assertEquals(0, runs(editor("s/j/g/"), edit("one-1")), said());
    assertTrue(said().contains("sent back 0 edited jobs\n"), said());
    assertTrue(said().contains("1 dead letter had been sent back before"), said());
    assertEquals(0, runs(editor("s/x/yy/"), edit("big-1")), said());
    assertEquals(0, runs(editor("s/j/g/"), fifo), said());
    assertEquals(0, runs(editor("s/a/B/"), edit("pack-1")), said());
    assertTrue(said().contains("pack-1 was sent back as pack-1.3\n"), "another edit: " + said());

    awaitThat(() -> runs().size() == 5);
    await(TODO, 0);
    assertEquals(
        List.of("big-1.2", "fifo-1.2", "one-1.2", "pack-1.2", "pack-1.3"), runs(), "each once");
    assertEquals(1, sqs.counts(DEAD).total(), "pack-2, which nobody has edited");
    assertEquals(0, sqs.counts("dead.fifo").total());
    assertEquals(List.of(), s3.keys(BUCKET));
  }

  @Test
  void a_killed_purge_is_gone_on_with_and_takes_no_payload_that_a_job_needs() throws Exception {
    letters();
    works();
    stopWorkers();
    for (int i = 0; i < 15; i++) {
      sqs.sendWithAttributes(DEAD, "job", Map.of("job_id", "more-" + i, "error_type", "Mine"));
    }
    killAtDelete(
        1,
        DEAD,
        Map.of(),
        "dead-letters",
        "send-back",
        "big-1",
        "--job-table",
        TABLE,
        "--payload-bucket",
        BUCKET);
    String[] purge = {
      "dead-letters", "purge", "--all", "--yes", "--job-table", TABLE, "--payload-bucket", BUCKET
    };

    killAtDelete(2, DEAD, Map.of(), purge);
    int left = sqs.counts(DEAD).total();
    assertTrue(left > 0 && left < 19, left + " of 19 are left");
    done(purge);

    assertEquals("deleted " + left + " dead letters\n", out.toString());
    assertEquals(0, sqs.counts(DEAD).total());
    worker();
    awaitThat(() -> runs().equals(List.of("big-1")));
    await(TODO, 0);
    assertEquals(0, sqs.counts(DEAD).total());
  }
}
