package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.Cancellation;
import com.amazonaws.jobprocessor.client.ClientException;
import com.amazonaws.jobprocessor.client.Jobs;
import java.time.Duration;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cancel}: sees to it that jobs do not run. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Marks jobs as CANCELLED in the job table, so that no worker runs them.",
      "A worker with this job table (job_table_name) that receives such a job later "
          + "deletes its message, runs nothing and sends nothing. A job that a worker runs now "
          + "goes on, and one that has ended stays as it is; both are said. One write a job."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:none of the jobs will run",
      "1:something went wrong",
      "2:the command line is invalid",
      "3:some run, have ended, or are in a state that this version does not know",
      "130, 143:stopped by Ctrl-C or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client cancel --job-table jobs k3f9x2-17 k3f9x2-18",
      "  sample-client cancel --job-table jobs --ids ids.txt"
    })
final class Cancel extends Subcommand {
  /** Of a call that takes longer nobody knows what comes of it. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @Mixin private JobIds jobs;
  @Mixin private TableName.Needed table;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;

  private int cancelled;

  @Override
  public Integer call() throws Exception {
    Set<String> ids = jobs.read(this);
    Jobs.Builder builder = Jobs.builder(backlog.name, table.name).region(connection.region());
    try (Jobs library = builder.build()) {
      return cancel(ids, library);
    } catch (ClientException e) {
      out().flush();
      say(Text.count(cancelled, "job") + " cancelled");
      throw e;
    }
  }

  private int cancel(Set<String> ids, Jobs library) throws Exception {
    for (String id : ids) {
      if (stop().isAsked()) {
        return interrupted("");
      }
      try {
        print(id, stop().unless(() -> library.cancel(id), PATIENCE));
      } catch (Stop.Asked e) {
        return interrupted(", and perhaps " + id);
      }
    }
    out().flush();
    return cancelled == ids.size() ? DONE : INCOMPLETE;
  }

  private int interrupted(String perhaps) {
    out().flush();
    say("interrupted: " + Text.count(cancelled, "job") + " cancelled" + perhaps);
    return FAILED;
  }

  private void print(String id, Cancellation answer) {
    boolean done =
        answer instanceof Cancellation.Cancelled || answer instanceof Cancellation.Unknown;
    cancelled += done ? 1 : 0;
    if (json) {
      out()
          .println(
              new JsonLine()
                  .text("job_id", id)
                  .text("state", state(answer))
                  .flag("cancelled", done)
                  .flag("had_record", !(answer instanceof Cancellation.Unknown))
                  .end());
    } else {
      out().println(Text.oneLine(id) + "\t" + inWords(answer));
    }
  }

  private static String state(Cancellation answer) {
    return switch (answer) {
      case Cancellation.Cancelled _, Cancellation.Unknown _ -> "CANCELLED";
      case Cancellation.Running _ -> "RUNNING";
      case Cancellation.Ended ended -> ended.state().name();
      case Cancellation.LeftAlone left -> left.state();
    };
  }

  private static String inWords(Cancellation answer) {
    return switch (answer) {
      case Cancellation.Cancelled _ -> "cancelled";
      case Cancellation.Unknown _ ->
          "cancelled; the table had no record: no worker has received it, or there is no such job";
      case Cancellation.Running _ -> "not cancelled: a worker runs it";
      case Cancellation.Ended ended -> "not cancelled: it has ended, " + ended.state();
      case Cancellation.LeftAlone left ->
          "not cancelled: it is in the state " + Text.oneLine(left.state());
    };
  }
}
