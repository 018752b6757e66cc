package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.Enqueuer;
import com.amazonaws.jobprocessor.client.EnqueuerBuilder;
import com.amazonaws.jobprocessor.client.RepairReport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repair}: jobs that are on record, and perhaps not in the queue, are sent again. */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Sends the jobs again that submit --job-table or an application has recorded in the job table and,"
          + " when it died, had perhaps not sent yet: those in state QUEUED that no worker has met.",
      "Jobs that still wait in the queue are sent a second time; workers with the job table run"
          + " each once. Two repairs at the same time send each job once. Reads the whole table."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every such job was sent",
      "1:some were not, or the table cannot be read; standard error says why",
      "2:the command line is invalid",
      "130, 143:stopped by Ctrl-C or SIGTERM; another repair goes on"
    },
    footerHeading = "%nExample:%n",
    footer = "  sample-client repair --job-table jobs")
final class Repair extends Subcommand {
  private static final int MAX_SECONDS = 1_000_000_000;

  @Mixin private TableName.Needed table;

  @Option(
      names = "--older-than",
      paramLabel = "SECONDS",
      description = {
        "leave younger records alone, since their sender may be at work (default: 900, longer than"
            + " any send takes); 0 if you know that no sender is"
      })
  private Integer olderThan;

  @Option(
      names = "--payload-bucket",
      paramLabel = "NAME",
      description = "S3 bucket of definitions that are not in the table: payload_bucket_name")
  private String bucket;

  @Option(names = "--json", description = "the counts as a JSON object")
  private boolean json;

  @Option(names = "--ids", description = "print the id of each job that was sent, a line each")
  private boolean printIds;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    if (printIds && json) {
      throw wrong("--ids and --json: give one of them, not both");
    }
    checkRange("--older-than", olderThan == null ? 0 : olderThan, 0, MAX_SECONDS, " seconds");
    EnqueuerBuilder builder =
        Enqueuer.builder(backlog.name).region(connection.region()).jobTable(table.name);
    if (bucket != null) {
      builder.payloadBucket(bucket);
    }
    Duration age =
        olderThan == null
            ? Enqueuer.LONGEST_SEND
            : olderThan == 0 ? Duration.ofMillis(-1) : Duration.ofSeconds(olderThan);
    AtomicLong sent = new AtomicLong();
    try (Enqueuer enqueuer = builder.build()) {
      try {
        return report(stop().unless(() -> enqueuer.repair(age, id -> sent(id, sent))), age);
      } catch (Stop.Asked e) {
        RecordedOutlet.cut(enqueuer, stop());
        out().flush();
        say(
            "interrupted: sent "
                + Text.count(sent.get(), "job")
                + " again; what was under way another repair sends in 15 minutes, with"
                + " --older-than 0 now");
        return FAILED;
      }
    }
  }

  private void sent(String id, AtomicLong count) {
    count.incrementAndGet();
    if (printIds) {
      out().println(id);
    }
  }

  private static String json(RepairReport report) {
    return new JsonLine()
        .number("sent", report.sent())
        .number("failed", report.failed())
        .number("younger", report.younger())
        .end();
  }

  private int report(RepairReport report, Duration age) {
    report.problems().forEach(this::say);
    String summary =
        "sent "
            + Text.count(report.sent(), "job")
            + " again"
            + (report.failed() == 0 ? "" : ", " + report.failed() + " could not be sent");
    if (printIds) {
      out().flush();
      say(summary);
    } else {
      out().println(json ? json(report) : summary);
      out().flush();
    }
    if (report.younger() > 0 && !age.isNegative()) {
      say(
          "left alone "
              + Text.count(report.younger(), "job")
              + " that no worker has received yet, recorded less than "
              + age.toSeconds()
              + " seconds ago: their sender may be at work; if you know that it is not, give"
              + " --older-than 0");
    }
    return report.failed() == 0 ? DONE : FAILED;
  }
}
