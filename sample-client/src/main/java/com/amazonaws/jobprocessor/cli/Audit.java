package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.client.JobStatus;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.JobTable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit}: whether each job has ended exactly once. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Proves that each of some jobs has ended exactly once.",
      "Of each job the record in the job table (the worker's job_table_name) has one end "
          + "or none; and, with --results, so has what was collected: one result for each job "
          + "that SUCCEEDED, the same as in its record, none for the others, and at most one "
          + "dead letter for a job that is DEAD.",
      "Prints counts and a digest of all ids, states and results: the same jobs with the "
          + "same ends have the same digest."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:each job has ended once",
      "1:something contradicts that (two results, a result of a job that is DEAD, ...), or went wrong",
      "2:the command line is invalid",
      "3:some jobs have not ended, have no record, or their results were not collected",
      "130, 143:stopped by Ctrl-C or SIGTERM; nothing is proved then"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client audit --ids ids.txt --job-table jobs",
      "  sample-client audit --ids ids.txt --job-table jobs --results results.txt letters.jsonl"
    })
final class Audit extends Subcommand {
  @Option(
      names = "--ids",
      paramLabel = "FILE",
      required = true,
      description = "the jobs, an id a line; - is standard input")
  private String idsFile;

  @Mixin private TableName.Needed table;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "what was collected: the output of results or run (text or JSON) and of dead-letters --json")
  private List<String> files = new ArrayList<>();

  @Option(names = "--json", description = "a JSON object")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final Complaints complaints = new Complaints(this);

  @Override
  public Integer call() throws Exception {
    Set<String> ids = new TreeSet<>(Input.ids(idsFile, stop()));
    if (ids.isEmpty()) {
      throw new UserError("there are no ids in \"" + idsFile + "\"");
    }
    AuditFile collected = new AuditFile(ids);
    for (String file : files) {
      stop()
          .unless(
              () -> {
                collected.read(file); // perhaps a pipe
                return true;
              });
    }
    for (String name :
        List.of(
            "succeeded",
            "dead",
            "cancelled",
            "not_ended",
            "no_record",
            "not_collected",
            "contradictions")) {
      counts.put(name, 0L);
    }
    MessageDigest digest = sha256();
    try (AwsSession aws = connection.open()) {
      Records records = new Records(aws.jobTable(table.name, backlog.name), retry());
      List<String> some = new ArrayList<>();
      for (String id : ids) {
        some.add(id);
        if (some.size() == 100) {
          judge(some, records, collected, digest);
          some.clear();
        }
      }
      judge(some, records, collected, digest);
    }
    print(ids.size(), collected.strangers(), HexFormat.of().formatHex(digest.digest()));
    if (counts.get("contradictions") > 0) {
      return FAILED;
    }
    long open = counts.get("not_ended") + counts.get("no_record") + counts.get("not_collected");
    return open > 0 ? INCOMPLETE : DONE;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private void judge(List<String> ids, Records table, AuditFile collected, MessageDigest digest)
      throws Exception {
    if (ids.isEmpty()) {
      return;
    }
    Records.Found records = stop().reading(() -> table.read(ids));
    for (String id : ids) {
      JobRecord record = records.of(id);
      judge(id, record, collected.of(id));
      String state = record == null ? StatusText.NO_RECORD : record.state();
      String result = record == null ? "" : result(record);
      digest.update((id + '\t' + state + '\t' + result + '\n').getBytes(UTF_8));
    }
  }

  /** The result as its digest, or where it is. */
  private static String result(JobRecord record) {
    return switch (record.result()) {
      case null -> "";
      case JobTable.Result.Text text -> Printable.sha256(Text.oneLine(text.text()));
      case JobTable.Result.Stored stored -> stored.pointer();
      case JobTable.Result.Sent _ -> "sent";
    };
  }

  private void judge(String id, JobRecord record, AuditFile.Collected collected) {
    if (record == null) {
      count("no_record", id, "has no record");
    } else if (!JobStatus.State.of(record.state()).isEnd()) {
      count("not_ended", id, "has not ended: " + record.state());
    } else {
      counts.merge(record.state().toLowerCase(java.util.Locale.ROOT), 1L, Long::sum);
    }
    if (files.isEmpty()) {
      return;
    }
    String state = record == null ? StatusText.NO_RECORD : record.state();
    if (collected.results() > 1) {
      count("contradictions", id, "has " + collected.results() + " results");
    } else if (collected.results() == 1 && !state.equals("SUCCEEDED")) {
      count("contradictions", id, "has a result, but is " + state);
    } else if (collected.letters() > 1) {
      count("contradictions", id, "has " + collected.letters() + " dead letters");
    } else if (collected.letters() == 1 && !state.equals("DEAD")) {
      count("contradictions", id, "has a dead letter, but is " + state);
    } else if (state.equals("SUCCEEDED") && collected.results() == 0) {
      count("not_collected", id, "has succeeded, but its result was not collected");
    } else if (differs(record, collected)) {
      count("contradictions", id, "has another result in its record than was collected");
    }
  }

  private static boolean differs(JobRecord record, AuditFile.Collected collected) {
    return record != null
        && collected.results() == 1
        && record.result() instanceof JobTable.Result.Text
        && !result(record).equals(collected.sha256());
  }

  private void count(String name, String id, String what) {
    counts.merge(name, 1L, Long::sum);
    complaints.say(id + " " + what);
  }

  private void print(int jobs, long strangers, String digest) {
    if (json) {
      JsonLine line = new JsonLine().number("jobs", jobs);
      counts.forEach(line::number);
      out().println(line.number("of_other_jobs", strangers).text("digest", digest).end());
    } else {
      out().println("jobs            " + jobs);
      counts.forEach((name, n) -> out().println(Text.pad(name.replace('_', ' '), 16) + n));
      out().println(Text.pad("of other jobs", 16) + strangers);
      out().println(Text.pad("digest", 16) + digest);
    }
    out().flush();
  }
}
