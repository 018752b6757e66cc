package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.cost.Packs;
import com.amazonaws.jobprocessor.cost.Workload;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code cost}, in the order of its help. */
enum CostOption {
  PAYLOAD_BYTES(
      "--payload-bytes",
      Type.SIZE,
      "1024",
      "a job's message, attributes included (default: 1024); 64KiB and 2MiB are understood;"
          + " above 1MiB the payload travels by way of S3"),
  RESULT_BYTES(
      "--result-bytes",
      Type.SIZE,
      "1024",
      "a result's message, with its 160 bytes of attributes (default: 1024)"),
  PACK(
      "--pack",
      Type.DECIMAL,
      "1",
      "jobs a message (default: 1), as submit --pack sends them; as many as fit 1 MiB at most"),
  RESULT_PACK(
      "--result-pack",
      Type.FLAG,
      null,
      "results of a pack travel together as well, up to 64 KiB, as far as they end together"),
  FIFO("--fifo", Type.FLAG, null, "the queues are FIFO queues"),
  SECONDS(
      "--seconds",
      Type.DECIMAL,
      "1",
      "how long a job takes (default: 1); the log's run_secs divided by jobs"),
  EXPECTED_SECS(
      "--expected-secs",
      Type.DECIMAL,
      "30",
      "the worker's expected_job_execution_time_in_secs (default: 30): longer jobs renew leases"),
  SLOTS(
      "--slots",
      Type.INTEGER,
      "2",
      "jobs that a box runs at the same time, its concurrency (default: 2, the processors of a .large)"),
  IDLE(
      "--idle",
      Type.SHARE,
      "0",
      "share of the boxes' time in which they run nothing: 0.5 or 50%% (default: 0)"),
  RECEIVE_FILL(
      "--receive-fill",
      Type.DECIMAL,
      null,
      "messages a receive brings, 1 to 10; renewals go in the same batches. These three: a worker's"
          + " log tells them when it stops; default is what a busy one is likely to reach with such"
          + " jobs; the output says it"),
  SEND_FILL("--send-fill", Type.DECIMAL, null, "messages of results a send carries, 1 to 10"),
  DELETE_FILL("--delete-fill", Type.DECIMAL, null, "messages a delete names, 1 to 10"),
  RESULT_PACK_FILL(
      "--result-pack-fill",
      Type.DECIMAL,
      null,
      "results a message with --result-pack; default is what is likely"),
  CLIENT_FILL(
      "--client-fill", Type.DECIMAL, "10", "messages of a client's request, 1 to 10 (default: 10)"),
  WORKER_ONLY(
      "--worker-only", Type.FLAG, null, "leave out what clients do: submit, collect results"),
  JOB_TABLE("--job-table", Type.FLAG, null, "the worker has a job_table_name"),
  RECORD_BYTES(
      "--record-bytes",
      Type.SIZE,
      "480",
      "a record of the job table without the result (default: 480)"),
  S3_SHARE(
      "--s3-share",
      Type.SHARE,
      "0",
      "share of payloads and of results that travel by way of S3 (default: 0)"),
  S3_BYTES("--s3-bytes", Type.SIZE, "4MiB", "an object of that share (default: 4MiB)"),
  S3_HOURS(
      "--s3-hours",
      Type.DECIMAL,
      "1",
      "how long an object is kept (default: 1); a record's own: 30 days"),
  NAT_GB(
      "--nat-gb",
      Type.DECIMAL,
      "0",
      "GB through a NAT gateway for a million jobs (default: 0); a KiB a job makes 0.95 GB"),
  EGRESS_GB(
      "--egress-gb", Type.DECIMAL, "0", "GB out to the internet for a million jobs (default: 0)"),
  INSTANCE_TYPE(
      "--instance-type",
      Type.TEXT,
      "c7i.large",
      "the boxes' type (default: c7i.large); its price is in the price list"),
  SPOT("--spot", Type.FLAG, null, "spot instances; their price has to be in --prices as spot.TYPE"),
  PRICE_PER_HOUR("--price-per-hour", Type.DOLLARS, null, "of a box, in place of its type's price"),
  DISK_GB("--disk-gb", Type.INTEGER, "8", "GB of a box's gp3 disk (default: 8, the image's)"),
  NO_PUBLIC_ADDRESS(
      "--no-public-address",
      Type.FLAG,
      null,
      "boxes without a public IPv4 address, which costs by the hour"),
  PRICES(
      "--prices",
      Type.FILE,
      null,
      "prices in place of those that come with the program: lines key = value"),
  PRINT_PRICES(
      "--print-prices",
      Type.FLAG,
      null,
      "print the price list that comes with the program, with its sources, and end"),
  JSON("--json", Type.FLAG, null, "one JSON object instead of the tables");

