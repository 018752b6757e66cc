package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.PermanentJobFailure;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Redactor;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay}: runs a job once more, here. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs one attempt of a job in this process, to see why it fails.",
      "The attempt has the number and the attributes that its worker had, and the executor "
          + "and the settings that you name, as the worker's user data does. The job is a dead "
          + "letter, by its id (it stays in its queue, and others can have it at once), or a "
          + "record of the job table (--job-table), or a file (--file). Prints the result on "
          + "standard output; how long it took and, of a failure, the stack trace on standard "
          + "error. Sends and deletes nothing."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the job has a result",
      "1:something went wrong, or the executor cannot run jobs on this machine",
      "2:the command line, the settings or the executor are invalid",
      "3:there is no such job",
      "4:the attempt failed",
      "130, 143:stopped by Ctrl-C or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client replay --lib my.jar --executor org.example.Mine k3f9x2-17",
      "  sample-client replay --user-data-file settings --job-table jobs --attempt 1 k3f9x2-17",
      "  echo 'sleep 5' | sample-client replay --file -"
    })
final class Replay extends Subcommand {
  private static final int MAX_ATTEMPT = 1_000;

  @Parameters(arity = "0..1", paramLabel = "JOB_ID", description = "id of the job")
  private String id;

  @Mixin private ReplaySource source;
  @Mixin private LocalSettings settings;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "the number of the attempt, 1 to 1,000 (default: the letter's or the record's last, else 1)")
  private int attempt;

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description =
          "an attribute of the job, beside those that it has or instead of one; repeatable")
  private Map<String, String> attributes = new LinkedHashMap<>();

  @Option(names = "--json", description = "print all that came of it as a JSON object")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (isGiven("--attempt")) {
      checkRange("--attempt", attempt, 1, MAX_ATTEMPT, "");
    }
    if (settings.readsStandardInput() && source.readsStandardInput()) {
      throw wrong("--user-data-file: standard input has the job; give a file for one of them");
    }
    try {
      return replay();
    } catch (LocalSettings.Refused e) {
      e.lines().forEach(this::say);
      return CommandLine.ExitCode.USAGE;
    } catch (ReplaySource.Missing e) {
      say(e.getMessage());
      return INCOMPLETE;
    }
  }

  private int replay() throws Exception {
    Configuration configuration = settings.read(stop());
    try (JarFolder jars = settings.jars(this);
        LoadedExecutor executor =
            LocalSettings.load(configuration.settings().executor(), jars.folder())) {
      ReplayedJob found = source.find(id, this).with(attributes);
      ReplayedJob job = attempt == 0 ? found : found.at(attempt);
      OneAttempt.Outcome outcome = new OneAttempt(configuration, executor).run(job, stop());
      return tell(job, outcome, configuration);
    }
  }

  private int tell(ReplayedJob job, OneAttempt.Outcome outcome, Configuration configuration) {
    if (json) {
      out().println(OneAttempt.json(job, outcome, new Redactor(configuration.secrets())::redact));
      out().flush();
    }
    return switch (outcome) {
      case OneAttempt.Outcome.Result result -> {
        if (!json) {
          out().println(Terminal.isTerminal(1) ? Text.lines(result.text()) : result.text());
          out().flush();
          say("job " + job.id() + " has a result, attempt " + job.attempt() + took(result.took()));
        }
        yield DONE;
      }
      case OneAttempt.Outcome.Failure failure -> {
        if (!json) {
          tell(job, failure, configuration);
        }
        yield ENDED_WITHOUT_RESULT;
      }
      case OneAttempt.Outcome.Unavailable no -> {
        say("the executor cannot run jobs on this machine now: " + no.why());
        yield FAILED;
      }
    };
  }

  private static String took(Duration took) {
    return ", after " + LocalSummary.decimal(took.toNanos() / 1e9, 3) + " s";
  }

  private void tell(ReplayedJob job, OneAttempt.Outcome.Failure failure, Configuration read) {
    Throwable cause = failure.cause();
    say(
        "job "
            + job.id()
            + " failed, attempt "
            + job.attempt()
            + took(failure.took())
            + ": "
            + failure.type()
            + (failure.message().isEmpty() ? "" : ": " + failure.message()));
    if (cause != null) {
      err().println(Text.lines(LocalTeller.trace(cause, new Redactor(read.secrets())::redact)));
    }
    Settings.Work work = read.settings().work();
    boolean again = !(cause instanceof PermanentJobFailure) && job.attempt() <= work.retries();
    say(
        again
            ? "a worker with job_failure_retries=" + work.retries() + " would try it again"
            : "a worker would send a dead letter");
  }
}
