package com.amazonaws.jobprocessor.client.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
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
  private final List<String> taken = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> perhaps = new ArrayList<>();
  private final List<List<String>> sent = Collections.synchronizedList(new ArrayList<>());
  private final SettableHalt halt = new SettableHalt();
  private final CountDownLatch secondBatchTaken = new CountDownLatch(1);

  private boolean cutByFirst;

  private final Submission.Teller teller =
      new Submission.Teller() {
        @Override
        public void told(Parcel parcel, Sender.Outcome outcome) {
          switch (outcome) {
            case Sender.Outcome.Taken _ -> taken.add(parcel.first().id());
            case Sender.Outcome.NotTaken _ -> refused.add(parcel.first().id());
            case Sender.Outcome.PerhapsTaken _ -> perhaps.add(parcel.first().id());
          }
        }

        @Override
        public void told(int jobs) {}
      };

  /** Fails with the batch of job 1, as soon as the batch of job 11 was taken. */
  private Sender sender() {
    OutputQueue queue =
        new OutputQueue() {
          @Override
          public String name() {
            return "q";
          }

          @Override
          public List<Answer> send(List<OutgoingMessage> messages) throws CallFailed {
            List<String> ids = messages.stream().map(OutgoingMessage::body).toList();
            sent.add(ids);
            if (ids.getFirst().equals("1")) {
              awaitSecondBatch();
              if (cutByFirst) {
                halt.ask();
              }
              throw new CallFailed(
                  "SocketTimeoutException",
                  "no answer",
                  CallFailed.Kind.UNKNOWN,
                  new IllegalStateException());
            }
            if (ids.getFirst().equals("11")) {
              secondBatchTaken.countDown();
            }
            return Collections.nCopies(ids.size(), Answer.ACCEPTED);
          }
        };
    return new Sender(queue, halt, () -> {});
  }

  private static Job job(String id) {
    return new Job(id, 1, new OutgoingMessage(id, Map.of()));
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
    try (Submission submission = new Submission(sender(), Packer.none(), false, teller)) {
      for (String id : ids(1, 25)) {
        submission.add(job(id));
      }
      submission.finish();
      assertNotNull(submission.failure());
    }

    assertEquals(ids(1, 10), perhaps);
    List<String> told = new ArrayList<>(taken);
    told.addAll(refused);
    assertTrue(told.containsAll(ids(11, 25)), "each that came is told of");
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
    try (Submission submission = new Submission(sender(), Packer.none(), true, teller)) {
      for (String id : ids(2, 25)) {
        submission.add(job(id));
      }
      submission.finish();
    }

    assertEquals(ids(2, 25).stream().map(List::of).toList(), sent);
    assertEquals(ids(2, 25), taken);
  }

  @Test
  void in_order_nothing_is_sent_behind_one_that_failed() throws Exception {
    secondBatchTaken.countDown();
    cutByFirst = true; // it is not tried again
    try (Submission submission = new Submission(sender(), Packer.none(), true, teller)) {
      for (String id : ids(1, 3)) {
        submission.add(job(id));
      }
      submission.finish();
    }

    assertEquals(List.of("1"), perhaps);
    assertEquals(List.of(), taken);
    assertEquals(List.of(List.of("1")), sent);
    assertEquals(List.of("2", "3"), refused);
  }

  @Test
  void a_batch_is_sent_when_it_is_complete_and_not_with_the_next_job() throws Exception {
    secondBatchTaken.countDown();
    try (Submission submission = new Submission(sender(), Packer.none(), false, teller)) {
      for (String id : ids(11, 20)) {
        submission.add(job(id));
      }

      assertTrue(submission.isFlushed());
      while (taken.isEmpty()) {
        submission.tellOfEnded();
        Thread.onSpinWait();
      }
    }

    assertEquals(List.of(ids(11, 20)), sent);
  }

  /** Such an answer is to one entry, and the call has not failed. */
  @Test
  void in_order_nothing_is_sent_behind_one_that_the_service_does_not_take() throws Exception {
    OutputQueue queue =
        new OutputQueue() {
          @Override
          public String name() {
            return "q.fifo";
          }

          @Override
          public List<Answer> send(List<OutgoingMessage> messages) {
            String id = messages.getFirst().body();
            sent.add(List.of(id));
            return List.of(
                id.equals("2")
                    ? new Answer.Failed("InternalError", "busy")
                    : id.equals("1") ? new Answer.Refused("Bad", "text") : Answer.ACCEPTED);
          }
        };
    Sender sender = new Sender(queue, halt, () -> {});
    try (Submission submission = new Submission(sender, Packer.none(), true, teller)) {
      for (String id : ids(0, 4)) {
        submission.add(job(id));
      }
      submission.finish();

      CallFailed failure = submission.failure();
      assertNotNull(failure);
      assertEquals("InternalError", failure.code());
      assertEquals("busy", failure.getMessage());
    }
    assertEquals(List.of("0"), taken);
    assertEquals(List.of("1", "2", "3", "4"), refused);
    assertEquals(2 + Sender.MAX_TRIES, sent.size());
  }
}
