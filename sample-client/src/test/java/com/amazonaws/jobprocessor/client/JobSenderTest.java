package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobSenderTest {
  /** Answers as it is told, and takes note of what was sent. */
  private static final class ScriptedQueue implements JobSender.Transport {
    final ArrayDeque<Map<Integer, JobSender.Failure>> answers = new ArrayDeque<>();
    final List<List<String>> sent = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    String poison = "";

    @Override
    public Map<Integer, JobSender.Failure> send(List<Job> jobs) throws JobSender.BatchRefused {
      sent.add(jobs.stream().map(Job::body).toList());
      if (jobs.stream().anyMatch(job -> job.body().equals(poison))) {
        throw new JobSender.BatchRefused("poison");
      }
      return answers.isEmpty() ? Map.of() : answers.remove();
    }

    @Override
    public void pause(Duration time) {
      pauses.add(time);
    }
  }

  private final ScriptedQueue queue = new ScriptedQueue();
  private final JobSender sender = new JobSender(queue);

  private static List<Job> jobs(String... bodies) {
    return java.util.Arrays.stream(bodies).map(body -> Job.of("id-" + body, body)).toList();
  }

  @Test
  void only_what_failed_is_sent_again() throws Exception {
    queue.answers.add(
        Map.of(1, new JobSender.Failure("busy", false), 3, new JobSender.Failure("busy", false)));
    queue.answers.add(Map.of(0, new JobSender.Failure("busy", false)));

    assertEquals(Map.of(), sender.send(jobs("a", "b", "c", "d")));

    assertEquals(List.of(List.of("a", "b", "c", "d"), List.of("b", "d"), List.of("b")), queue.sent);
    assertEquals(2, queue.pauses.size());
  }

  @Test
  void what_can_never_be_taken_is_told_and_not_sent_again() throws Exception {
    queue.answers.add(Map.of(0, new JobSender.Failure("bad", true)));

    Map<Job, String> refused = sender.send(jobs("a", "b"));

    assertEquals(List.of("bad"), List.copyOf(refused.values()));
    assertEquals(1, queue.sent.size());
  }

  @Test
  void a_batch_that_is_refused_as_a_whole_is_sent_job_by_job() throws Exception {
    queue.poison = "b";

    Map<Job, String> refused = sender.send(jobs("a", "b", "c"));

    assertEquals(
        List.of(List.of("a", "b", "c"), List.of("a"), List.of("b"), List.of("c")), queue.sent);
    assertEquals(1, refused.size());
    assertEquals("b", refused.keySet().iterator().next().body());
  }

  @Test
  void a_queue_that_never_takes_a_job_ends_after_a_bounded_number_of_tries() throws Exception {
    for (int i = 0; i < 100; i++) {
      queue.answers.add(new HashMap<>(Map.of(0, new JobSender.Failure("busy", false))));
    }

    Map<Job, String> refused = sender.send(jobs("a"));

    assertEquals(8, queue.sent.size());
    assertTrue(refused.values().iterator().next().startsWith("busy (tried 8 times)"));
    assertTrue(queue.pauses.stream().allMatch(pause -> pause.toMillis() <= 5_000));
  }
}
