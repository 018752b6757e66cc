package com.amazonaws.jobprocessor.fleet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NoticeWatchTest {
  private final FakeNotices notices = new FakeNotices();
  private final SettableClock clock = new SettableClock();
  private final SettableWallClock wallClock = new SettableWallClock();
  private final List<Notice> told = new ArrayList<>();
  private final NoticeWatch watch = new NoticeWatch(notices, told::add, false, clock, wallClock);

  private Instant in(int seconds) {
    return wallClock.instant().plusSeconds(seconds);
  }

  private long at(int seconds) {
    return clock.nanoTime() + Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void without_a_notice_nothing_is_told() {
    notices.state = "InService";
    watch.look();

    assertEquals(List.of(), told);
  }

  @Test
  void an_interruption_is_told_once_with_its_time_by_the_monotonic_clock() {
    notices.spot("terminate", in(115));
    watch.look();
    wallClock.advance(Duration.ofHours(-3)); // somebody sets the clock
    watch.look();

    assertEquals(List.of(new Notice.Interruption("terminate", at(115))), told);
  }

  @Test
  void an_interruption_that_changes_is_told_again() {
    notices.spot("terminate", in(115));
    watch.look();
    notices.spot("terminate", in(60));
    watch.look();

    assertEquals(
        List.of(
            new Notice.Interruption("terminate", at(115)),
            new Notice.Interruption("terminate", at(60))),
        told);
  }

  @Test
  void a_time_that_is_past_is_a_notice_as_well() {
    notices.spot("stop", in(-30));
    watch.look();

    assertEquals(List.of(new Notice.Interruption("stop", at(-30))), told);
  }

  /**
   * The wall clock may be an hour slow or fast; and a year of five digits once ended the process.
   */
  @Test
  void no_time_is_taken_for_more_than_two_minutes_away() {
    Map<Instant, Integer> left =
        Map.of(
            in(3_719),
            120,
            in(-3_481),
            -120,
            Instant.parse("9999-12-31T00:00:00Z"),
            120,
            Instant.MAX,
            120,
            Instant.MIN,
            -120);
    left.forEach(
        (time, seconds) -> {
          List<Notice> heard = new ArrayList<>();
          FakeNotices others = new FakeNotices();
          others.spot("terminate", time);
          new NoticeWatch(others, heard::add, false, clock, wallClock).look();

          assertEquals(List.of(new Notice.Interruption("terminate", at(seconds))), heard);
        });
  }

  @Test
  void hibernation_begins_at_once_whatever_its_time() {
    notices.spot("hibernate", in(100));
    watch.look();

    assertEquals(List.of(new Notice.Interruption("hibernate", at(0))), told);
  }

  @Test
  void without_a_readable_time_there_are_the_usual_two_minutes() {
    notices.spot("terminate", null);
    watch.look();

    assertEquals(List.of(new Notice.Interruption("terminate", at(120))), told);
  }

  @Test
  void the_group_ends_the_instance_in_service_or_in_its_warm_pool() {
    for (String state : List.of("Terminated", "Warmed:Terminated")) {
      List<Notice> heard = new ArrayList<>();
      FakeNotices others = new FakeNotices();
      others.state = state;
      NoticeWatch fresh = new NoticeWatch(others, heard::add, false, clock, wallClock);
      fresh.look();
      fresh.look();

      assertEquals(List.of(new Notice.ScaleIn()), heard, state);
    }
    for (String state : List.of("InService", "Standby", "Detached", "")) {
      notices.state = state;
      watch.look();
    }
    assertEquals(List.of(), told);
  }

  @Test
  void a_warm_pool_is_told_of_when_the_instance_comes_and_when_it_leaves() {
    for (String state :
        Arrays.asList(
            "InService",
            "Warmed:Stopped",
            "Warmed:Stopped",
            null,
            "Warmed:Running",
            "InService",
            "InService",
            "Warmed:Hibernated",
            "Detached",
            "Warmed:Terminated",
            "Warmed:Stopped",
            "InService")) {
      notices.state = state;
      watch.look();
    }

    assertEquals(
        List.of(
            new Notice.WarmPool("Warmed:Stopped"),
            new Notice.InService(),
            new Notice.WarmPool("Warmed:Hibernated"),
            new Notice.InService(),
            new Notice.ScaleIn()),
        told);
  }

  /** It once waited for ever: nothing was told, since the first look found it in service. */
  @Test
  void a_box_that_began_in_a_warm_pool_is_told_of_by_the_first_look_wherever_it_is_then() {
    for (String state : List.of("InService", "Warmed:Stopped", "Standby")) {
      List<Notice> heard = new ArrayList<>();
      FakeNotices others = new FakeNotices();
      NoticeWatch waiting = new NoticeWatch(others, heard::add, true, clock, wallClock);
      waiting.look();
      assertEquals(List.of(), heard);
      others.state = state;
      waiting.look();
      waiting.look();

      assertEquals(
          List.of(state.startsWith("Warmed") ? new Notice.WarmPool(state) : new Notice.InService()),
          heard);
    }
  }

  @Test
  void an_interruption_that_is_gone_was_survived_and_one_that_comes_then_is_another() {
    notices.spot("hibernate", in(100));
    watch.look();
    notices.action = null;
    watch.look();
    assertEquals(1, told.size());
    watch.look();
    watch.look();
    notices.spot("hibernate", in(100));
    watch.look();

    assertEquals(
        List.of(
            new Notice.Interruption("hibernate", at(0)),
            new Notice.Survived(),
            new Notice.Interruption("hibernate", at(0))),
        told);
  }

  @Test
  void an_interruption_that_has_not_come_ten_minutes_after_its_time_was_survived() {
    Instant time = in(100);
    notices.spot("stop", time);
    watch.look();
    clock.advance(Duration.ofSeconds(700));
    watch.look();
    assertEquals(1, told.size());

    clock.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 3; i++) {
      watch.look();
    }

    assertEquals(new Notice.Survived(), told.getLast());
    assertEquals(2, told.size());
    notices.spot("stop", time.plusSeconds(3_600));
    watch.look();
    assertEquals(3, told.size());
  }

  @Test
  void a_service_that_is_away_does_not_take_a_notice_back() {
    notices.spot("terminate", in(100));
    notices.state = "Warmed:Stopped";
    watch.look();
    notices.away = true;
    for (int i = 0; i < 5; i++) {
      watch.look();
    }

    assertEquals(2, told.size());
  }

  @Test
  void a_recommendation_is_told_once() {
    notices.rebalance = true;
    watch.look();
    watch.look();

    assertEquals(List.of(new Notice.Rebalance()), told);
  }

  @Test
  void one_question_that_fails_keeps_no_other_from_being_asked() {
    notices.spotAway = true;
    notices.state = "Terminated";
    watch.look();

    assertEquals(List.of(new Notice.ScaleIn()), told);
  }

  @Test
  void a_service_that_is_away_is_asked_again_and_is_no_notice() {
    notices.away = true;
    for (int i = 0; i < 100; i++) {
      watch.look();
    }
    assertEquals(List.of(), told);

    notices.away = false;
    notices.spot("terminate", in(90));
    watch.look();

    assertEquals(1, told.size());
  }

  @Test
  void it_asks_every_five_seconds() throws Exception {
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    watch.run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    await().until(() -> clock.waiters() == 1);
    for (int i = 2; i < 5; i++) {
      int times = i;
      clock.advance(Duration.ofSeconds(5));
      await().until(() -> notices.asked.get() == times && clock.waiters() == 1);
    }
    thread.interrupt();
    thread.join();
  }
}
