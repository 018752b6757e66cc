package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubmissionTest {
  private final List<String> added = new ArrayList<>();
  private final List<String> taken = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> perhaps = new ArrayList<>();
  private final List<List<String>> sent = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch secondBatchTaken = new CountDownLatch(1);

  private final Submission.Teller teller =
      new Submission.Teller() {
        @Override
        public void taken(Job job) {
          taken.add(job.id());
        }

        @Override
        public void refused(Job job, String reason) {
          refused.add(job.id());
        }

        @Override
        public void perhapsTaken(Job job, Exception failure) {
          perhaps.add(job.id());
        }

        @Override
        public void told(int jobs) {}
      };

  private static final class Denied extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Fails with the batch of job 1, as soon as the batch of job 11 was taken. */
  private JobSender sender() {
    return new JobSender(
        new JobSender.Transport() {
          @Override
          public Map<Integer, JobSender.Failure> send(List<Job> jobs) {
            sent.add(jobs.stream().map(Job::id).toList());
            if (jobs.getFirst().id().equals("1")) {
              awaitSecondBatch();
              throw new Denied();
            }
            if (jobs.getFirst().id().equals("11")) {
              secondBatchTaken.countDown();
            }
            return Map.of();
          }

          @Override
          public void pause(Duration time) {}
        });
  }

  private void awaitSecondBatch() {
    try {
      secondBatchTaken.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a call under way was cut", e);
    }
  }

  private static List<String> ids(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }

  @Test
  void what_was_taken_beside_a_batch_that_fails_is_told() throws Exception {
    try (Submission submission = new Submission(sender(), false, teller)) {
      assertThrows(
          Denied.class,
          () -> {
            for (String id : ids(1, 25)) {
              submission.add(Job.of(id, "job"));
              added.add(id);
            }
            submission.finish();
          });
      submission.abandon();
    }

    assertEquals(ids(1, 10), perhaps);
    List<String> told = new ArrayList<>(taken);
    told.addAll(refused);
    assertTrue(told.containsAll(added.subList(10, added.size())), "each that came is told of");
    assertEquals(told.stream().distinct().toList(), told);
    assertTrue(taken.containsAll(ids(11, 20)));
    assertEquals(
        taken,
        sent.stream().filter(ids -> !ids.contains("1")).flatMap(List::stream).sorted().toList(),
        "what was told as taken is what was sent");
  }

  @Test
  void in_order_no_job_is_sent_before_the_one_before_it_was_taken() throws Exception {
    secondBatchTaken.countDown();
    try (Submission submission = new Submission(sender(), true, teller)) {
      for (String id : ids(2, 25)) {
        submission.add(Job.of(id, "job"));
      }
      submission.finish();
    }

    assertEquals(ids(2, 25).stream().map(List::of).toList(), sent);
    assertEquals(ids(2, 25), taken);
  }

  @Test
  void in_order_nothing_is_sent_behind_one_that_failed() throws Exception {
    secondBatchTaken.countDown();
    try (Submission submission = new Submission(sender(), true, teller)) {
      assertThrows(
          Denied.class,
          () -> {
            for (String id : ids(1, 3)) {
              submission.add(Job.of(id, "job"));
            }
            submission.finish();
          });
      submission.abandon();
    }

    assertEquals(List.of("1"), perhaps);
    assertEquals(List.of(), taken);
    assertEquals(List.of(List.of("1")), sent);
    assertEquals("2", refused.getFirst());
  }
}
