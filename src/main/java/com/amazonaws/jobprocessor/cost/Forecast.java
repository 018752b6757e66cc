package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a million jobs of a workload will use. */
public final class Forecast {
  /** Jobs of a forecast. */
  public static final int JOBS = 1_000_000;

  /** Larger results are not kept in the record. */
  private static final int LARGEST_RECORDED = 350_000;

  /** A pointer to an object, with its mark and the usual attributes. */
  private static final int POINTER_BYTES = 300;

  /** DynamoDB's own share of an item that is stored (developer guide, "item sizes"). */
  private static final int ITEM_OVERHEAD = 100;

  private static final int KB = 1024;
  private static final BigDecimal GB = BigDecimal.valueOf(1L << 30);

  /** As long as an object may be left behind by the bucket's lifecycle rule (docs/payloads.md). */
  private static final BigDecimal COPY_HOURS = BigDecimal.valueOf(30 * 24);

  private static final BigDecimal RECORD_HOURS = BigDecimal.valueOf(15 * 24);
  private static final BigDecimal IDLE_POLL_SECONDS = BigDecimal.valueOf(20);
  private static final BigDecimal HOUR = BigDecimal.valueOf(3_600);

  private final Workload workload;
  private final Travel payload;
  private final Travel result;

  private Forecast(Workload workload) {
    this.workload = workload;
    Workload.Messages messages = workload.messages();
    Packs packs = messages.packs();
    long in = messages.payloadBytes();
    long out = messages.resultBytes();
    this.payload = Travel.of(in, workload.stores()).packed(packs.jobs(), packs.bytesOfJobs(in));
    this.result =
        Travel.of(out, workload.stores()).packed(packs.results(), packs.bytesOfResults(out));
  }

  /**
   * How messages of one kind travel.
   *
   * @param inBucket the share that travels by way of S3
   * @param objectBytes of each of those
   * @param meanBytes of what is in the queue: messages and pointers
   * @param packed so many of the kind share a message
   */
  private record Travel(
      BigDecimal inBucket, long objectBytes, BigDecimal meanBytes, BigDecimal packed) {
    static Travel of(long bytes, Workload.Stores stores) {
      if (bytes > Workload.LARGEST_MESSAGE) {
        BigDecimal pointer = BigDecimal.valueOf(POINTER_BYTES);
        return new Travel(BigDecimal.ONE, bytes, pointer, BigDecimal.ONE);
      }
      BigDecimal share = stores.bucketShare();
      BigDecimal mean =
          share
              .multiply(BigDecimal.valueOf(POINTER_BYTES))
              .add(BigDecimal.ONE.subtract(share).multiply(BigDecimal.valueOf(bytes)));
      return new Travel(share, stores.objectBytes(), mean, BigDecimal.ONE);
    }

    /** So many together in messages of so many bytes. */
    Travel packed(BigDecimal many, BigDecimal bytes) {
      return many.compareTo(BigDecimal.ONE) == 0
          ? this
          : new Travel(inBucket, objectBytes, bytes, many);
    }

    /** Requests billed for each of them. */
    BigDecimal requests(BigDecimal messages) {
      return Chunks.aMessage(meanBytes, messages).divide(packed, Usd.DIGITS);
    }

    /** Requests for each of them that only name messages, each so many times. */
    BigDecimal named(BigDecimal times, BigDecimal messages) {
      return times.divide(messages.multiply(packed), Usd.DIGITS);
    }

    /** The same of what is sent: a whole batch is at most as large as one message may be. */
    BigDecimal sends(BigDecimal messages) {
      BigDecimal most =
          BigDecimal.valueOf(Workload.LARGEST_MESSAGE)
              .divide(meanBytes, Usd.DIGITS)
              .setScale(0, RoundingMode.FLOOR)
              .max(BigDecimal.ONE);
      return requests(messages.min(most));
    }
  }

  /** The usage of {@link #JOBS} jobs. */
  public static Usage of(Workload workload) {
    Forecast forecast = new Forecast(workload);
    Usage oneJob = forecast.addBox(forecast.addBucket(forecast.addTable(forecast.requests())));
    Workload.Traffic traffic = workload.traffic();
    return oneJob.times(JOBS).plus(Item.NAT, traffic.natGb()).plus(Item.EGRESS, traffic.egressGb());
  }

