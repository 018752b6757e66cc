package com.amazonaws.jobprocessor.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code generate}: writes a workload file. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes a workload: a job on each line, \"sleep N\" in milliseconds, for the "
          + "executor Sleep.",
      "Makes no AWS calls, and the same options always write the same lines. run-local, submit "
          + "and run take the file."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all lines are written",
      "1:they could not all be written",
      "2:the command line is invalid",
      "130, 143:stopped by Ctrl-C or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client generate -t 1000 -v 10 > short.txt",
      "  sample-client generate -t 1000 -v 10 --mix 1000:5 --mix fail:1 --output mixed.txt",
      "                         10 ms each, but about 5 %% of 1 s, and about 1 %% that fail for good",
      "  sample-client generate -t 100 --mix 10-200:100 --seed 7 > spread.txt",
      "                         between 10 and 200 ms, all equally likely"
    })
final class Generate extends Subcommand {
  private static final long MAX_TASKS = 1_000_000_000;
  private static final int LOOK = 1 << 12;

  @Option(
      names = {"-t", "--tasks"},
      paramLabel = "TASKS",
      required = true,
      description = "how many lines: 1 to 1,000,000,000")
  private long tasks;

  @Option(
      names = {"-v", "--millis"},
      paramLabel = "MILLIS",
      defaultValue = "-1",
      description =
          "how long each job sleeps, in milliseconds: 0 to 43,200,000; with --mix, each other job")
  private int millis;

  @Option(
      names = "--mix",
      paramLabel = "KIND:PERCENT",
      split = ",",
      description =
          "so many percent of the jobs, drawn at random, are of another kind: MILLIS, FROM-TO "
              + "(milliseconds, equally likely), or fail (the executor Sleep refuses the line for "
              + "good); may be given several times, or with commas")
  private List<String> mix = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "another number draws other lines (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "-",
      description = "file to write, anew if it exists; - (default) is standard output")
  private String output;

  @Override
  public Integer call() throws IOException {
    checkRange("-t", tasks, 1, MAX_TASKS, "");
    WorkloadMix kinds = kinds();
    if (output.equals("-")) {
      return write(kinds, out());
    }
    try (PrintWriter file =
        new PrintWriter(
            new BufferedWriter(
                Files.newBufferedWriter(FileName.path(output), StandardCharsets.UTF_8)))) {
      int status = write(kinds, file);
      if (file.checkError()) {
        throw new UserError("cannot write to \"" + output + "\"; is the disk full?");
      }
      return status;
    } catch (IOException e) {
      throw new UserError("cannot write to \"" + output + "\": " + Failures.reason(e));
    }
  }

  private WorkloadMix kinds() {
    boolean given = isGiven("--millis");
    if (given) {
      checkRange("-v", millis, 0, WorkloadMix.MAX_MILLIS, " milliseconds");
    }
    WorkloadMix kinds = new WorkloadMix(seed);
    try {
      mix.forEach(kinds::add);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
    if (kinds.hasRest()) {
      if (!given) {
        throw wrong(
            mix.isEmpty()
                ? "give -v MILLIS, how long each job sleeps"
                : "the shares of --mix are less than 100 %; give -v MILLIS for the other jobs");
      }
      kinds.addRest(millis);
    }
    return kinds;
  }

  private int write(WorkloadMix kinds, PrintWriter to) {
    for (long number = 1; number <= tasks; number++) {
      to.print(kinds.next(number));
      to.print('\n');
      if (number % LOOK == 0 && (stop().isAsked() || to.checkError())) {
        if (stop().isAsked()) {
          say("interrupted after " + Text.count(number, "line"));
        }
        return FAILED;
      }
    }
    return DONE;
  }
}
