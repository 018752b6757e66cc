package com.amazonaws.jobprocessor.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

/** Figures by hand; prices are those of the file: $0.40, $0.50, $0.625, ... a million. */
class ForecastTest {
  private static final int KIB = 1024;

  private final Jobs jobs = new Jobs();

  private void assertQuantity(String expected, Item item) {
    BigDecimal quantity = jobs.quantity(item);
    assertEquals(0, new BigDecimal(expected).compareTo(quantity), item + ": " + quantity);
  }

  @Test
  void a_worker_with_full_batches_makes_three_tenths_of_a_request_a_job() {
    assertQuantity("100000", Item.RECEIVE);
    assertQuantity("100000", Item.SEND);
    assertQuantity("100000", Item.DELETE);
    assertEquals("0.12", jobs.bill().total(Item.Kind.REQUESTS).rounded(2));
    assertEquals("none", jobs.dollars(Item.SUBMIT, 2));
  }

  @Test
  void clients_submit_receive_and_delete() {
    jobs.clients = true;
    assertQuantity("100000", Item.SUBMIT);
    assertQuantity("200000", Item.COLLECT);
    assertEquals("0.24", jobs.bill().total(Item.Kind.REQUESTS).rounded(2));
  }

  @Test
  void fifo_queues_cost_a_quarter_more() {
    jobs.fifo = true;
    assertEquals("0.15", jobs.bill().total(Item.Kind.REQUESTS).rounded(2));
  }

  @Test
  void without_batches_three_requests_a_job() {
    jobs.receiveFill = jobs.sendFill = jobs.deleteFill = BigDecimal.ONE;
    assertEquals("1.20", jobs.bill().total(Item.Kind.REQUESTS).rounded(2));
  }

  @Test
  void payload_and_result_are_billed_by_chunks_where_they_are_carried() {
    jobs.clients = true;
    jobs.payloadBytes = 64 * KIB;
    assertQuantity("1000000", Item.RECEIVE);
    assertQuantity("1000000", Item.SUBMIT);
    jobs.payloadBytes = 64 * KIB + 1;
    assertQuantity("1100000", Item.RECEIVE);
    assertQuantity("100000", Item.SEND);
    assertQuantity("100000", Item.DELETE);
    jobs.receiveFill = BigDecimal.ONE;
    assertQuantity("2000000", Item.RECEIVE);
    jobs.resultBytes = 64 * KIB + 1;
    assertQuantity("1100000", Item.SEND);
    assertQuantity("1200000", Item.COLLECT); // chunks of the receive, and the delete
  }

  @Test
  void a_sent_batch_is_no_larger_than_a_message_may_be() {
    jobs.resultBytes = 300 * KIB; // three to a batch: 900 KiB are fifteen chunks
    assertQuantity("5000000", Item.SEND);
    jobs.payloadBytes = 300 * KIB; // ten to a receive: 3,000 KiB are 47 chunks
    assertQuantity("4700000", Item.RECEIVE);
  }

  @Test
  void compute_is_the_price_of_an_hour_by_slots_and_by_the_share_that_is_not_idle() {
    assertEquals("12.5000", jobs.dollars(Item.INSTANCE, 4)); // 500,000 s at $0.09 an hour
    jobs.idle = new BigDecimal("0.9");
    assertEquals("125.0000", jobs.dollars(Item.INSTANCE, 4));
    jobs.slots = 20;
    assertEquals("12.5000", jobs.dollars(Item.INSTANCE, 4));
  }

  @Test
  void disk_and_address_are_paid_as_long_as_the_box() {
    jobs.diskGb = 8;
    jobs.publicAddress = true;
    assertEquals("0.1218", jobs.dollars(Item.DISK, 4)); // 138.89 h of 8 GB at $0.08 for 730 h
    assertEquals("0.6944", jobs.dollars(Item.ADDRESS, 4)); // 138.89 h at $0.005
    jobs.publicAddress = false;
    assertEquals("0.0000", jobs.dollars(Item.ADDRESS, 4));
  }

  @Test
  void an_idle_box_polls_three_times_a_minute() {
    assertEquals("none", jobs.dollars(Item.IDLE, 2));
    jobs.idle = new BigDecimal("0.9");
    assertQuantity("225000", Item.IDLE); // 4.5 idle seconds a job
    assertEquals("0.09", jobs.dollars(Item.IDLE, 2));
  }

