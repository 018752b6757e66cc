package com.amazonaws.jobprocessor.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Submits jobs, waits until all have ended, and says how it went. */
final class Following {
  private static final int MAX_KINDS = 20;

  private final Subcommand command;
  private final JobFile file;
  private final WaitOptions options;
  private final Awaited jobs;
  private final JobLog log;
  private final TableEnds ends;

  /**
   * For one run of a command.
   *
   * @param file of the jobs, and the queues that they were sent to and are answered in
   * @param jobs of the run
   * @param log gets the dead letters
   * @param ends knows of jobs that have ended, though nothing comes of them
   */
  Following(
      Subcommand command,
      JobFile file,
      WaitOptions options,
      Awaited jobs,
      JobLog log,
      TableEnds ends) {
    this.command = command;
    this.file = file;
    this.options = options;
    this.jobs = jobs;
    this.log = log;
    this.ends = ends;
  }

  /**
   * Does it.
   *
   * @param sink gets the results, and tells the jobs of them
   * @param keep true if results stay in the queue
   * @return the exit status
   */
  int run(
      Awaiting.Places places,
      JobSubmission submission,
      SubmitReport.Says says,
      Collector.Sink sink,
      boolean keep)
      throws Exception {
    long began = System.nanoTime();
    try (Awaiting waiting = new Awaiting(command, places, jobs, sink, keep, log)) {
      Stop submitting = command.stop().part();
      // What cannot be printed ends the submission, too.
      waiting.onFailure(submitting::ask);
      int submitted = submission.run(submitting, says);
      jobs.noMoreCome();
      boolean over = waiting.await(options.timeout(), ends);
      Collector collected = waiting.end();
      log.flush();
      return report(submitted, over, collected, Duration.ofNanos(jobs.lastEnd() - began));
    }
  }

  private int report(int submitted, boolean over, Collector collected, Duration took) {
    Map<String, String> dead = jobs.dead();
    Map<String, String> before = jobs.before();
    int ended = jobs.endedCount() - before.size();
    String what =
        Text.count(ended - dead.size(), "result") + ", " + Text.count(dead.size(), "dead letter");
    double seconds = took.toMillis() / 1_000.0;
    command.say(
        (command.stop().isAsked() ? "interrupted: " : "")
            + what
            + (ended == 0
                ? ""
                : String.format(
                    Locale.ROOT,
                    " in %.1f s, %.1f jobs/s",
                    seconds,
                    ended / Math.max(0.001, seconds))));
    sayFailures(dead);
    TableEnds.say(before, command);
    if (!over) {
      command.say(
          (command.stop().isAsked() ? "not ended" : "timed out: not ended")
              + " are "
              + jobs.openIds()
              + "; with their ids in FILE, a line each, sample-client results --ids FILE"
              + options.queuesAsGiven(command, file)
              + " collects their results");
    }
    boolean failures = !dead.isEmpty() || TableEnds.haveFailed(before);
    int status = status(submitted, over, failures, collected);
    return status == Subcommand.DONE && !before.isEmpty() ? Subcommand.INCOMPLETE : status;
  }

  private int status(int submitted, boolean over, boolean failures, Collector collected) {
    if (submitted == Subcommand.FAILED || command.stop().isAsked() || collected.unreadable() > 0) {
      return Subcommand.FAILED;
    }
    if (!over) {
      return Subcommand.TIMED_OUT;
    }
    if (submitted != Subcommand.DONE) {
      return submitted;
    }
    return failures ? Subcommand.ENDED_WITHOUT_RESULT : Subcommand.DONE;
  }

  /** By the type of the error, the most frequent first. */
  private void sayFailures(Map<String, String> dead) {
    Map<String, List<String>> kinds = new TreeMap<>();
    dead.forEach((id, error) -> kinds.computeIfAbsent(kind(error), _ -> new ArrayList<>()).add(id));
    kinds.entrySet().stream()
        .sorted(Comparator.comparingInt(kind -> -kind.getValue().size()))
        .limit(MAX_KINDS)
        .forEach(kind -> say(kind.getKey(), kind.getValue(), dead));
    if (kinds.size() > MAX_KINDS) {
      command.say("... and " + (kinds.size() - MAX_KINDS) + " kinds more");
    }
    if (!dead.isEmpty()) {
      command.say(
          "the dead letters are in \""
              + options.deadLetterQueue()
              + "\"; sample-client dead-letters"
              + Queues.asGiven(command, Queues.DEAD_LETTERS, options.deadLetterQueue())
              + " lists them, dead-letters send-back sends them back");
    }
  }

  private void say(String kind, List<String> ids, Map<String, String> dead) {
    String first = ids.getFirst();
    String error = dead.get(first);
    command.say(
        "failed: "
            + ids.size()
            + " "
            + kind
            + (ids.size() == 1 ? ", " : ", the first ")
            + first
            + (error.equals(kind) ? "" : " (" + error.substring(kind.length() + 2) + ")"));
  }

  private static String kind(String error) {
    int end = error.indexOf(": ");
    return end < 0 ? error : error.substring(0, end);
  }
}
