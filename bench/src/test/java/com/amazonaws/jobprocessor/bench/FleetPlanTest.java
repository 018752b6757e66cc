package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetPlanTest {
  @Test
  void a_slot_has_jobs_for_so_many_seconds_and_one_at_least() {
    FleetPlan plan = FleetPlan.read(Map.of("millis", "10,1000", "seconds", "5"));

    assertEquals(500, plan.perSlot(10, 16));
    assertEquals(5, plan.perSlot(1_000, 16));
    assertEquals(1, plan.perSlot(10_000, 16));
  }

  @Test
  void jobs_that_do_not_sleep_are_so_many_for_the_whole_fleet() {
    FleetPlan plan = FleetPlan.read(Map.of());

    assertEquals(20_000, plan.perSlot(0, 1));
    assertEquals(1_250, plan.perSlot(0, 16));
  }

  @Test
  void numbers_are_taken_once_each_in_their_order() {
    FleetPlan plan =
        FleetPlan.read(Map.of("workers", "4,1,4,2", "millis", "10,0", "chart", "x.svg"));

    assertEquals(List.of(1, 2, 4), plan.workers());
    assertEquals(List.of(0, 10), plan.millis());
    assertEquals(Path.of("x.svg"), plan.chart());
    assertNull(FleetPlan.read(Map.of()).chart());
  }
}