  @Test
  void leases_are_renewed_whenever_half_of_them_is_over_and_the_job_still_runs() {
    jobs.seconds = BigDecimal.valueOf(30);
    assertQuantity("0", Item.RENEW);
    jobs.seconds = new BigDecimal("30.001");
    assertQuantity("100000", Item.RENEW);
    jobs.seconds = BigDecimal.valueOf(60);
    assertQuantity("100000", Item.RENEW);
    jobs.seconds = BigDecimal.valueOf(61);
    assertQuantity("200000", Item.RENEW);
    jobs.receiveFill = BigDecimal.ONE;
    assertQuantity("2000000", Item.RENEW);
  }

  @Test
  void a_job_that_succeeds_at_once_costs_two_writes_and_no_read() {
    assertEquals("none", jobs.dollars(Item.TABLE_WRITES, 4));
    jobs.table = true; // 480 + 500 bytes
    assertQuantity("2000000", Item.TABLE_WRITES);
    assertEquals("1.2500", jobs.dollars(Item.TABLE_WRITES, 4));
  }

  @Test
  void the_last_write_is_billed_by_the_begun_kb_with_the_result() {
    jobs.table = true;
    jobs.resultBytes = 1024 - 480;
    assertQuantity("2000000", Item.TABLE_WRITES);
    jobs.resultBytes = 1024 - 480 + 1;
    assertQuantity("3000000", Item.TABLE_WRITES);
    assertEquals("1.8750", jobs.dollars(Item.TABLE_WRITES, 4));
    jobs.resultBytes = 350_000; // 350,480 bytes are 343 units, and one for the claim
    assertQuantity("344000000", Item.TABLE_WRITES);
    jobs.resultBytes = 350_001; // not in the record
    assertQuantity("2000000", Item.TABLE_WRITES);
  }

  @Test
  void a_long_job_writes_once_more_for_each_renewal() {
    jobs.table = true;
    jobs.seconds = BigDecimal.valueOf(95);
    assertQuantity("5000000", Item.TABLE_WRITES);
    assertEquals("3.1250", jobs.dollars(Item.TABLE_WRITES, 4));
  }

  @Test
  void records_are_kept_for_15_days() {
    jobs.table = true; // 1,080 bytes with DynamoDB's own; 360 of 730 hours; $0.25
    assertEquals("0.1240", jobs.dollars(Item.TABLE_STORAGE, 4));
  }

  @Test
  void what_goes_by_way_of_s3_is_put_fetched_and_deleted_once() {
    jobs.clients = true;
    jobs.bucketShare = new BigDecimal("0.5");
    assertQuantity("1000000", Item.PUT);
    assertQuantity("1000000", Item.GET);
    assertQuantity("1000000", Item.REMOVE);
    assertEquals("5.0000", jobs.dollars(Item.PUT, 4));
    assertEquals("0.4000", jobs.dollars(Item.GET, 4));
    assertEquals("0.0000", jobs.dollars(Item.REMOVE, 4));
    assertEquals("0.0308", jobs.dollars(Item.OBJECTS, 4)); // a MiB a job for an hour
    jobs.clients = false;
    assertQuantity("500000", Item.PUT);
    assertQuantity("500000", Item.GET);
    assertQuantity("500000", Item.REMOVE);
    jobs.table = true; // its record has a copy of the result
    assertQuantity("1000000", Item.PUT);
  }

  /** Nobody deletes it but the bucket's lifecycle rule. */
  @Test
  void a_records_copy_of_a_large_result_is_kept_for_thirty_days() {
    jobs.table = true;
    jobs.resultBytes = 64L * 1024 * KIB;
    assertQuantity("2000000", Item.PUT);
    // 62,500 GiB for an hour, and for 720 of the month's 730
    assertEquals(
        "61729.45", jobs.quantity(Item.OBJECTS).setScale(2, RoundingMode.HALF_UP).toString());
    jobs.payloadBytes = Workload.LARGEST_MESSAGE + 1;
    jobs.resultBytes = 350_001; // fits its message, and no record
    assertQuantity("1000000", Item.PUT);
    jobs.resultBytes = 350_000;
    assertQuantity("0", Item.PUT);
  }

  @Test
  void what_fits_no_message_goes_by_way_of_s3_and_its_pointer_is_small() {
    jobs.payloadBytes = Workload.LARGEST_MESSAGE;
    assertEquals("none", jobs.dollars(Item.GET, 2));
    assertQuantity("16000000", Item.RECEIVE);
    jobs.payloadBytes = Workload.LARGEST_MESSAGE + 1;
    assertQuantity("1000000", Item.GET);
    assertQuantity("0", Item.PUT);
    assertQuantity("100000", Item.RECEIVE);
  }

