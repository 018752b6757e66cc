package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}: why a job does not run. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Says why jobs do not run, or how they ended: by the job table (the worker's job_table_name) and the queues.",
      "What is missing, queues, table or rights, and what in the queues' settings works against the workers, is said too.",
      "The queues' figures are SQS's, which lag by up to a minute."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all jobs have a record, and are explained",
      "1:something went wrong, such as a table that is missing or may not be read",
      "2:the command line is invalid",
      "3:some jobs have no record, or queues are missing",
      "130, 143:stopped by Ctrl-C or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sample-client explain --job-table jobs k3f9x2-17"})
final class Explain extends Subcommand {
  @Parameters(arity = "1..*", paramLabel = "JOB_ID", description = "ids of the jobs")
  private Set<String> jobIds = new LinkedHashSet<>();

  @Mixin private TableName.Needed table;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Queues.ResultQueue results;
  @Mixin private Queues.DeadLetterQueue deadLetters;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    try (AwsSession aws = connection.open()) {
      QueueLook queues = new QueueLook(aws, this);
      QueueLook.Seen jobs = queues.look(backlog.name);
      List<QueueLook.Seen> all =
          List.of(jobs, queues.look(results.name), queues.look(deadLetters.name));
      all.stream().flatMap(queue -> queue.problems().stream()).forEach(this::say);
      Records.Found known = known(new Records(aws.jobTable(table.name, backlog.name), retry()));
      Instant now = Instant.now();
      String letters = Queues.asGiven(this, Queues.DEAD_LETTERS, deadLetters.name);
      for (String id : jobIds) {
        JobRecord record = known.of(id);
        List<String> words = new Explanation(jobs, letters, now).of(record, known.heldUntil(id));
        print(id, record, words, jobs);
      }
      out().flush();
      QueueLook.warnings(all).forEach(warning -> say("warning: " + warning));
      boolean complete =
          all.stream().noneMatch(QueueLook.Seen::isMissing) && known.size() == jobIds.size();
      return complete ? DONE : INCOMPLETE;
    }
  }

  private Records.Found known(Records records) throws Exception {
    try {
      return stop().reading(() -> records.read(jobIds));
    } catch (CallFailed e) {
      if (QueueLook.isDenied(e)) {
        throw new UserError(
            "the right dynamodb:BatchGetItem on the table \""
                + table.name
                + "\" is missing (docs/iam.md): "
                + Failures.reason(e));
      }
      throw e;
    }
  }

  private void print(String id, JobRecord record, List<String> words, QueueLook.Seen jobs) {
    String state = record == null ? StatusText.NO_RECORD : record.state();
    if (!json) {
      out().println(Text.oneLine(id) + " " + Text.oneLine(state));
      words.forEach(word -> out().println("  " + Text.oneLine(word)));
      return;
    }
    JsonLine line = new JsonLine();
    if (record == null) {
      line.text("job_id", id).text("state", state);
    } else {
      StatusText.addTo(line, record);
    }
    line.text("explanation", String.join(" ", words));
    if (jobs.counts() != null) {
      line.number("waiting", jobs.counts().waiting())
          .number("in_flight", jobs.counts().inFlight())
          .number("delayed", jobs.counts().delayed());
    }
    out().println(line.end());
  }
}
