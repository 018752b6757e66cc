package com.amazonaws.jobprocessor.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dead-letters}: shows jobs that failed for good, and sends them back. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description =
        "Lists the jobs that failed for good, by their errors (the same as the command list).",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong",
      "2:the command line is invalid",
      "3:a group of a FIFO queue has more, which SQS does not show yet; or an id was not found",
      "130, 143:stopped by Ctrl-C or SIGTERM; what was not sent back or deleted is still there for all to see"
    },
    subcommands = {
      DeadLetters.ListThem.class,
      ShowLetters.class,
      EditLetters.class,
      SendBack.class,
      PurgeLetters.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client dead-letters",
      "  sample-client dead-letters --by-error",
      "  sample-client dead-letters show k3f9x2-17",
      "  sample-client dead-letters edit k3f9x2-17",
      "  sample-client dead-letters send-back --all",
      "  sample-client dead-letters send-back k3f9x2-17 k3f9x2-20",
      "  sample-client dead-letters purge --where error=IllegalArgumentException"
    })
final class DeadLetters extends Subcommand {
  @Mixin private LetterList list;

  @Override
  public Integer call() throws Exception {
    return list.print(this);
  }

  /** {@code dead-letters list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Lists the jobs that failed for good, by their errors; they stay in the queue.",
        "On a terminal long errors are cut in the middle; the command show has all of one, --json all of all."
      },
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {
        "0:done",
        "1:something went wrong",
        "2:the command line is invalid",
        "3:a group of a FIFO queue has more, which SQS does not show yet",
        "130, 143:stopped by Ctrl-C or SIGTERM"
      })
  static final class ListThem extends Subcommand {
    @Mixin private LetterList list;

    @Override
    public Integer call() throws Exception {
      return list.print(this);
    }
  }
}
