package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;

/** One line for people: what to do about what costs most. */
public final class Advice {
  private static final BigDecimal MUCH_IDLE = new BigDecimal("0.3");

  private Advice() {}

  /** Advice on the kind of items that dominates the bill of the workload. */
  public static String on(Bill bill, Workload workload) {
    return bill.dominant()
        .map(
            kind ->
                switch (kind) {
                  case COMPUTE -> onCompute(workload.pace());
                  case REQUESTS -> onRequests(bill.dearest(kind).orElseThrow(), workload);
                  case TABLE -> onTable(workload);
                  case BUCKET -> onBucket(bill.dearest(kind).orElseThrow());
                  case TRANSFER -> onTransfer(bill.dearest(kind).orElseThrow());
                })
        .orElse("nothing costs anything");
  }

  private static String onCompute(Workload.Pace pace) {
    return pace.idleShare().compareTo(MUCH_IDLE) >= 0
        ? "boxes are paid while they are idle: run fewer, or let the group shrink with the backlog"
        : "a job pays for its share of a box: more slots if jobs wait rather than compute, Graviton,"
            + " spot, quicker jobs";
  }

  private static String onRequests(Item dearest, Workload workload) {
    Workload.Messages messages = workload.messages();
    return switch (dearest) {
      case IDLE ->
          "empty receives of idle boxes: run fewer, or let the group shrink with the backlog";
      case RENEW ->
          "leases are renewed each expected_job_execution_time_in_secs: set it nearer to what jobs take";
      case RECEIVE, SUBMIT ->
          isChunked(messages.payloadBytes(), messages.packs().jobs(), workload.batches().receive())
              ? "each 64 KiB of payload are a request: compress, or keep payloads in S3 and send names"
              : fuller(workload);
      case SEND, COLLECT ->
          isChunked(messages.resultBytes(), messages.packs().results(), workload.batches().send())
              ? "each 64 KiB of result are a request: compress, or keep results in S3 and send names"
              : fuller(workload);
      default -> fuller(workload);
    };
  }

  /**
   * True if bytes are paid for: ten messages would be more than one chunk, or the packs of one
   * request are.
   */
  private static boolean isChunked(long bytes, BigDecimal packed, BigDecimal fill) {
    boolean isPacked = packed.compareTo(BigDecimal.ONE) > 0;
    BigDecimal messages = isPacked ? packed.multiply(fill) : Workload.Batches.FULL;
    return messages.multiply(BigDecimal.valueOf(bytes)).longValue() > Chunks.BYTES
        && bytes <= Workload.LARGEST_MESSAGE;
  }

  private static String fuller(Workload workload) {
    Workload.Batches batches = workload.batches();
    Workload.Messages messages = workload.messages();
    BigDecimal emptiest = batches.receive().min(batches.send()).min(batches.delete());
    String packs =
        messages.fifo() || !messages.packs().areNone()
            ? ""
            : "; short jobs can share a message: submit --pack";
    return emptiest.compareTo(Workload.Batches.FULL) < 0
        ? "requests carry few messages: jobs that end together share them, so more slots a box help,"
            + " up to ten messages a request"
            + packs
        : "requests are as full as they can be"
            + (packs.isEmpty() ? ": queues do not get cheaper than that" : packs);
  }

  private static String onTable(Workload workload) {
    Workload.Stores stores = workload.stores();
    return stores.recordBytes() + workload.messages().resultBytes() > 1024
        ? "a write costs by the begun KB and the last one carries the result: keep results short"
        : "two writes are what it costs to run each job once: leave the table out where a second run"
            + " does no harm";
  }

  private static String onBucket(Item dearest) {
    return dearest == Item.OBJECTS
        ? "objects are kept: read results soon, and let the bucket's lifecycle rule delete what is left"
        : "each object is a PUT: only what is over 1 MiB has to travel by way of S3";
  }

  private static String onTransfer(Item dearest) {
    return dearest == Item.NAT
        ? "a NAT gateway is paid by the GB: gateway endpoints for S3 and DynamoDB cost nothing, boxes"
            + " in a public subnet need none"
        : "bytes that leave AWS are paid by the GB: keep clients in the region";
  }
}
