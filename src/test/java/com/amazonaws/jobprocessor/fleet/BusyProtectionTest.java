package com.amazonaws.jobprocessor.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.work.DrainDeadline;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BusyProtectionTest {
  private final SettableClock clock = new SettableClock();
  private final FakeWorker worker = new FakeWorker();
  private final InMemoryOwnBox box = new InMemoryOwnBox().inGroup();
  private final BusyProtection protection = new BusyProtection(box, worker, clock, new Said());

  private void lookEachSecond(int seconds) throws InterruptedException {
    for (int i = 0; i < seconds; i++) {
      clock.advance(Duration.ofSeconds(1));
      protection.look();
    }
  }

  private List<String> changes() {
    return box.calls().stream().filter(call -> call.startsWith("protect")).toList();
  }

  @Test
  void it_protects_at_once_while_jobs_are_in_hand_and_releases_after_ten_seconds_without()
      throws Exception {
    worker.busy(true);
    protection.look();
    assertEquals(List.of("protect workers true"), changes());
    lookEachSecond(300);
    assertEquals(1, changes().size());

    worker.busy(false);
    lookEachSecond(9);
    assertEquals(1, changes().size());
    lookEachSecond(1);

    assertEquals(List.of("protect workers true", "protect workers false"), changes());
    lookEachSecond(300);
    assertEquals(2, changes().size());
  }

  @Test
  void an_instance_that_was_launched_protected_is_released_when_it_is_idle() throws Exception {
    lookEachSecond(10);

    assertEquals(List.of("protect workers false"), changes());
  }

  /** The group refuses both in a warm pool; that was once said to endanger the instance at work. */
  @Test
  void a_drained_worker_asks_for_nothing_and_begins_anew_when_it_takes_jobs_again()
      throws Exception {
    worker.letDrainsEnd();
    worker.drain("warm pool", DrainDeadline.patient(0));
    lookEachSecond(3_600);
    assertEquals(List.of(), box.calls());

    for (int i = 0; i < 2; i++) {
      worker.startAgain(() -> true);
      worker.busy(true);
      lookEachSecond(1);
      worker.busy(false);
      worker.drain("warm pool", DrainDeadline.patient(0));
      lookEachSecond(3_600);
    }
    assertEquals(List.of("protect workers true", "protect workers true"), changes());

    worker.startAgain(() -> true);
    lookEachSecond(9);
    assertEquals(2, changes().size());
    lookEachSecond(2);
    assertEquals("protect workers false", changes().getLast());
  }

  @Test
  void the_end_of_the_process_ends_the_protection_if_it_is_on() throws Exception {
    protection.release();
    assertEquals(List.of(), box.calls());
    worker.busy(true);
    protection.look();
    worker.busy(false);
    worker.letDrainsEnd();
    worker.drain("stop", DrainDeadline.patient(0));

    lookEachSecond(1);
    protection.release();
    protection.release();

    assertEquals(List.of("protect workers true", "protect workers false"), changes());
  }

  @Test
  void so_it_does_if_the_worker_was_drained_meanwhile_and_took_jobs_again() throws Exception {
    worker.busy(true);
    protection.look();
    worker.busy(false);
    worker.letDrainsEnd();
    worker.drain("spot interruption", DrainDeadline.patient(0));
    lookEachSecond(1);
    worker.startAgain(() -> true);
    lookEachSecond(1);

    protection.release();

    assertEquals(List.of("protect workers true", "protect workers false"), changes());
  }

  @Test
  void gaps_between_jobs_that_are_short_are_not_released_in_any_more() throws Exception {
    for (int i = 0; i < 60; i++) {
      worker.busy(true);
      lookEachSecond(1);
      worker.busy(false);
      lookEachSecond(29);
    }

    assertEquals(
        List.of(
            "protect workers true",
            "protect workers false",
            "protect workers true",
            "protect workers false",
            "protect workers true"),
        changes());
  }

  @Test
  void until_the_instance_is_in_service_it_is_tried_again_ever_more_seldom() throws Exception {
    box.fail("protect", 3, "ValidationError");
    worker.busy(true);
    lookEachSecond(100);

    assertEquals(4, changes().size());
    assertEquals(4, box.count("membership"), "it may have left the group");
  }

  @Test
  void a_missing_right_has_the_name_of_the_call_that_was_denied_until_it_works() throws Exception {
    ToldRights rights = new ToldRights();
    BusyProtection denied = new BusyProtection(box, worker, clock, new Said(rights));
    box.fail("membership", 1, "AccessDenied");
    box.fail("protect", 1, "AccessDenied");
    worker.busy(true);
    for (int i = 0; i < 100; i++) {
      clock.advance(Duration.ofSeconds(1));
      denied.look();
    }

    String ask = "autoscaling:DescribeAutoScalingInstances";
    String protect = "autoscaling:SetInstanceProtection";
    String so = ": a scale-in may take this instance at work";
    assertEquals(
        List.of(
            "missing " + ask + so,
            "granted " + ask,
            "missing " + protect + so,
            "granted " + protect),
        rights.told);
  }

  @Test
  void outside_of_a_group_it_asks_seldom_and_changes_nothing() throws Exception {
    InMemoryOwnBox alone = new InMemoryOwnBox();
    BusyProtection none = new BusyProtection(alone, worker, clock, new Said());
    worker.busy(true);
    for (int i = 0; i < 3_600; i++) {
      clock.advance(Duration.ofSeconds(1));
      none.look();
    }

    assertEquals(List.of(), alone.calls().stream().filter(c -> c.startsWith("protect")).toList());
    assertEquals(true, alone.count("membership") < 20);
  }
}
