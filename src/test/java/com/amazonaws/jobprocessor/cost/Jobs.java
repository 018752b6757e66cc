package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;

/**
 * A workload under construction: small messages, full batches, jobs of a second, two at a time on a
 * box that is never idle, nothing but queues, no clients.
 */
final class Jobs {
  long payloadBytes = 1_000;
  long resultBytes = 500;
  BigDecimal jobsPerMessage = BigDecimal.ONE;
  BigDecimal resultsPerMessage = BigDecimal.ONE;
  boolean fifo;
  BigDecimal seconds = BigDecimal.ONE;
  BigDecimal expectedSeconds = BigDecimal.valueOf(30);
  int slots = 2;
  BigDecimal idle = BigDecimal.ZERO;
  BigDecimal receiveFill = BigDecimal.TEN;
  BigDecimal sendFill = BigDecimal.TEN;
  BigDecimal deleteFill = BigDecimal.TEN;
  BigDecimal clientFill = BigDecimal.TEN;
  boolean table;
  long recordBytes = 480;
  BigDecimal bucketShare = BigDecimal.ZERO;
  long objectBytes = 1 << 20;
  BigDecimal objectHours = BigDecimal.ONE;
  BigDecimal natGb = BigDecimal.ZERO;
  BigDecimal egressGb = BigDecimal.ZERO;
  boolean clients;
  BigDecimal hour = new BigDecimal("0.09");
  int diskGb;
  boolean publicAddress;

  Workload workload() {
    return new Workload(
        new Workload.Messages(
            payloadBytes, resultBytes, fifo, new Packs(jobsPerMessage, resultsPerMessage)),
        new Workload.Pace(seconds, expectedSeconds, slots, idle),
        new Workload.Batches(receiveFill, sendFill, deleteFill, clientFill),
        new Workload.Stores(table, recordBytes, bucketShare, objectBytes, objectHours),
        new Workload.Traffic(natGb, egressGb),
        clients);
  }

  Bill bill() {
    Tariff.Box box = new Tariff.Box(hour, diskGb, publicAddress);
    return Bill.of(Forecast.of(workload()), new Tariff(PriceFiles.builtIn(), fifo, box));
  }

  /** Dollars of a million jobs for one item, to so many places. */
  String dollars(Item item, int places) {
    return bill().lines().stream()
        .filter(line -> line.item() == item)
        .map(line -> line.cost().rounded(places))
        .findFirst()
        .orElse("none");
  }

  /** What a million jobs take of one item. */
  BigDecimal quantity(Item item) {
    return Forecast.of(workload()).of(item);
  }
}
