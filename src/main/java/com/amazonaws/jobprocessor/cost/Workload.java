package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;

/**
 * What a fleet of workers has to do, as means over many jobs that succeed at once.
 *
 * @param clients whether what clients do is part of the bill: submitting, collecting results
 */
public record Workload(
    Messages messages,
    Pace pace,
    Batches batches,
    Stores stores,
    Traffic traffic,
    boolean clients) {
  /** The largest message of SQS, in bytes: what is larger travels by way of S3. */
  public static final int LARGEST_MESSAGE = 1024 * 1024;

  private static final long LARGEST_PAYLOAD = 64L * 1024 * 1024;

  /** From the worker to SQS and back. */
  static final int ROUND_TRIP_MILLIS = 10;

  public Workload {
    if (stores.bucketShare().signum() > 0 && !messages.packs().areNone()) {
      throw new IllegalArgumentException("packs: nothing in them travels by way of S3");
    }
  }

  /**
   * Messages, bodies and attributes together; a worker adds some 160 bytes of attributes to a
   * result, alone in its message or in a pack.
   *
   * @param payloadBytes of a job's message; above {@link #LARGEST_MESSAGE} of its object in S3
   * @param resultBytes the same of a result's
   * @param packs how jobs and results share messages
   */
  public record Messages(long payloadBytes, long resultBytes, boolean fifo, Packs packs) {
    public Messages {
      Range.of("bytes of a payload", payloadBytes, 1, LARGEST_PAYLOAD);
      Range.of("bytes of a result", resultBytes, 1, LARGEST_PAYLOAD);
      if (fifo && !packs.areNone()) {
        throw new IllegalArgumentException("packs: there are none in FIFO queues");
      }
      packs = packs.within(payloadBytes, resultBytes);
    }

    /** Each alone in its message. */
    public Messages(long payloadBytes, long resultBytes, boolean fifo) {
      this(payloadBytes, resultBytes, fifo, Packs.NONE);
    }
  }

  /**
   * Time.
   *
   * @param seconds a job takes
   * @param expectedSeconds half of the first lease: leases are renewed as often
   * @param slots jobs that run at the same time in a box
   * @param idleShare of the time that is paid for a box and in which it runs nothing
   */
  public record Pace(
      BigDecimal seconds, BigDecimal expectedSeconds, int slots, BigDecimal idleShare) {
    public Pace {
      // twelve hours less a minute is what a worker makes of SQS's limit
      Range.of("seconds of a job", seconds, "0.0001", "43140");
      Range.of("expected seconds", expectedSeconds, "1", "21600");
      Range.of("slots", slots, 1, 1_000);
      Range.of("idle share", idleShare, "0", "0.99");
    }

    /** Seconds of a box that a job pays for, those included in which it is idle. */
    BigDecimal boxSeconds() {
      return busyBoxSeconds().divide(BigDecimal.ONE.subtract(idleShare), Usd.DIGITS);
    }

    private BigDecimal busyBoxSeconds() {
      return seconds.divide(BigDecimal.valueOf(slots), Usd.DIGITS);
    }

    /** How many of the box seconds are idle ones. */
    BigDecimal idleSeconds() {
      return boxSeconds().multiply(idleShare);
    }

    /** Renewals of a job's lease: one whenever half of it is over and the job still runs. */
    BigDecimal renewals() {
      return renewals(seconds);
    }

    /** Renewals of a pack's lease, whose jobs share the slots and no other's. */
    BigDecimal renewals(Packs packs) {
      return renewals(busyBoxSeconds().multiply(packs.jobs()).max(seconds));
    }

    private BigDecimal renewals(BigDecimal time) {
      return time.divide(expectedSeconds, Usd.DIGITS)
          .setScale(0, java.math.RoundingMode.CEILING)
          .subtract(BigDecimal.ONE);
    }

    /** Jobs that end in a busy box in so many milliseconds. */
    BigDecimal endedIn(long millis) {
      return new BigDecimal(millis).movePointLeft(3).divide(busyBoxSeconds(), Usd.DIGITS);
    }
  }

  /**
   * How full requests are: messages in each, 1 to 10.
   *
   * @param receive jobs a receive; renewals go in the same batches, since jobs that came together
   *     are due together
   * @param client of what clients send, receive and delete
   */
  public record Batches(BigDecimal receive, BigDecimal send, BigDecimal delete, BigDecimal client) {
    /** Full batches, as clients make them. */
    public static final BigDecimal FULL = BigDecimal.TEN;

    public Batches {
      Range.of("messages a receive", receive, "1", "10");
      Range.of("messages a send", send, "1", "10");
      Range.of("messages a delete", delete, "1", "10");
      Range.of("messages a client's request", client, "1", "10");
    }

    /**
     * What may be expected of a busy worker near its queues: it takes as many jobs ahead as end in
     * a quarter of a second, sends results together that end within a round trip of 10 ms, and
     * deletes together what ends within 100 ms; in FIFO queues deletes do not wait. Of packs as
     * many as have so many jobs.
     */
    public static Batches expected(Pace pace, boolean fifo, Packs packs) {
      return new Batches(
          fill(messages(pace, 250, packs.jobs())),
          fill(messages(pace, ROUND_TRIP_MILLIS, packs.results())),
          fill(
              fifo
                  ? pace.endedIn(ROUND_TRIP_MILLIS)
                  : messages(pace, 100, packs.jobs()).add(BigDecimal.ONE)),
          FULL);
    }

    private static BigDecimal messages(Pace pace, int millis, BigDecimal perMessage) {
      return pace.endedIn(millis).divide(perMessage, Usd.DIGITS);
    }

    private static BigDecimal fill(BigDecimal messages) {
      return messages.max(BigDecimal.ONE).min(FULL);
    }
  }

  /**
   * What is kept outside the queues.
   *
   * @param table whether there is a job table
   * @param recordBytes of a job's record without its result
   * @param bucketShare of the payloads and results that travel by way of S3 though they would fit a
   *     message
   * @param objectBytes of each of those
   * @param objectHours that an object is kept
   */
  public record Stores(
      boolean table,
      long recordBytes,
      BigDecimal bucketShare,
      long objectBytes,
      BigDecimal objectHours) {
    public Stores {
      Range.of("bytes of a record", recordBytes, 1, 400_000);
      Range.of("share by way of S3", bucketShare, "0", "1");
      Range.of("bytes of an object", objectBytes, 1, LARGEST_PAYLOAD);
      Range.of("hours of an object", objectHours, "0", "8760");
    }
  }

  /** GB that are paid for by the GB, for a million jobs. */
  public record Traffic(BigDecimal natGb, BigDecimal egressGb) {
    public Traffic {
      Range.of("GB through NAT", natGb, "0", "1000000000");
      Range.of("GB out", egressGb, "0", "1000000000");
    }
  }
}