  private Usage requests() {
    Workload.Batches batches = workload.batches();
    Workload.Pace pace = workload.pace();
    Usage worker =
        Usage.NONE
            .plus(Item.RECEIVE, payload.requests(batches.receive()))
            .plus(Item.IDLE, pace.idleSeconds().divide(IDLE_POLL_SECONDS, Usd.DIGITS))
            .plus(
                Item.RENEW,
                payload.named(pace.renewals(workload.messages().packs()), batches.receive()))
            .plus(Item.SEND, result.sends(batches.send()))
            .plus(Item.DELETE, payload.named(BigDecimal.ONE, batches.delete()));
    return workload.clients()
        ? worker
            .plus(Item.SUBMIT, payload.sends(batches.client()))
            .plus(
                Item.COLLECT,
                result
                    .requests(batches.client())
                    .add(result.named(BigDecimal.ONE, batches.client())))
        : worker;
  }

  /**
   * A claim and a record of the end, which has the result in it; and a renewal of the claim with
   * each of the lease. A write is billed by what the item has after it, a begun KB being a unit.
   */
  private Usage addTable(Usage usage) {
    Workload.Stores stores = workload.stores();
    if (!stores.table()) {
      return usage;
    }
    long open = stores.recordBytes();
    long resultBytes = workload.messages().resultBytes();
    long ended = resultBytes > LARGEST_RECORDED ? open : open + resultBytes;
    BigDecimal inRecord = BigDecimal.ONE.subtract(result.inBucket());
    BigDecimal claims = units(open).multiply(workload.pace().renewals().add(BigDecimal.ONE));
    BigDecimal end = units(ended).multiply(inRecord).add(units(open).multiply(result.inBucket()));
    BigDecimal kept =
        BigDecimal.valueOf(ended)
            .multiply(inRecord)
            .add(BigDecimal.valueOf(open).multiply(result.inBucket()))
            .add(BigDecimal.valueOf(ITEM_OVERHEAD));
    return usage
        .plus(Item.TABLE_WRITES, claims.add(end))
        .plus(Item.TABLE_STORAGE, months(kept, RECORD_HOURS));
  }

  private static BigDecimal units(long bytes) {
    return BigDecimal.valueOf(Math.ceilDiv(bytes, KB));
  }

  private static BigDecimal months(BigDecimal bytes, BigDecimal hours) {
    return bytes
        .multiply(hours)
        .divide(GB, Usd.DIGITS)
        .divide(BigDecimal.valueOf(Tariff.MONTH), Usd.DIGITS);
  }

  /**
   * A payload is put by the client, fetched and deleted by the worker; a result the other way
   * round.
   */
  private Usage addBucket(Usage usage) {
    BigDecimal in = payload.inBucket();
    BigDecimal out = result.inBucket();
    BigDecimal bytes =
        in.multiply(BigDecimal.valueOf(payload.objectBytes()))
            .add(out.multiply(BigDecimal.valueOf(result.objectBytes())));
    Usage worker =
        addCopies(usage)
            .plus(Item.PUT, out)
            .plus(Item.GET, in)
            .plus(Item.REMOVE, in)
            .plus(Item.OBJECTS, months(bytes, workload.stores().objectHours()));
    return workload.clients()
        ? worker.plus(Item.PUT, in).plus(Item.GET, out).plus(Item.REMOVE, out)
        : worker;
  }

  /**
   * The record of a job has an object of its own for a result that it cannot hold, if there is a
   * bucket. Nobody deletes it but the bucket's lifecycle rule.
   */
  private Usage addCopies(Usage usage) {
    BigDecimal out = result.inBucket();
    boolean bucket = payload.inBucket().add(out).signum() > 0;
    if (!bucket || !workload.stores().table()) {
      return usage;
    }
    long size = workload.messages().resultBytes();
    BigDecimal inMessages =
        size > LARGEST_RECORDED ? BigDecimal.ONE.subtract(out) : BigDecimal.ZERO;
    BigDecimal bytes =
        out.multiply(BigDecimal.valueOf(result.objectBytes()))
            .add(inMessages.multiply(BigDecimal.valueOf(size)));
    return usage.plus(Item.PUT, out.add(inMessages)).plus(Item.OBJECTS, months(bytes, COPY_HOURS));
  }

  private Usage addBox(Usage usage) {
    BigDecimal hours = workload.pace().boxSeconds().divide(HOUR, Usd.DIGITS);
    return usage.plus(Item.INSTANCE, hours).plus(Item.DISK, hours).plus(Item.ADDRESS, hours);
  }
}