  @Test
  void transfer_is_paid_by_the_gb() {
    jobs.natGb = BigDecimal.TEN;
    jobs.egressGb = BigDecimal.TEN;
    assertEquals("0.45", jobs.dollars(Item.NAT, 2));
    assertEquals("0.90", jobs.dollars(Item.EGRESS, 2));
  }

  @Test
  void a_busy_worker_is_expected_to_fill_batches_as_far_as_jobs_end_together() {
    Workload.Batches slow = Workload.Batches.expected(jobs.workload().pace(), false, Packs.NONE);
    assertFill("1", slow.receive()); // two jobs a second
    assertFill("1", slow.send());
    assertFill("1.2", slow.delete());
    jobs.seconds = new BigDecimal("0.01");
    jobs.slots = 4;
    Workload.Batches quick = Workload.Batches.expected(jobs.workload().pace(), false, Packs.NONE);
    assertFill("10", quick.receive()); // 400 a second
    assertFill("4", quick.send());
    assertFill("10", quick.delete());
    assertFill("4", Workload.Batches.expected(jobs.workload().pace(), true, Packs.NONE).delete());
  }

  private void pack(int jobsPerMessage, int resultsPerMessage) {
    jobs.jobsPerMessage = BigDecimal.valueOf(jobsPerMessage);
    jobs.resultsPerMessage = BigDecimal.valueOf(resultsPerMessage);
  }

  @Test
  void requests_fall_by_the_size_of_packs() {
    jobs.payloadBytes = jobs.resultBytes = 100;
    jobs.clients = true;
    pack(10, 10);
    assertQuantity("10000", Item.RECEIVE);
    assertQuantity("10000", Item.SEND);
    assertQuantity("10000", Item.DELETE);
    assertQuantity("10000", Item.SUBMIT);
    assertQuantity("20000", Item.COLLECT);
    jobs.clients = false;
    assertEquals("0.012", jobs.bill().total(Item.Kind.REQUESTS).rounded(3));
    pack(10, 1); // which leaves a tenth of a request a job
    assertQuantity("100000", Item.SEND);
    assertEquals("0.048", jobs.bill().total(Item.Kind.REQUESTS).rounded(3));
  }

  @Test
  void the_bytes_of_packs_are_billed_by_chunks() {
    jobs.payloadBytes = jobs.resultBytes = 1_000;
    pack(100, 64); // 101,551 and 64,051 bytes; ten of them are sixteen and ten chunks
    assertQuantity("16000", Item.RECEIVE);
    jobs.sendFill = BigDecimal.ONE;
    assertQuantity("15625", Item.SEND);
    assertQuantity("1000", Item.DELETE);
  }

  @Test
  void a_pack_is_no_larger_than_a_message_and_one_of_results_no_larger_than_a_chunk() {
    jobs.payloadBytes = 100_000; // ten fit
    jobs.resultBytes = 10_000; // six fit
    jobs.deleteFill = jobs.sendFill = BigDecimal.ONE;
    pack(1_000, 1_000);
    assertQuantity("100000", Item.DELETE);
    assertEquals(166_667, Math.round(jobs.quantity(Item.SEND).doubleValue()));
  }

  @Test
  void a_packs_lease_is_renewed_for_as_long_as_its_jobs_take() {
    pack(100, 1); // 50 s of two slots
    assertQuantity("1000", Item.RENEW);
    pack(60, 1);
    assertQuantity("0", Item.RENEW);
    jobs.seconds = BigDecimal.valueOf(61);
    pack(2, 1);
    jobs.slots = 64;
    assertQuantity("100000", Item.RENEW); // twice for two jobs, ten messages a request
  }

  @Test
  void packs_are_expected_to_fill_batches_as_messages_do() {
    jobs.seconds = new BigDecimal("0.001"); // 2,000 a second
    Workload.Pace pace = jobs.workload().pace();
    Packs packs = Packs.expected(BigDecimal.valueOf(100), pace);
    assertFill("20", packs.results());
    Workload.Batches batches = Workload.Batches.expected(pace, false, packs);
    assertFill("5", batches.receive()); // 500 jobs in 250 ms
    assertFill("1", batches.send());
    assertFill("3", batches.delete());
  }

  @Test
  void what_is_in_no_pack_is_refused() {
    pack(2, 1);
    jobs.fifo = true;
    assertThrows(IllegalArgumentException.class, jobs::workload);
    jobs.fifo = false;
    jobs.bucketShare = new BigDecimal("0.1");
    assertThrows(IllegalArgumentException.class, jobs::workload);
  }

  private static void assertFill(String expected, BigDecimal fill) {
    assertEquals(0, new BigDecimal(expected).compareTo(fill), fill::toString);
  }
}
