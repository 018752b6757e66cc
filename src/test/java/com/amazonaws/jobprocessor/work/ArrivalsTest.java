package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalsTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private Rig rig;

  @BeforeEach
  void build() {
    rig = new Rig(clock, folder, 2, Duration.ofSeconds(60), 1, null);
    rig.settlement.hurry(); // with the clock at rest no linger would end
  }

  private List<Delivery> deliver() throws Exception {
    return rig.backlog.receive(10, Duration.ofMillis(1), Duration.ofSeconds(60));
  }

  @Test
  void a_job_stands_in_line_for_a_slot() throws Exception {
    rig.backlog.put("a");
    rig.receive(1);

    InHand.Next next = rig.take();
    assertTrue(next.job().delivery().body().equals("a") && !next.suspect());
  }

  @Test
  void what_was_under_way_for_its_whole_lease_is_dropped_without_a_call() throws Exception {
    rig.backlog.put("a");
    long sentAt = clock.nanoTime();
    List<Delivery> deliveries = deliver();
    clock.advance(Duration.ofSeconds(60));

    rig.arrivals.accept(deliveries, sentAt);

    assertEquals(List.of(), rig.inHand.all());
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
    assertEquals(1, rig.settlement.givenBack("todo-1"), "it was no attempt");
  }

  @Test
  void with_less_than_half_the_lease_left_it_is_renewed_before_it_stands_in_line()
      throws Exception {
    rig.backlog.put("a");
    long sentAt = clock.nanoTime();
    List<Delivery> deliveries = deliver();
    clock.advance(Duration.ofSeconds(31));

    rig.arrivals.accept(deliveries, sentAt);

    InHand.Next next = rig.take();
    assertTrue(!next.job().lease().isShort(clock.nanoTime()));
    assertEquals(1, rig.backlog.calls("changeVisibility").size());
  }

  /**
   * The lease keeper was once quicker with its own renewal, and the job was kept for ever without
   * being run.
   */
  @Test
  void a_renewal_that_is_under_way_already_keeps_no_job_out_of_the_line() throws Exception {
    rig.backlog.put("a");
    Lease lease = new Lease(clock.nanoTime(), Duration.ofSeconds(60));
    Job job = new Job(deliver().getFirst(), lease, 1, clock.nanoTime());
    clock.advance(Duration.ofSeconds(31));
    assertTrue(job.beginVisibilityChange());

    rig.settlement.renewThen(job, () -> rig.inHand.offer(job, false), () -> {});
    job.endVisibilityChange();

    InHand.Next next = rig.take();
    assertTrue(next.job() == job);
  }

  @Test
  void a_renewal_before_the_start_that_fails_drops_the_job() throws Exception {
    rig.backlog.put("a");
    long sentAt = clock.nanoTime();
    List<Delivery> deliveries = deliver();
    clock.advance(Duration.ofSeconds(31));
    rig.backlog.answerNext(new Answer.Refused("ReceiptHandleIsInvalid", "gone"));

    rig.arrivals.accept(deliveries, sentAt);

    await().until(() -> rig.recorder.events.contains("lost todo-1"));
    assertEquals(List.of(), rig.inHand.all());
  }

  @Test
  void a_copy_of_a_job_in_hand_is_no_second_job_but_its_handle_counts() throws Exception {
    rig.backlog.put("a");
    rig.receive(1);
    clock.advance(Duration.ofSeconds(61));
    rig.receive(1);

    assertEquals(1, rig.inHand.all().size());
    assertEquals("todo-1#2", rig.inHand.all().getFirst().delivery().receiptHandle());
    InHand.Next next = rig.take();
    rig.inHand.returned(next);
    rig.settlement.settle(next.job(), new Outcome.Succeeded("r", Duration.ZERO));
    await().until(() -> rig.inHand.all().isEmpty());
    assertEquals(List.of(), rig.backlog.contents());
  }

  @Test
  void a_message_that_comes_while_its_give_back_is_confirmed_is_a_new_job() throws Exception {
    rig.backlog.put("a");
    rig.receive(1);
    Job old = rig.inHand.all().getFirst();
    old.release();
    clock.advance(Duration.ofSeconds(61));

    rig.receive(1);
    rig.inHand.remove(old);

    assertEquals(1, rig.inHand.all().size());
    assertTrue(rig.inHand.all().getFirst() != old);
  }

  @Test
  void a_job_that_this_worker_has_finished_is_deleted_and_not_run() throws Exception {
    rig.backlog.put("a");
    rig.receive(1);
    InHand.Next next = rig.take();
    rig.inHand.returned(next);
    rig.backlog.answerNext(Answer.ACCEPTED); // a delete that SQS confirms and does not make
    rig.settlement.settle(next.job(), new Outcome.Succeeded("r", Duration.ZERO));
    await().until(() -> rig.inHand.all().isEmpty());
    assertEquals(1, rig.backlog.contents().size());
    clock.advance(Duration.ofSeconds(61));

    rig.receive(1);

    await().until(() -> rig.backlog.contents().isEmpty());
    assertEquals(1, rig.results.contents().size());
  }

  @Test
  void own_give_backs_are_no_attempts() throws Exception {
    rig.backlog.put("a");
    for (int i = 0; i < 5; i++) {
      rig.receive(1);
      InHand.Next next = rig.take();
      assertEquals(1, next.job().attempt());
      rig.inHand.returned(next);
      rig.settlement.settle(next.job(), Outcome.GivenBack.now("test"));
      await().until(() -> rig.inHand.all().isEmpty());
    }
  }

  @Test
  void a_bad_job_id_and_a_job_received_too_often_are_dead_lettered_unrun() throws Exception {
    rig.backlog.put(new OutgoingMessage("bad", Map.of("job_id", Attribute.of("a\nb"))));
    rig.receive(1);
    await().until(() -> rig.deadLetters.contents().size() == 1);

    rig.arrivals.accept(List.of(new Delivery("m", "h", "often", Map.of(), 13)), clock.nanoTime());
    await().until(() -> rig.deadLetters.contents().size() == 2);

    assertEquals(
        List.of(Attribute.of("InvalidJobId"), Attribute.of("WorkerDied")),
        rig.deadLetters.contents().stream().map(m -> m.attributes().get("error_type")).toList());
  }

  @Test
  void suspects_run_one_at_a_time_and_too_many_are_given_back() {
    for (int i = 0; i < 14; i++) {
      rig.arrivals.accept(
          List.of(new Delivery("m" + i, "h" + i, "b", Map.of(), 3)), clock.nanoTime());
    }

    await().until(() -> rig.inHand.all().size() == 12);
    assertEquals(
        List.of("back too many suspects wait", "back too many suspects wait"), rig.recorder.events);
  }

  @Test
  void a_suspect_that_comes_when_the_line_was_given_back_is_visible_at_once() throws Exception {
    rig.backlog.put("a");
    for (int i = 0; i < 2; i++) {
      deliver();
      clock.advance(Duration.ofSeconds(61));
    }
    rig.inHand.takeUnstarted();

    rig.receive(1);

    await().until(() -> rig.recorder.events.contains("back worker stops"));
    assertEquals(0, rig.backlog.invisible());
  }
}
