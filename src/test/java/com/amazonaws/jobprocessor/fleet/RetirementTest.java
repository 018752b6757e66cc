package com.amazonaws.jobprocessor.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RetirementTest {
  /** Sleeps by letting the time pass. */
  private static final class Hasty implements com.amazonaws.jobprocessor.port.MonotonicClock {
    private final SettableClock clock = new SettableClock();

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(long nanos) {
      clock.advance(Duration.ofNanos(nanos));
    }
  }

  private static final Retirement.Result ENDS = new Retirement.Result.Ends();

  private final InMemoryOwnBox box = new InMemoryOwnBox();
  private final FakeNotices notices = new FakeNotices();
  private final Retirement retirement = new Retirement(box, notices, new Hasty(), new Said());

  private static Duration stays(Retirement.Result result) {
    return assertInstanceOf(Retirement.Result.Stays.class, result).again();
  }

  @Test
  void outside_of_a_group_ec2_ends_the_instance() throws Exception {
    assertEquals(ENDS, retirement.end("idle"));
    assertEquals(List.of("membership", "end"), box.calls());
  }

  @Test
  void in_a_group_the_desired_capacity_is_lowered_in_the_same_call() throws Exception {
    box.inGroup();

    assertEquals(ENDS, retirement.end("idle"));
    assertEquals(List.of("membership", "endInGroup"), box.calls());
  }

  @Test
  void at_the_minimum_it_stays_and_tries_again_in_minutes() throws Exception {
    box.inGroup().atMinimum(true);

    assertEquals(Duration.ofMinutes(5), stays(retirement.end("idle")));
    assertTrue(retirement.isKept());
    assertEquals(0, box.count("end "));
  }

  @Test
  void a_missing_right_keeps_it_for_an_hour_and_nothing_else_is_tried() throws Exception {
    box.inGroup().fail("endInGroup", -1, "AccessDenied");

    assertEquals(Duration.ofHours(1), stays(retirement.end("idle")));
    assertEquals(List.of("membership", "endInGroup"), box.calls());
  }

  @Test
  void termination_protection_keeps_it_for_an_hour() throws Exception {
    box.fail("end", -1, "OperationNotPermitted");

    assertEquals(Duration.ofHours(1), stays(retirement.end("idle")));
  }

  @Test
  void calls_that_are_throttled_are_made_again() throws Exception {
    box.fail("membership", 2, "Throttling");
    box.fail("end", 3, "RequestLimitExceeded");

    assertEquals(ENDS, retirement.end("idle"));
    assertEquals(4, box.count("end"));
  }

  @Test
  void an_api_that_is_away_keeps_it_for_minutes_only() throws Exception {
    box.fail("end", -1, "ServiceUnavailable");

    assertEquals(Duration.ofMinutes(5), stays(retirement.end("idle")));
  }

  @Test
  void a_call_that_fails_is_told_by_its_own_name() throws Exception {
    box.inGroup().fail("membership", -1, "ServiceUnavailable");
    assertTrue(why(retirement.end("idle")).startsWith("DescribeAutoScalingInstances failed: "));

    box.heal("membership");
    box.fail("endInGroup", -1, "ServiceUnavailable");
    String inGroup = why(retirement.end("idle"));
    assertTrue(inGroup.startsWith("TerminateInstanceInAutoScalingGroup failed: "), inGroup);

    box.fail("membership", -1, "ServiceUnavailable");
    assertTrue(why(retirement.end("idle")).startsWith("DescribeAutoScalingInstances failed: "));
  }

  private static String why(Retirement.Result result) {
    return assertInstanceOf(Retirement.Result.Stays.class, result).why();
  }

  @Test
  void without_the_right_to_ask_instance_metadata_tells_of_the_group() throws Exception {
    box.fail("membership", -1, "AccessDenied");
    assertEquals(ENDS, retirement.end("idle"));
    assertEquals(1, box.count("end"));
    assertEquals(0, box.count("endInGroup"));

    retirement.isOver();
    box.inGroup();
    notices.state = "InService";
    assertEquals(ENDS, retirement.end("idle"));
    assertEquals(1, box.count("endInGroup"));
  }

  @Test
  void an_instance_that_ends_is_not_ended_again_until_it_has_come_back() throws Exception {
    assertEquals(ENDS, retirement.end("idle"));
    assertEquals(ENDS, retirement.end("rebalance recommendation"));
    assertEquals(1, box.count("end"));

    retirement.isOver();
    assertEquals(ENDS, retirement.end("idle"));
    assertEquals(2, box.count("end"));
  }

  @Test
  void in_doubt_it_is_taken_for_a_member_and_if_it_is_none_ec2_ends_it() throws Exception {
    box.fail("membership", -1, "AccessDenied");
    notices.away = true;

    assertEquals(ENDS, retirement.end("idle"));

    assertEquals(List.of("membership", "endInGroup", "end"), box.calls());
  }

  @Test
  void what_cannot_be_asked_beforehand_is_left_to_the_call() throws Exception {
    box.inGroup().fail("isAtMinimum", -1, "AccessDenied");

    assertFalse(retirement.isKept());
  }
}
