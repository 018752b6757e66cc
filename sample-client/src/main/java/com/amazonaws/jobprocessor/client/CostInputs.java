package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.cost.Workload;
import java.math.BigDecimal;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code cost} that say what jobs are like. */
final class CostInputs {
  @Option(
      names = "--payload-bytes",
      paramLabel = "SIZE",
      defaultValue = "1024",
      converter = Size.class,
      description =
          "a job's message, attributes included (default: 1024); 64KiB and 2MiB are understood;"
              + " above 1MiB the payload travels by way of S3")
  private long payloadBytes;

  @Option(
      names = "--result-bytes",
      paramLabel = "SIZE",
      defaultValue = "1024",
      converter = Size.class,
      description = "a result's message, with its 160 bytes of attributes (default: 1024)")
  private long resultBytes;

  @Option(names = "--fifo", description = "the queues are FIFO queues")
  private boolean fifo;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "1",
      converter = Decimal.class,
      description = "how long a job takes (default: 1); the log's run_secs divided by jobs")
  private BigDecimal seconds;

  @Option(
      names = "--expected-secs",
      paramLabel = "N",
      defaultValue = "30",
      converter = Decimal.class,
      description =
          "the worker's expected_job_execution_time_in_secs (default: 30): longer jobs renew leases")
  private BigDecimal expectedSecs;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "jobs that a box runs at the same time, its concurrency (default: 2, the processors of a .large)")
  private int slots;

  @Option(
      names = "--idle",
      paramLabel = "SHARE",
      defaultValue = "0",
      converter = Share.class,
      description = "share of the boxes' time in which they run nothing: 0.5 or 50%% (default: 0)")
  private BigDecimal idle;

  @Option(
      names = "--receive-fill",
      paramLabel = "N",
      converter = Decimal.class,
      description =
          "jobs a receive brings, 1 to 10; renewals go in the same batches. These three: a worker's"
              + " log tells them when it stops; default is what a busy one is likely to reach with such"
              + " jobs; the output says it")
  private BigDecimal receiveFill;

  @Option(
      names = "--send-fill",
      paramLabel = "N",
      converter = Decimal.class,
      description = "results a send carries, 1 to 10")
  private BigDecimal sendFill;

  @Option(
      names = "--delete-fill",
      paramLabel = "N",
      converter = Decimal.class,
      description = "jobs a delete names, 1 to 10")
  private BigDecimal deleteFill;

  @Option(
      names = "--client-fill",
      paramLabel = "N",
      defaultValue = "10",
      converter = Decimal.class,
      description = "messages of a client's request, 1 to 10 (default: 10)")
  private BigDecimal clientFill;

  @Option(
      names = "--worker-only",
      description = "leave out what clients do: submit, collect results")
  private boolean workerOnly;

  @Option(names = "--job-table", description = "the worker has a job_table_name")
  private boolean table;

  @Option(
      names = "--record-bytes",
      paramLabel = "SIZE",
      defaultValue = "480",
      converter = Size.class,
      description = "a record of the job table without the result (default: 480)")
  private long recordBytes;

  @Option(
      names = "--s3-share",
      paramLabel = "SHARE",
      defaultValue = "0",
      converter = Share.class,
      description = "share of payloads and of results that travel by way of S3 (default: 0)")
  private BigDecimal s3Share;

  @Option(
      names = "--s3-bytes",
      paramLabel = "SIZE",
      defaultValue = "4MiB",
      converter = Size.class,
      description = "an object of that share (default: 4MiB)")
  private long s3Bytes;

  @Option(
      names = "--s3-hours",
      paramLabel = "N",
      defaultValue = "1",
      converter = Decimal.class,
      description = "how long an object is kept (default: 1)")
  private BigDecimal s3Hours;

  @Option(
      names = "--nat-gb",
      paramLabel = "N",
      defaultValue = "0",
      converter = Decimal.class,
      description =
          "GB through a NAT gateway for a million jobs (default: 0); a KiB a job makes 0.95 GB")
  private BigDecimal natGb;

  @Option(
      names = "--egress-gb",
      paramLabel = "N",
      defaultValue = "0",
      converter = Decimal.class,
      description = "GB out to the internet for a million jobs (default: 0)")
  private BigDecimal egressGb;

  /**
   * What the options say.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  Workload workload() {
    Workload.Pace pace = new Workload.Pace(seconds, expectedSecs, slots, idle);
    Workload.Batches likely = Workload.Batches.expected(pace, fifo);
    return new Workload(
        new Workload.Messages(payloadBytes, resultBytes, fifo),
        pace,
        new Workload.Batches(
            receiveFill == null ? likely.receive() : receiveFill,
            sendFill == null ? likely.send() : sendFill,
            deleteFill == null ? likely.delete() : deleteFill,
            clientFill),
        new Workload.Stores(table, recordBytes, s3Share, s3Bytes, s3Hours),
        new Workload.Traffic(natGb, egressGb),
        !workerOnly);
  }

  /** A plain decimal number: an exponent would let a short text stand for a number without end. */
  static final class Decimal implements ITypeConverter<BigDecimal> {
    @Override
    public BigDecimal convert(String value) {
      if (!value.matches("[0-9]{1,12}(\\.[0-9]{1,12})?")) {
        throw new TypeConversionException(
            "a number such as 0.5, not \"" + Text.cell(value, 40) + '"');
      }
      return new BigDecimal(value);
    }
  }

  /** A share as a number from 0 to 1, or in percent. */
  static final class Share implements ITypeConverter<BigDecimal> {
    @Override
    public BigDecimal convert(String value) {
      return value.endsWith("%")
          ? new Decimal().convert(value.substring(0, value.length() - 1)).movePointLeft(2)
          : new Decimal().convert(value);
    }
  }

  /** Bytes, KiB or MiB. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      String lower = value.toLowerCase(Locale.ROOT);
      int shift = lower.endsWith("kib") ? 10 : lower.endsWith("mib") ? 20 : 0;
      String number = shift == 0 ? lower : lower.substring(0, lower.length() - 3);
      if (!number.matches("[0-9]{1,9}")) {
        throw new TypeConversionException(
            "bytes such as 1500, 64KiB or 2MiB, not \"" + Text.cell(value, 40) + '"');
      }
      return Long.parseLong(number) << shift;
    }
  }
}
