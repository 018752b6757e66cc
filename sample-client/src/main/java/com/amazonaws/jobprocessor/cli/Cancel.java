package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.JobCancels;
import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.InstantSource;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cancel}: sees to it that jobs do not run. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Marks jobs as CANCELLED in the job table (the worker's job_table_name): a worker that receives one later deletes",
      "its message, runs nothing and sends nothing. A job that a worker runs now goes on, and one that has ended stays as",
      "it is; both are said. One write a job."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:none of the jobs will run",
      "1:something went wrong",
      "2:the command line makes no sense",
      "3:some run, have ended, or are in a state that this version does not know",
      "130, 143:stopped by Ctrl-C or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client cancel --job-table jobs k3f9x2-17 k3f9x2-18",
      "  sample-client cancel --job-table jobs --ids ids.txt"
    })
final class Cancel extends Subcommand {
  @Mixin private JobIds jobs;

  @Option(
      names = "--job-table",
      paramLabel = "NAME",
      required = true,
      description = "the worker's job_table_name")
  private String table;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    Set<String> ids = jobs.read(this);
    int cancelled = 0;
    try (AwsSession aws = connection.open()) {
      JobCancels cancels = aws.jobCancels(table, backlog.name, InstantSource.system());
      for (String id : ids) {
        if (stop().isAsked()) {
          say("interrupted: " + Text.count(cancelled, "job") + " cancelled");
          return FAILED;
        }
        JobCancels.Cancel answer = retry().call(() -> cancels.cancel(id));
        cancelled += answer.state().equals("CANCELLED") ? 1 : 0;
        print(id, answer);
      }
    } catch (CallFailed e) {
      say(Text.count(cancelled, "job") + " cancelled");
      if (JobTableReader.isMissing(e)) {
        throw new UserError(
            "there is no table \"" + table + "\" in this region; check --job-table and --region");
      }
      throw e;
    }
    out().flush();
    return cancelled == ids.size() ? DONE : INCOMPLETE;
  }

  private void print(String id, JobCancels.Cancel answer) {
    if (json) {
      out()
          .println(
              new JsonLine()
                  .text("job_id", id)
                  .text("state", answer.state())
                  .flag("cancelled", answer.state().equals("CANCELLED"))
                  .flag("had_record", answer.wasKnown())
                  .end());
    } else {
      out().println(Text.oneLine(id) + "\t" + inWords(answer));
    }
  }

  private static String inWords(JobCancels.Cancel answer) {
    return switch (answer.state()) {
      case "CANCELLED" ->
          answer.wasKnown()
              ? "cancelled"
              : "cancelled; the table had no record: no worker has received it, or there is no such"
                  + " job";
      case "RUNNING" -> "not cancelled: a worker runs it";
      case "SUCCEEDED", "DEAD" -> "not cancelled: it has ended, " + answer.state();
      default -> "not cancelled: it is in the state " + Text.oneLine(answer.state());
    };
  }
}
