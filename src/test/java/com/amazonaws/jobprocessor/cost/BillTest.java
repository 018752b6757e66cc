package com.amazonaws.jobprocessor.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.cost.Item.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BillTest {
  private final Jobs jobs = new Jobs();

  private static Bill bill(Usage usage) {
    return Bill.of(usage, new Tariff(PriceFiles.builtIn(), false, Tariff.NO_BOX));
  }

  @Test
  void only_what_was_used_is_on_the_bill_in_the_order_of_the_items() {
    Bill bill =
        bill(
            Usage.NONE
                .plus(Item.DELETE, 2_000_000)
                .plus(Item.RECEIVE, 1_000_000)
                .plus(Item.NAT, 0));

    assertEquals(
        List.of(Item.RECEIVE, Item.DELETE), bill.lines().stream().map(Bill.Line::item).toList());
    assertEquals("1.2", bill.total().significant(9));
    assertEquals("66.7", new Usd(bill.percent(bill.lines().getLast().cost())).rounded(1));
    assertEquals(Optional.of(Kind.REQUESTS), bill.dominant());
  }

  @Test
  void lookups_of_fifo_queues_cost_as_those_of_standard_ones() {
    Usage usage = Usage.NONE.plus(Item.OTHER, 1_000_000).plus(Item.SEND, 1_000_000);
    Bill bill = Bill.of(usage, new Tariff(PriceFiles.builtIn(), true, Tariff.NO_BOX));

    assertEquals("0.9", bill.total().significant(9));
  }

  @Test
  void nothing_costs_nothing_and_nothing_dominates() {
    assertEquals(Optional.empty(), bill(Usage.NONE).dominant());
    assertEquals(0, bill(Usage.NONE).percent(Usd.ZERO).signum());
    assertEquals("0", bill(Usage.NONE).total().significant(3));
    assertEquals("nothing costs anything", Advice.on(bill(Usage.NONE), jobs.workload()));
  }

  @Test
  void a_sum_is_exact_however_long_it_is() {
    Usage usage = Usage.NONE;
    for (int i = 0; i < 1_000; i++) {
      usage = usage.plus(Item.TABLE_WRITES, 1);
    }
    assertEquals("0.000625", bill(usage).total().significant(30));
    assertEquals("0.000000625", bill(Usage.NONE.plus(Item.TABLE_WRITES, 1)).total().rounded(9));
  }

  @Test
  void an_amount_is_rounded_half_up_when_it_is_shown_and_not_before() {
    assertEquals("0.13", Usd.of("0.125").rounded(2));
    assertEquals("0.25", Usd.of("0.125").plus(Usd.of("0.125")).rounded(2));
    assertEquals("0.0000124", Usd.of("0.00001236").significant(3));
    assertEquals("1240", Usd.of("1236").significant(3));
    assertEquals("0.3333", Usd.of("1").dividedBy(3).significant(4));
  }

  private String advice() {
    return jobs.bill().dominant().orElseThrow() + ": " + Advice.on(jobs.bill(), jobs.workload());
  }

  private void assertAdvice(String kind, String word) {
    assertTrue(advice().startsWith(kind + ": ") && advice().contains(word), advice());
  }

  @Test
  void advice_fits_what_dominates() {
    assertAdvice("COMPUTE", "Graviton");
    jobs.idle = new BigDecimal("0.5");
    assertAdvice("COMPUTE", "idle");
    jobs.hour = BigDecimal.ZERO;
    jobs.sendFill = BigDecimal.ONE;
    assertAdvice("REQUESTS", "more slots a box");
    jobs.sendFill = BigDecimal.TEN;
    assertAdvice("REQUESTS", "as full as they can be; short jobs can share a message");
    jobs.jobsPerMessage = BigDecimal.TEN;
    assertAdvice("REQUESTS", "as full as they can be: queues do not get cheaper");
    jobs.jobsPerMessage = BigDecimal.ONE;
    jobs.idle = new BigDecimal("0.9");
    jobs.seconds = BigDecimal.TEN;
    assertAdvice("REQUESTS", "empty receives");
    jobs.idle = BigDecimal.ZERO;
    jobs.seconds = BigDecimal.valueOf(1_000);
    assertAdvice("REQUESTS", "expected_job_execution_time_in_secs");
    jobs.seconds = BigDecimal.ONE;
    jobs.payloadBytes = 500_000;
    assertAdvice("REQUESTS", "64 KiB of payload");
    jobs.payloadBytes = 1_000;
    jobs.resultBytes = 300_000;
    assertAdvice("REQUESTS", "64 KiB of result");
    jobs.table = true;
    assertAdvice("TABLE", "begun KB");
    jobs.resultBytes = 10;
    assertAdvice("TABLE", "second run");
    jobs.bucketShare = BigDecimal.ONE;
    assertAdvice("BUCKET", "lifecycle"); // the records' copies
    jobs.table = false;
    assertAdvice("BUCKET", "PUT");
    jobs.objectHours = BigDecimal.valueOf(8_760);
    assertAdvice("BUCKET", "lifecycle");
    jobs.egressGb = BigDecimal.valueOf(1_000_000);
    assertAdvice("TRANSFER", "clients in the region");
    jobs.natGb = BigDecimal.valueOf(10_000_000);
    assertAdvice("TRANSFER", "gateway endpoints");
  }

  private void assertRefused(String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, jobs::bill).getMessage());
  }

  @Test
  void inputs_out_of_range_are_refused_in_words() {
    jobs.payloadBytes = 0;
    assertRefused("bytes of a payload: 1 to 67108864, not 0");
    jobs.payloadBytes = 1;
    jobs.idle = BigDecimal.ONE;
    assertRefused("idle share: 0 to 0.99, not 1");
    jobs.idle = BigDecimal.ZERO;
    jobs.seconds = BigDecimal.ZERO;
    assertRefused("seconds of a job: 0.0001 to 43140, not 0");
    jobs.seconds = BigDecimal.ONE;
    jobs.sendFill = new BigDecimal("10.1");
    assertRefused("messages a send: 1 to 10, not 10.1");
    jobs.sendFill = BigDecimal.ONE;
    jobs.slots = 1_001;
    assertRefused("slots: 1 to 1000, not 1001");
    jobs.slots = 1;
    jobs.diskGb = -1;
    assertRefused("GB of the disk: 0 to 65536, not -1");
  }
}
