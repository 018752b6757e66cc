package com.amazonaws.jobprocessor.boss.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Item.Kind;
import org.junit.jupiter.api.Test;

class WorkCostTest {
  private final WorkCost cost = new WorkCost(TestTerms.terms(), false);

  private static double dollars(Bill bill, Kind kind) {
    return bill.total(kind).amount().doubleValue();
  }

  @Test
  void boxes_are_paid_by_their_hours_with_disk_and_address() {
    Bill bill = cost.of(7_200, 0, 0);
    assertEquals(3, bill.lines().size());
    assertTrue(bill.lines().stream().allMatch(line -> line.quantity().doubleValue() == 2));
    // A dollar an hour, beside half a cent for an address and less for a disk.
    assertEquals(2.012, bill.total().amount().doubleValue(), 0.002);
    assertEquals(TestTerms.terms().cost(2, 3_600), bill.total(), "as the planner reckons");
  }

  @Test
  void a_million_tasks_cost_what_the_sample_client_says() {
    Bill bill = cost.of(0, 1_000_000, 2);
    // docs/cost.md: a receive, a send and a delete each at least, and the clients' tens.
    assertTrue(dollars(bill, Kind.REQUESTS) > 1.0 && dollars(bill, Kind.REQUESTS) < 1.4);
    assertEquals(0, dollars(bill, Kind.TABLE));
    assertEquals(
        dollars(bill, Kind.REQUESTS) / 2, dollars(cost.of(0, 500_000, 2), Kind.REQUESTS), 1e-9);
  }

  @Test
  void short_tasks_share_messages_and_a_job_table_is_paid_for() {
    double single = dollars(cost.of(0, 1_000_000, 2), Kind.REQUESTS);
    double packed = dollars(cost.of(0, 1_000_000, 0.02), Kind.REQUESTS);
    assertTrue(packed < single / 2, packed + " of " + single);
    Bill table = new WorkCost(TestTerms.terms(), true).of(0, 1_000_000, 2);
    assertTrue(dollars(table, Kind.TABLE) > 1);
    assertTrue(table.lines().stream().anyMatch(line -> line.item() == Item.TABLE_WRITES));
  }

  @Test
  void nothing_costs_nothing_and_odd_times_are_no_failure() {
    assertTrue(cost.of(0, 0, 0).total().isZero());
    for (double seconds : new double[] {0, 1e-9, 0.33333333, 50_000, 1e9}) {
      assertTrue(cost.of(60, 10, seconds).total().amount().signum() > 0, "" + seconds);
    }
  }
}
