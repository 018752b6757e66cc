package com.amazonaws.jobprocessor.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class DrainDeadlineTest {
  @Test
  void it_can_be_brought_forward_but_not_put_off() {
    DrainDeadline deadline = DrainDeadline.judging(100);

    deadline.bringForward(DrainDeadline.judging(200));
    assertEquals(100, deadline.at());
    deadline.bringForward(DrainDeadline.judging(50));
    assertEquals(50, deadline.at());
  }

  @Test
  void clocks_that_wrap_do_not_confuse_it() {
    DrainDeadline deadline = DrainDeadline.patient(Long.MIN_VALUE + 5);

    deadline.bringForward(DrainDeadline.patient(Long.MAX_VALUE - 5));

    assertEquals(Long.MAX_VALUE - 5, deadline.at());
  }

  @Test
  void a_notice_makes_a_patient_drain_judge_and_a_stop_makes_no_judging_one_patient() {
    DrainDeadline stop = DrainDeadline.patient(100);
    stop.bringForward(DrainDeadline.judging(500));
    assertEquals(new DrainDeadline.Terms(100, true), stop.terms());

    DrainDeadline notice = DrainDeadline.judging(100);
    notice.bringForward(DrainDeadline.patient(50));
    assertEquals(new DrainDeadline.Terms(50, true), notice.terms());
  }

  @Test
  void what_changes_nothing_leaves_the_terms_as_they_are() {
    DrainDeadline deadline = DrainDeadline.judging(100);
    DrainDeadline.Terms before = deadline.terms();

    deadline.bringForward(DrainDeadline.patient(300));

    assertSame(before, deadline.terms());
  }
}
