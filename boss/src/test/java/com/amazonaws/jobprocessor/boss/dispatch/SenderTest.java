package com.amazonaws.jobprocessor.boss.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SenderTest {
  private final MemoryQueue queue = new MemoryQueue();
  private boolean open = true;
  private final Sender sender = new Sender(queue);

  private static List<Parcel> parcels(int count, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(n -> new Parcel("id-" + n, "x".repeat(bytes), bytes))
        .toList();
  }

  @Test
  void jobs_go_out_in_tens_with_their_ids() throws Exception {
    assertEquals(Collections.nCopies(25, Fate.SENT), sender.send(parcels(25, 5), 1, () -> open));
    assertEquals(List.of(10, 10, 5), queue.calls.stream().map(List::size).toList());
    assertEquals("id-24", MemoryQueue.jobId(queue.calls.getLast().getLast()));
    assertNull(sender.failure());
  }

  @Test
  void each_job_has_the_id_of_its_message_and_those_of_a_pack_have_the_same() throws Exception {
    queue.answer = message -> new Answer.Accepted("of " + MemoryQueue.jobId(message));
    assertEquals(
        List.of(Fate.sent("of id-0"), Fate.sent("of id-1")),
        sender.send(parcels(2, 5), 1, () -> open));
    queue.answer = _ -> new Answer.Accepted("m");
    assertEquals(
        Collections.nCopies(3, Fate.sent("m")), sender.send(parcels(3, 5), 100, () -> open));
  }

  @Test
  void short_jobs_go_out_in_packs_that_a_worker_can_read() throws Exception {
    assertEquals(
        Collections.nCopies(250, Fate.SENT), sender.send(parcels(250, 5), 100, () -> open));
    assertEquals(1, queue.calls.size());
    OutgoingMessage last = queue.calls.getFirst().getLast();
    assertTrue(PackFormat.isKnownPack(last.attributes()));
    assertTrue(PackFormat.wantsResultPacks(last.attributes()));
    List<PackLine> lines = PackLine.split(last.body());
    assertEquals(50, lines.size());
    assertEquals("id-249", JobLine.read(lines.getLast().text()).jobId());
  }

  @Test
  void no_call_carries_more_than_sqs_takes_and_no_pack_more_than_it_bills_once() throws Exception {
    sender.send(parcels(30, 200_000), 100, () -> open);
    sender.send(parcels(300, 1_000), 100, () -> open);
    for (List<OutgoingMessage> call : queue.calls) {
      int bytes = 0;
      for (OutgoingMessage message : call) {
        int size = MessageFormat.size(message.body(), message.attributes());
        bytes += size;
        assertTrue(size <= 64 * 1024 || !PackFormat.isPack(message.attributes()));
      }
      assertTrue(bytes <= MessageFormat.MAX_BYTES && call.size() <= 10);
    }
  }

  @Test
  void what_the_hours_forbid_meanwhile_is_left() throws Exception {
    queue.answer =
        message -> {
          open = false;
          return Answer.ACCEPTED;
        };
    List<Fate> fates = sender.send(parcels(20, 5), 1, () -> open);
    assertEquals(Collections.nCopies(10, Fate.SENT), fates.subList(0, 10));
    assertEquals(Collections.nCopies(10, Fate.LEFT), fates.subList(10, 20));
  }

  @Test
  void a_call_without_an_answer_leaves_its_jobs_and_makes_no_other() throws Exception {
    queue.failure = MemoryQueue.failed(CallFailed.Kind.UNKNOWN);
    assertEquals(Collections.nCopies(20, Fate.LEFT), sender.send(parcels(20, 5), 1, () -> open));
    assertEquals(1, queue.calls.size());
    assertNotNull(sender.failure());
  }

  @Test
  void one_that_sqs_refuses_takes_no_other_with_it() throws Exception {
    queue.answer =
        message ->
            MemoryQueue.jobId(message).equals("id-1")
                ? new Answer.Refused("InvalidMessageContents", "no")
                : Answer.ACCEPTED;
    assertEquals(
        List.of(Fate.SENT, Fate.REFUSED, Fate.SENT), sender.send(parcels(3, 5), 1, () -> open));
  }

  @Test
  void a_batch_that_is_refused_as_a_whole_is_sent_one_by_one() throws Exception {
    queue.failure = MemoryQueue.failed(CallFailed.Kind.REFUSED);
    assertEquals(Collections.nCopies(3, Fate.REFUSED), sender.send(parcels(3, 5), 1, () -> open));
    assertEquals(List.of(3, 1, 1, 1), queue.calls.stream().map(List::size).toList());
  }

  @Test
  void a_pack_that_is_refused_is_taken_apart() throws Exception {
    queue.answer =
        message ->
            PackFormat.isPack(message.attributes())
                ? new Answer.Refused("InvalidParameterValue", "too long")
                : Answer.ACCEPTED;
    assertEquals(Collections.nCopies(3, Fate.LEFT), sender.send(parcels(3, 5), 10, () -> open));
    assertEquals(Collections.nCopies(3, Fate.SENT), sender.send(parcels(3, 5), 10, () -> open));
  }

  @Test
  void packs_are_for_jobs_that_are_known_to_be_short() {
    Instant then = Instant.EPOCH;
    assertEquals(1, Packing.jobs(new Results.Measured(19, then, 1)));
    assertEquals(100, Packing.jobs(new Results.Measured(20, then, 0)));
    assertEquals(20, Packing.jobs(new Results.Measured(20, then, 100)));
    assertEquals(1, Packing.jobs(new Results.Measured(1000, then, 30_000)));
  }
}
