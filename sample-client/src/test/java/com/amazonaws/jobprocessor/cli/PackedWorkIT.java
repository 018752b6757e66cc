package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Packs from the command line through a worker's process and back. */
@Tag("long")
@Timeout(300)
class PackedWorkIT extends SqsFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private DaemonProcess worker;

  @BeforeEach
  void startWorker() {
    worker =
        DaemonProcess.builder()
            .sqs(URI.create(endpoint))
            .userData("concurrency=2", "poll_rate_per_min=6000", "poll_wait_time_in_secs=0")
            .start();
  }

  @AfterEach
  void stopWorker() {
    if (worker != null) {
      worker.close();
      worker = null;
    }
  }

  /** Every hundredth has white space, which the default executor does not take. */
  private static List<String> jobs(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> i % 100 == 0 ? "job " + i : "job-" + i)
        .toList();
  }

  private Path submitted(String... options) throws Exception {
    List<String> args = new ArrayList<>(List.of("submit", "--ids", "--id-prefix", "p"));
    args.addAll(List.of(options));
    args.add(file(jobs(250)).toString());
    assertEquals(0, run(args.toArray(String[]::new)), err::toString);
    return Files.writeString(folder.resolve("ids.txt"), out.toString());
  }

  private void awaitEnd() {
    await()
        .atMost(PATIENCE)
        .until(() -> visible(BACKLOG) + invisible(BACKLOG) == 0 && visible(DEAD_LETTERS) == 2);
  }

  private void assertEveryJobHasItsEnd(Path ids) {
    assertEquals(4, run("results", "--ids", ids.toString()), err::toString);
    Set<String> expected = new TreeSet<>();
    List<String> jobs = jobs(250);
    for (int i = 1; i <= jobs.size(); i++) {
      if (i % 100 != 0) {
        expected.add("p-" + i + "\t" + new StringBuilder(jobs.get(i - 1)).reverse());
      }
    }
    List<String> printed = out.toString().lines().toList();
    assertEquals(expected, new TreeSet<>(printed));
    assertEquals(expected.size(), printed.size(), "each once");
    assertTrue(err.toString().contains("248 results, 2 dead letters:"), err.toString());
    assertEquals(0, visible(RESULTS) + invisible(RESULTS));
  }

  @Test
  void packed_jobs_come_back_as_packed_results_and_failures_as_letters_of_their_own()
      throws Exception {
    Path ids = submitted("--pack", "100", "--result-pack");

    awaitEnd();

    assertTrue(visible(RESULTS) < 248, visible(RESULTS) + " messages carry 248 results");
    assertEveryJobHasItsEnd(ids);
    List<Message> letters = take(DEAD_LETTERS);
    for (Message letter : letters) {
      Map<String, MessageAttributeValue> attributes = letter.messageAttributes();
      assertTrue(List.of("job 100", "job 200").contains(letter.body()), letter.body());
      assertEquals("2", attributes.get("attempts").stringValue());
      assertTrue(List.of("p-100", "p-200").contains(attributes.get("job_id").stringValue()));
      assertTrue(
          attributes.keySet().stream().noneMatch(name -> name.contains("pack")),
          attributes::toString);
    }
  }

  @Test
  void packs_that_do_not_ask_for_it_have_single_results() throws Exception {
    Path ids = submitted("--pack", "100");

    awaitEnd();

    assertEquals(248, visible(RESULTS));
    assertEveryJobHasItsEnd(ids);
  }

  @Test
  void a_letter_of_a_packed_job_is_sent_back_and_runs_alone() throws Exception {
    submitted("--pack", "100", "--result-pack");
    awaitEnd();

    assertEquals(0, run("dead-letters", "send-back", "p-100"), err::toString);

    assertEquals("sent back 1 job\n", out.toString());
    await().atMost(PATIENCE).until(() -> visible(BACKLOG) + invisible(BACKLOG) == 0);
    await().atMost(PATIENCE).until(() -> visible(DEAD_LETTERS) == 2);
    assertEquals(0, run("dead-letters", "show", "p-100", "p-200"), err::toString);
  }

  @Test
  void a_pack_that_no_worker_takes_comes_back_whole() throws Exception {
    send(BACKLOG, "{\"job_id\":\"x\",\"body\":\"y\"}", Map.of("job_pack", "7", "mine", "1"));

    await().atMost(PATIENCE).until(() -> visible(DEAD_LETTERS) == 1);

    assertEquals(0, run("dead-letters"), err::toString);
    assertTrue(out.toString().contains("PackRefused"), out.toString());
    assertTrue(out.toString().contains("(a pack of 1 job) {"), out.toString());
    assertEquals(4, run("results", "--ids", file(List.of("x")).toString()));
    assertTrue(err.toString().contains("x PackRefused"), err.toString());
    stopWorker();
    assertEquals(0, run("dead-letters", "send-back", "--all"), err::toString);
    assertEquals("sent back 1 pack\n", out.toString());
    Message back = take(BACKLOG).getFirst();
    assertEquals(Set.of("job_pack", "mine"), back.messageAttributes().keySet());
  }
}
