package com.amazonaws.jobprocessor.cost;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** More of anything never costs less, in whatever surroundings. */
class MonotonyTest {
  private static final int SEEDS = 60;

  private Random random = new Random(1);

  private static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(Math.round(value * 1_000), 3);
  }

  private BigDecimal between(double least, double most) {
    return decimal(least + random.nextDouble() * (most - least));
  }

  /** Sizes of all magnitudes up to the given one. */
  private long bytes(long most) {
    return Math.clamp((long) Math.exp(random.nextDouble() * Math.log((double) most)), 1, most);
  }

  private Jobs any(long seed) {
    random = new Random(seed);
    Jobs jobs = new Jobs();
    jobs.payloadBytes = bytes(Workload.LARGEST_MESSAGE);
    jobs.resultBytes = bytes(350_000); // larger ones are not recorded, which is cheaper
    jobs.fifo = random.nextBoolean();
    jobs.seconds = between(0.001, 300);
    jobs.expectedSeconds = between(1, 100);
    jobs.slots = 1 + random.nextInt(64);
    jobs.idle = between(0, 0.95);
    jobs.receiveFill = between(1, 10);
    jobs.sendFill = between(1, 10);
    jobs.deleteFill = between(1, 10);
    jobs.clientFill = between(1, 10);
    jobs.table = random.nextBoolean();
    jobs.recordBytes = bytes(3_000);
    jobs.bucketShare = random.nextBoolean() ? BigDecimal.ZERO : between(0, 1);
    jobs.objectBytes = bytes(1 << 24);
    jobs.objectHours = between(0, 100);
    jobs.natGb = between(0, 10);
    jobs.egressGb = between(0, 10);
    jobs.clients = random.nextBoolean();
    jobs.hour = between(0, 2);
    jobs.diskGb = random.nextInt(100);
    jobs.publicAddress = random.nextBoolean();
    return jobs;
  }

  /**
   * Makes no bill smaller by the change, and some larger.
   *
   * @param first what is common to the jobs before and after
   */
  private void assertDearer(String what, Consumer<Jobs> first, Consumer<Jobs> change) {
    int dearer = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Jobs jobs = any(seed);
      first.accept(jobs);
      Usd before = jobs.bill().total();
      change.accept(jobs);
      Usd after = jobs.bill().total();
      long shown = seed;
      assertTrue(
          after.compareTo(before) >= 0,
          () -> what + ", seed " + shown + ": " + before + " to " + after);
      dearer += after.compareTo(before) > 0 ? 1 : 0;
    }
    assertTrue(dearer > 0, what + " does not matter");
  }

  private void assertDearer(String what, Consumer<Jobs> change) {
    assertDearer(what, _ -> {}, change);
  }

  private BigDecimal factor() {
    return between(1, 3);
  }

  @Test
  void more_to_do_never_costs_less() {
    assertDearer(
        "payload", j -> j.payloadBytes = Math.min(Workload.LARGEST_MESSAGE, j.payloadBytes * 2));
    assertDearer("result", j -> j.resultBytes = Math.min(350_000, j.resultBytes * 2));
    assertDearer("seconds", j -> j.seconds = j.seconds.multiply(factor()));
    assertDearer("record", j -> j.recordBytes *= 2);
    assertDearer("object", j -> j.objectBytes *= 2);
    assertDearer("object hours", j -> j.objectHours = j.objectHours.multiply(factor()));
    assertDearer("NAT", j -> j.natGb = j.natGb.multiply(factor()));
    assertDearer("egress", j -> j.egressGb = j.egressGb.multiply(factor()));
  }

  @Test
  void dearer_or_emptier_boxes_never_cost_less() {
    assertDearer("idle", j -> j.idle = j.idle.add(decimal(0.99)).divide(BigDecimal.TWO));
    assertDearer("slots", j -> j.slots = Math.max(1, j.slots / 2));
    assertDearer("hour", j -> j.hour = j.hour.multiply(factor()));
    assertDearer("disk", j -> j.diskGb *= 2);
    assertDearer("address", j -> j.publicAddress = true);
    assertDearer(
        "lease",
        j ->
            j.expectedSeconds = j.expectedSeconds.divide(factor(), Usd.DIGITS).max(BigDecimal.ONE));
  }

  @Test
  void more_services_never_cost_less() {
    assertDearer("FIFO", j -> j.fifo = true);
    assertDearer("table", j -> j.table = true);
    assertDearer("clients", j -> j.clients = true);
  }

  private BigDecimal emptier(BigDecimal fill) {
    return fill.divide(factor(), Usd.DIGITS).max(BigDecimal.ONE);
  }

  /** For messages of which ten make no chunk: larger ones can fill chunks badly. */
  @Test
  void emptier_batches_never_cost_less() {
    Consumer<Jobs> small =
        j -> {
          j.payloadBytes = Math.min(j.payloadBytes, 6_500);
          j.resultBytes = Math.min(j.resultBytes, 6_500);
        };
    assertDearer("receive", small, j -> j.receiveFill = emptier(j.receiveFill));
    assertDearer("send", small, j -> j.sendFill = emptier(j.sendFill));
    assertDearer("delete", small, j -> j.deleteFill = emptier(j.deleteFill));
    assertDearer("client", small, j -> j.clientFill = emptier(j.clientFill));
  }

  /** Without a table, which keeps no result that is in S3; a pointer is no smaller than these. */
  @Test
  void more_by_way_of_s3_never_costs_less() {
    assertDearer(
        "S3",
        j -> {
          j.table = false;
          j.payloadBytes = Math.min(j.payloadBytes, 300);
          j.resultBytes = Math.min(j.resultBytes, 300);
        },
        j -> j.bucketShare = j.bucketShare.add(BigDecimal.ONE).divide(BigDecimal.TWO));
  }
}