  private enum Type {
    DECIMAL("N", BigDecimal.class, new Decimal()),
    DOLLARS("DOLLARS", BigDecimal.class, new Decimal()),
    SHARE("SHARE", BigDecimal.class, new Share()),
    SIZE("SIZE", Long.class, new Size()),
    INTEGER("N", int.class, null),
    TEXT("TYPE", String.class, null),
    FILE("FILE", Path.class, null),
    FLAG(null, boolean.class, null);

    private final String label;
    private final Class<?> javaType;

    @SuppressWarnings("ImmutableEnumChecker") // converters have no state
    private final ITypeConverter<?> converter;

    Type(String label, Class<?> javaType, ITypeConverter<?> converter) {
      this.label = label;
      this.javaType = javaType;
      this.converter = converter;
    }
  }

  private final String option;
  private final Type type;
  private final String defaultValue;
  private final String description;

  CostOption(String option, Type type, String defaultValue, String description) {
    this.option = option;
    this.type = type;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** Makes them options of the command. */
  static void addTo(CommandSpec command) {
    for (CostOption one : values()) {
      OptionSpec.Builder builder =
          OptionSpec.builder(one.option).type(one.type.javaType).description(one.description);
      if (one.type == Type.FLAG) {
        builder.arity("0");
      } else {
        builder.arity("1").paramLabel(one.type.label).defaultValue(one.defaultValue);
      }
      if (one.type.converter != null) {
        builder.converters(one.type.converter);
      }
      command.addOption(builder.build());
    }
  }

  /** The value that was given, else the default; null if there is neither. */
  private Object in(CommandSpec command) {
    return command.findOption(option).getValue();
  }

  boolean isSet(CommandSpec command) {
    return Boolean.TRUE.equals(in(command));
  }

  BigDecimal decimal(CommandSpec command) {
    return (BigDecimal) in(command);
  }

  private BigDecimal decimal(CommandSpec command, BigDecimal otherwise) {
    BigDecimal given = decimal(command);
    return given == null ? otherwise : given;
  }

  int integer(CommandSpec command) {
    return (Integer) in(command);
  }

  private long size(CommandSpec command) {
    return (Long) in(command);
  }

  String text(CommandSpec command) {
    return (String) in(command);
  }

  Path file(CommandSpec command) {
    return (Path) in(command);
  }

  /**
   * What the options say of jobs.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  static Workload workload(CommandSpec c) {
    boolean fifo = FIFO.isSet(c);
    Workload.Pace pace =
        new Workload.Pace(
            SECONDS.decimal(c), EXPECTED_SECS.decimal(c), SLOTS.integer(c), IDLE.decimal(c));
    Workload.Messages messages =
        new Workload.Messages(PAYLOAD_BYTES.size(c), RESULT_BYTES.size(c), fifo, packs(c, pace));
    Workload.Batches likely = Workload.Batches.expected(pace, fifo, messages.packs());
    return new Workload(
        messages,
        pace,
        new Workload.Batches(
            RECEIVE_FILL.decimal(c, likely.receive()),
            SEND_FILL.decimal(c, likely.send()),
            DELETE_FILL.decimal(c, likely.delete()),
            CLIENT_FILL.decimal(c)),
        new Workload.Stores(
            JOB_TABLE.isSet(c),
            RECORD_BYTES.size(c),
            S3_SHARE.decimal(c),
            S3_BYTES.size(c),
            S3_HOURS.decimal(c)),
        new Workload.Traffic(NAT_GB.decimal(c), EGRESS_GB.decimal(c)),
        !WORKER_ONLY.isSet(c));
  }

  private static Packs packs(CommandSpec c, Workload.Pace pace) {
    BigDecimal jobs = PACK.decimal(c);
    Packs likely = Packs.expected(jobs, pace);
    BigDecimal fill = RESULT_PACK_FILL.decimal(c, likely.results()).min(jobs);
    return new Packs(jobs, RESULT_PACK.isSet(c) ? fill : BigDecimal.ONE);
  }

  /** A plain decimal number: an exponent would let a short text stand for a number without end. */
  private static final class Decimal implements ITypeConverter<BigDecimal> {
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
  private static final class Share implements ITypeConverter<BigDecimal> {
    @Override
    public BigDecimal convert(String value) {
      return value.endsWith("%")
          ? new Decimal().convert(value.substring(0, value.length() - 1)).movePointLeft(2)
          : new Decimal().convert(value);
    }
  }

  /** Bytes, KiB or MiB. */
  private static final class Size implements ITypeConverter<Long> {
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
