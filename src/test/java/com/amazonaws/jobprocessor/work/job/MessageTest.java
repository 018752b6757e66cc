package com.amazonaws.jobprocessor.work.job;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.work.call.Interleaving;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MessageTest {
  private final SettableClock clock = new SettableClock();

  private Message withJobId(Attribute jobId) {
    return Messages.of(new Delivery("m-1", "h", "body", Map.of("job_id", jobId), 3), 2, clock);
  }

  @Test
  void the_only_job_of_a_message_has_its_body_and_the_id_that_it_was_given() {
    Message message = withJobId(Attribute.of("order-7"));
    Job job = message.jobs().getFirst();

    assertEquals(1, message.jobs().size());
    assertEquals("order-7", job.id());
    assertEquals("body", job.body());
    assertEquals(2, job.attempt());
    assertSame(message, job.message());
    assertEquals(3, message.receiveCount());
    assertTrue(message.hasGoodJobId());
  }

  @Test
  void without_an_id_of_its_own_or_with_one_that_may_not_be_a_job_has_the_messages() {
    Message without = Messages.message("m-1", clock);
    assertEquals("m-1", without.jobs().getFirst().id());
    assertTrue(without.hasGoodJobId());

    for (Attribute bad :
        List.of(
            new Attribute("Number", "12", null),
            Attribute.of("a\nb"),
            Attribute.of("x".repeat(257)))) {
      Message message = withJobId(bad);
      assertFalse(message.hasGoodJobId(), bad::toString);
      assertEquals("m-1", message.jobs().getFirst().id());
    }
  }

  @Test
  void a_message_may_carry_several_jobs() {
    Message message =
        new Message(
            new Delivery("m-1", "h", "two", Map.of(), 1),
            new Lease(0, Duration.ofMinutes(1)),
            whole -> List.of(new Job(whole, "a", "1", 1), new Job(whole, "b", "2", 4)));

    assertEquals(List.of("a", "b"), message.jobs().stream().map(Job::id).toList());
    assertTrue(message.jobs().stream().allMatch(job -> job.message() == message));
  }

  @Test
  void a_newer_delivery_brings_its_handle_its_count_and_its_lease() {
    Message message = Messages.message("m-1", clock);
    Lease newer = new Lease(5, Duration.ofMinutes(2));
    message.adopt(new Delivery("m-1", "h-2", "body", Map.of(), 2), newer);

    assertEquals("h-2", message.delivery().receiptHandle());
    assertEquals(2, message.receiveCount());
    assertSame(newer, message.lease());
  }

  @Test
  void a_pointer_and_a_group_are_known_by_their_delivery() {
    assertTrue(Messages.ofPointer("m-1", "p", 3, clock).isPointer());
    assertFalse(Messages.message("m-1", clock).isPointer());
    assertEquals("g", Messages.ofGroup("g", "m-1", clock).group());
    assertNull(Messages.message("m-1", clock).group());
  }

  @Test
  void one_change_of_visibility_is_made_at_a_time_and_a_give_back_waits_for_its_turn()
      throws Exception {
    Message message = Messages.message("m-1", clock);
    assertTrue(message.tryBeginVisibilityChange());
    assertFalse(message.tryBeginVisibilityChange());
    message.release();
    CountDownLatch turn = new CountDownLatch(1);
    Thread givesBack =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    message.beginVisibilityChange();
                    turn.countDown();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    eventually(() -> givesBack.getState() == Thread.State.WAITING);
    assertEquals(1, turn.getCount());
    message.endVisibilityChange();
    turn.await();

    message.endVisibilityChange();
    assertFalse(message.tryBeginVisibilityChange(), "no renewal of what was given back");
    assertTrue(message.isReleased());
  }

  /** A renewal that is refused for the give-back keeps no permit: the give-back would hang. */
  @Test
  void renewals_and_a_give_back_that_race_never_overlap_and_never_hang() throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    AtomicInteger late = new AtomicInteger();
    for (int round = 0; round < 500; round++) {
      Message message = Messages.message("m-1", clock);
      AtomicInteger givenBack = new AtomicInteger();
      List<Thread> renewals =
          IntStream.range(0, 4)
              .mapToObj(
                  _ ->
                      Thread.ofVirtual()
                          .start(
                              () -> {
                                if (message.tryBeginVisibilityChange()) {
                                  overlaps.addAndGet(underWay.getAndIncrement());
                                  late.addAndGet(givenBack.get());
                                  Interleaving.here();
                                  underWay.decrementAndGet();
                                  message.endVisibilityChange();
                                }
                              }))
              .toList();
      message.release();
      message.beginVisibilityChange();
      overlaps.addAndGet(underWay.getAndIncrement());
      givenBack.set(1);
      underWay.decrementAndGet();
      message.endVisibilityChange();
      for (Thread renewal : renewals) {
        renewal.join();
      }
    }

    assertEquals(0, overlaps.get());
    assertEquals(0, late.get(), "renewals after a give-back");
  }
}
