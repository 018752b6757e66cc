package com.amazonaws.jobprocessor.work.job;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static java.util.Objects.requireNonNull;
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
import java.util.HashMap;
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
    assertNull(job.flaw());
  }

  @Test
  void without_an_id_of_its_own_or_with_one_that_may_not_be_a_job_has_the_messages() {
    Message without = Messages.message("m-1", clock);
    assertEquals("m-1", without.jobs().getFirst().id());
    assertNull(without.jobs().getFirst().flaw());

    for (Attribute bad :
        List.of(
            new Attribute("Number", "12", null),
            Attribute.of("a\nb"),
            Attribute.of("x".repeat(257)))) {
      Message message = withJobId(bad);
      assertEquals("InvalidJobId", requireNonNull(message.jobs().getFirst().flaw()).type());
      assertEquals("m-1", message.jobs().getFirst().id());
    }
  }

  private static Message pack(String body, Map<String, Attribute> more) {
    Map<String, Attribute> attributes = new HashMap<>(Map.of("job_pack", Attribute.of("1")));
    attributes.putAll(more);
    return Message.of(
        new Delivery("m-1", "h", body, attributes, 5), new Lease(0, Duration.ofMinutes(1)), 5);
  }

  @Test
  void a_pack_carries_a_job_a_line() {
    Message message =
        pack("{\"job_id\":\"a\",\"body\":\"1\"}\n\n{\"body\":\"2\",\"attempts\":3}", Map.of());

    assertEquals(List.of("a", "m-1/3"), message.jobs().stream().map(Job::id).toList());
    assertEquals(List.of("m-1/1", "m-1/3"), message.jobs().stream().map(Job::key).toList());
    assertEquals(List.of("1", "2"), message.jobs().stream().map(Job::body).toList());
    assertEquals(List.of(1, 4), message.jobs().stream().map(Job::attempt).toList());
    assertTrue(message.jobs().stream().allMatch(job -> job.message() == message));
    assertTrue(message.isPackOfSeveral());
    assertFalse(message.wantsResultPacks());
  }

  @Test
  void a_line_that_is_no_job_is_flawed_and_its_neighbours_are_not() {
    Message message = pack("x\n{\"job_id\":\"\",\"body\":\"1\"}\n{\"body\":\"2\"}", Map.of());

    assertEquals(
        List.of("PackLineUnreadable", "InvalidJobId", ""),
        message.jobs().stream().map(j -> j.flaw() == null ? "" : j.flaw().type()).toList());
    assertEquals(List.of("x", "1", "2"), message.jobs().stream().map(Job::body).toList());
    assertEquals(List.of("m-1/1", "m-1/2", "m-1/3"), message.jobs().stream().map(Job::id).toList());
  }

  @Test
  void a_pack_that_is_none_is_one_flawed_job() {
    String job = "{\"body\":\"1\"}";
    for (Message refused :
        List.of(
            pack("", Map.of()),
            pack("\n".repeat(1_000), Map.of()),
            pack((job + "\n").repeat(1_001), Map.of()),
            pack(job, Map.of("job_pack", Attribute.of("2"))),
            pack(job, Map.of("job_pack", new Attribute("Number", "1", null))),
            pack(job, Map.of("job_pack", new Attribute("Binary", null, new byte[] {49}))),
            pack(job, Map.of("ExtendedPayloadSize", new Attribute("Number", "9", null))),
            Message.of(
                new Delivery(
                    "m-1", "h", job, Map.of("job_pack", Attribute.of("1")), 1, null, "group"),
                new Lease(0, Duration.ofMinutes(1)),
                1))) {
      assertEquals(1, refused.jobs().size());
      Job whole = refused.jobs().getFirst();
      assertEquals("PackRefused", requireNonNull(whole.flaw()).type());
      assertEquals("m-1", whole.id());
      assertEquals(refused.delivery().body(), whole.body());
      assertFalse(refused.isPack());
    }
    assertEquals(1_000, pack((job + "\n").repeat(1_000), Map.of()).jobs().size());
  }

  @Test
  void what_the_executor_sees_of_a_pack_is_what_its_sender_has_added() {
    Message message =
        pack(
            "{\"body\":\"1\"}",
            Map.of(
                "tenant", Attribute.of("x"),
                "result_pack", Attribute.of("1"),
                "job_count", new Attribute("Number", "1", null)));

    assertEquals(Map.of("tenant", "x"), message.jobs().getFirst().context().attributes());
    assertTrue(message.wantsResultPacks());
    assertFalse(message.isPackOfSeveral());
    assertEquals(5, message.jobs().getFirst().receives());
    assertEquals(1, message.jobs().getFirst().attempt());
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
