package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.fleet.Boxes;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code boss start}. */
@Command(
    name = "start",
    description =
        "Runs the boss until SIGTERM or Ctrl-C. The three queues are the boss's own: nobody else may read its results.",
    mixinStandardHelpOptions = true)
final class Start implements Callable<Integer> {
  private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9_-]{1,80}");
  private static final Pattern PUBLIC_URL =
      Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?");
  private static final int MAX_MINUTES = 14 * 24 * 60;
  private static final int MAX_DAYS = 3_650;

  /** PostgreSQL may be started together with the boss. */
  private static final Duration SERVER_STARTS = Duration.ofMinutes(1);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private DatabaseOptions database;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8070",
      description = "port of the pages and the HTTP API, 0 for any (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "address that it listens on (default: ${DEFAULT-VALUE}, this machine only)")
  private String address;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description =
          "where people find the pages if a proxy is before them, such as"
              + " https://boss.example.com/: the pages answer to this name then, and with https"
              + " their cookies are for https only")
  private URI publicUrl;

  @Option(
      names = "--backlog-queue",
      paramLabel = "NAME",
      defaultValue = "SQS-EC2-Queue-Todo",
      description = "queue that workers take jobs from (default: ${DEFAULT-VALUE})")
  private String backlog;

  @Option(
      names = "--results-queue",
      paramLabel = "NAME",
      defaultValue = "SQS-EC2-Queue-Results",
      description = "queue that workers put results into (default: ${DEFAULT-VALUE})")
  private String results;

  @Option(
      names = "--dead-letter-queue",
      paramLabel = "NAME",
      defaultValue = "SQS-EC2-Queue-Dead-letter",
      description = "queue that workers put failed jobs into (default: ${DEFAULT-VALUE})")
  private String letters;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "region of the queues (default: AWS_REGION, the profile's or the instance's)")
  private String region;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "zone of the hours until some are set (default: this machine's)")
  private String zone;

  @Option(
      names = "--answer-within",
      paramLabel = "MINUTES",
      defaultValue = "720",
      description =
          "minutes after which a task without an answer is marked for a person, or sent again with"
              + " --job-table (default: ${DEFAULT-VALUE})")
  private int answerWithin;

  @Option(
      names = "--job-table",
      description =
          "the workers use a job table (job_table_name): a task that is sent twice is run once")
  private boolean jobTable;

  @Option(
      names = "--retention-days",
      paramLabel = "DAYS",
      defaultValue = "90",
      description =
          "days for which ended tasks and their results are kept (default: ${DEFAULT-VALUE})")
  private int retentionDays;

  @Option(
      names = "--payload-bucket",
      paramLabel = "NAME",
      description =
          "bucket with results that are too large for a message, the workers' payload_bucket_name"
              + " (default: none, and their pointers are shown)")
  private String payloadBucket;

  @Mixin private FleetOptions fleet;
  @Mixin private HookOptions hooks;

  @Override
  public Integer call() throws Exception {
    check();
    Office.QueueNames queues = new Office.QueueNames(backlog, results, letters);
    NightRoom.Plan nights = nights(queues);
    Office.Plan plan =
        new Office.Plan(
            new Office.Door(
                address, port, Optional.ofNullable(publicUrl).map(url -> url.resolve("/"))),
            queues,
            zone == null ? ZoneId.systemDefault() : ZoneId.of(zone),
            Duration.ofMinutes(answerWithin),
            jobTable,
            Duration.ofDays(retentionDays),
            payloadBucket,
            nights);
    String where = region();
    Boxes boxes = nights.fleet().opener().isPresent() ? FleetOptions.boxes(where) : null;
    try (AwsSession aws = new AwsSession(where);
        Office office =
            new Office(
                plan,
                database.openWhenUp(SERVER_STARTS),
                database.ownFolder(),
                aws,
                boxes,
                InstantSource.system())) {
      office.runUntilStopped();
    }
    return 0;
  }

  private NightRoom.Plan nights(Office.QueueNames queues) {
    try {
      return new NightRoom.Plan(fleet.read(queues), hooks.read(), jobTable);
    } catch (UserError e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void check() {
    need(port >= 0 && port <= 65_535, "--port must be from 0 to 65535");
    for (String queue : List.of(backlog, results, letters)) {
      need(
          !SqsQueue.isFifo(queue),
          "FIFO queues are not supported here: "
              + "the boss sends by priority, and again where a call has no answer");
      need(
          QUEUE.matcher(queue).matches(),
          "a queue's name has 1 to 80 of A-Z a-z 0-9 - _; check the three --...-queue");
    }
    need(
        publicUrl == null || PUBLIC_URL.matcher(publicUrl.toString()).matches(),
        "--public-url must be https://HOST/ or http://HOST/, with or without a port");
    checkDifferent("--backlog-queue", backlog, "--results-queue", results);
    checkDifferent("--backlog-queue", backlog, "--dead-letter-queue", letters);
    checkDifferent("--results-queue", results, "--dead-letter-queue", letters);
    need(
        answerWithin >= 1 && answerWithin <= MAX_MINUTES,
        "--answer-within must be from 1 to " + MAX_MINUTES);
    need(
        retentionDays >= 1 && retentionDays <= MAX_DAYS,
        "--retention-days must be from 1 to " + MAX_DAYS);
    need(
        zone == null || ZoneId.getAvailableZoneIds().contains(zone),
        "--time-zone is none that is known here; an example is Europe/Berlin, another UTC");
  }

  private void checkDifferent(String option, String name, String other, String otherName) {
    need(
        !name.equals(otherName),
        "%s and %s are both \"%s\"; give three different queues".formatted(option, other, name));
  }

  private void need(boolean good, String otherwise) {
    if (!good) {
      throw new CommandLine.ParameterException(spec.commandLine(), otherwise);
    }
  }

  private String region() throws InvalidEnvironment {
    if (region != null) {
      return region;
    }
    return AwsSession.usualRegion()
        .orElseThrow(
            () ->
                new UserError(
                    "no region: give --region, e.g. --region us-east-1, or set AWS_REGION"));
  }
}
