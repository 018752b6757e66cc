package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

class FifoIT extends BlackBox {
  private static final String TODO = "todo.fifo";
  private static final String DONE = "done.fifo";
  private static final String DEAD = "dead.fifo";

  @BeforeEach
  void makeFifoQueues() {
    List.of(TODO, DONE, DEAD).forEach(sqs::createQueue);
  }

  private DaemonProcess startFifo(String... pairs) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "job_backlog_queue_name=" + TODO,
                "results_queue_name=" + DONE,
                "dead_letter_queue_name=" + DEAD));
    all.addAll(List.of(pairs));
    return start(all.toArray(String[]::new));
  }

  private static int numberOf(String job) {
    return Integer.parseInt(job.substring(job.lastIndexOf(' ') + 1));
  }

  private static List<EmbeddedSqs.Job> jobs(int groups, int each) {
    List<EmbeddedSqs.Job> jobs = new ArrayList<>();
    for (int number = 0; number < each; number++) {
      for (int group = 0; group < groups; group++) {
        String word = number % 10 == 4 ? "fail" : number % 10 == 7 ? "fail-once" : "plain";
        jobs.add(new EmbeddedSqs.Job("g" + group, word + " g" + group + " " + number));
      }
    }
    return jobs;
  }

  private void awaitAllDone() {
    await().atMost(Duration.ofMinutes(5)).until(() -> sqs.counts(TODO).total() == 0);
  }

  @Tag("long")
  @Test
  void fifty_groups_keep_their_order_under_failures_and_kill_9() throws Exception {
    sqs.sendFifo(TODO, jobs(50, 40));
    String[] quick = {"concurrency=8", "expected_job_execution_time_in_secs=1"};
    startFifo(quick);
    DaemonProcess victim = startFifo(quick);
    startFifo(quick);
    await().atMost(SOON).until(() -> sqs.counts(DONE).total() > 150);
    victim.sigkill();
    startFifo(quick);
    awaitAllDone();

    List<String> runs = runs();
    List<Message> results = sqs.drain(DONE);
    List<Message> dead = sqs.drain(DEAD);
    for (int i = 0; i < 50; i++) {
      String group = "g" + i;
      List<Integer> begun =
          runs.stream()
              .map(run -> run.substring(0, run.indexOf('\t')))
              .filter(job -> job.contains(" " + group + " "))
              .map(FifoIT::numberOf)
              .toList();
      assertEquals(begun.stream().sorted().toList(), begun, "the order in which they ran");
      List<Integer> ended =
          Stream.concat(results.stream(), dead.stream())
              .filter(message -> isOf(message, group))
              .map(message -> numberOf(text(message, "job_id")))
              .sorted()
              .toList();
      assertEquals(IntStream.range(0, 40).boxed().toList(), ended, "each has one end");
    }
  }

  private static boolean isOf(Message message, String group) {
    return group.equals(message.attributesAsStrings().get("MessageGroupId"));
  }

  @Test
  void a_retry_waits_in_the_worker_and_holds_up_its_group_alone() throws Exception {
    sqs.sendFifo(
        TODO,
        List.of(
            new EmbeddedSqs.Job("a", "fail-once 0"),
            new EmbeddedSqs.Job("a", "plain 1"),
            new EmbeddedSqs.Job("b", "plain 2"),
            new EmbeddedSqs.Job("b", "plain 3")));
    startFifo("concurrency=2", "retry_delay_in_secs=4", "expected_job_execution_time_in_secs=1");
    awaitAllDone();

    List<String> runs = runs();
    assertEquals(5, runs.size(), runs.toString());
    assertEquals(
        "attempt 2",
        sqs.drain(DONE).stream()
            .map(Message::body)
            .filter(b -> b.startsWith("attempt"))
            .findFirst()
            .orElse(""));
    assertTrue(runs.indexOf("fail-once 0\t2") < runs.indexOf("plain 1\t1"), runs.toString());
  }

  @Test
  void a_stop_while_a_retry_waits_keeps_the_order_of_its_group() throws Exception {
    sqs.sendFifo(
        TODO, List.of(new EmbeddedSqs.Job("a", "later 0"), new EmbeddedSqs.Job("a", "plain 1")));
    DaemonProcess first = startFifo("expected_job_execution_time_in_secs=1");
    await().atMost(SOON).until(() -> runs().size() >= 1);
    first.sigterm();
    assertEquals(0, first.awaitExit(SOON));
    startFifo("expected_job_execution_time_in_secs=1");
    awaitAllDone();

    assertEquals(
        List.of("later 0", "later 0", "plain 1"),
        runs().stream().map(run -> run.substring(0, run.indexOf('\t'))).toList());
  }

  @Test
  void a_missing_fifo_queue_is_made_as_one() throws Exception {
    DaemonProcess daemon =
        start(
            "job_backlog_queue_name=new.fifo",
            "results_queue_name=new-done.fifo",
            "dead_letter_queue_name=new-dead.fifo");
    daemon.awaitLine("taking jobs", SOON);
    sqs.sendFifo("new.fifo", "g", "1", "plain");
    await().atMost(SOON).until(() -> sqs.counts("new-done.fifo").total() == 1);

    Message result = sqs.drain("new-done.fifo").getFirst();
    assertTrue(isOf(result, "g"));
    assertEquals(
        text(result, "job_message_id"), result.attributesAsStrings().get("MessageDeduplicationId"));
  }

  @Test
  void an_answer_that_was_lost_is_asked_for_again_under_its_own_id() throws Exception {
    proxy().on("ReceiveMessage").queue(TODO).loseAnswer().once();
    sqs.sendFifo(TODO, "g", "1", "plain");
    startFifo("expected_job_execution_time_in_secs=300", "poll_wait_time_in_secs=1");
    await().atMost(SOON).until(() -> proxy().requests("ReceiveMessage") >= 2);

    List<String> ids =
        proxy().calls("ReceiveMessage").stream()
            .limit(2)
            .map(call -> call.text("ReceiveRequestAttemptId"))
            .toList();
    assertTrue(!ids.getFirst().isEmpty());
    assertEquals(ids.getFirst(), ids.getLast());
  }
}
