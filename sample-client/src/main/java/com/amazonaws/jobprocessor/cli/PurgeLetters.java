package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.letters.Purging;
import com.amazonaws.jobprocessor.client.letters.Reach;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letters purge}. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes dead letters for good, after it has counted them and the queue's name was "
          + "typed.",
      "Only those that were counted are deleted, none that came since. Nothing brings them "
          + "back.",
      "With --payload-bucket the payloads that they point to are deleted as well; with "
          + "--job-table not those of letters that had been sent back, whose jobs may need them.",
      "The jobs' records in the job table stay, as DEAD, until they expire.",
      "A pack that no worker could take (PackRefused) is deleted whole, if its own id is "
          + "given or those of all its jobs."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done, or nothing to do",
      "1:something went wrong, or the name that was typed is not the queue's",
      "2:the command line is invalid",
      "3:some ids were not found, some letters could not be had any more, or a group of a FIFO queue has more, which SQS does not show yet",
      "130, 143:stopped by Ctrl-C or SIGTERM; standard error says how many were deleted"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client dead-letters purge --where error=IllegalArgumentException",
      "  sample-client dead-letters purge --all --yes"
    })
final class PurgeLetters extends Subcommand {
  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Option(names = "--json", description = "the count as a JSON object")
  private boolean json;

  @Mixin private LetterSelection selection;
  @Mixin private Queues.DeadLetterQueue queue;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private TableName.Known table;
  @Mixin private Connection connection;

  private final LetterErrors errors = new LetterErrors();
  private final Set<String> found = new HashSet<>();
  private final Set<String> counted = new HashSet<>();
  private final List<Delivery> packs = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    selection.check(this);
    try (AwsSession aws = connection.open()) {
      Bucket bucket = payloadBucket.open(aws, retry());
      LetterQueue letters = new LetterQueue(aws, queue.name, stop());
      long more = letters.forEach((_, some) -> count(selection.of(some)));
      refuseParts();
      if (errors.count() > 0 && !isConfirmed()) {
        throw new UserError("that is not the queue's name: nothing was deleted");
      }
      Purging purging =
          new Purging(
              new Reach(aws, stop(), table.name, bucket.objects()),
              letter -> counted.remove(letter.messageId()),
              this::say);
      try {
        if (errors.count() > 0) {
          letters.forEach(purging);
        }
      } finally {
        out()
            .println(
                json
                    ? new JsonLine().number("deleted", purging.deleted()).end()
                    : "deleted " + Text.count(purging.deleted(), "dead letter"));
        out().flush();
      }
      if (purging.objectsLeft() > 0) {
        say(
            Text.count(purging.objectsLeft(), "payload")
                + " left in the bucket, for its lifecycle rule; --payload-bucket deletes them");
      }
      int status = selection.sayUnknown(this, found, "there is no dead letter of a job ");
      if (!counted.isEmpty() && !stop().isAsked()) {
        say(
            Text.count(counted.size(), "dead letter")
                + " of these could not be had any more: another reader holds or has deleted them");
        status = INCOMPLETE;
      }
      if (more > 0) {
        say("about " + more + " more wait in their groups, of which SQS shows ten; run it again");
        return INCOMPLETE;
      }
      return status;
    }
  }

  private void count(List<Delivery> some) {
    for (Delivery letter : some) {
      counted.add(letter.messageId());
      found.addAll(Messages.jobIds(letter));
      errors.add(letter);
      if (PackFormat.isPack(letter.attributes())) {
        packs.add(letter);
      }
    }
  }

  /** Whoever names one job does not mean its pack's other thousand. */
  private void refuseParts() {
    for (Delivery pack : packs) {
      if (selection.namesOnlySomeOf(pack)) {
        throw wrong(
            Text.oneLine(selection.nameOf(pack))
                + " is in "
                + Messages.packInWords(pack)
                + " that no worker could take, which is deleted whole or not at all: to delete it, give "
                + Text.oneLine(Messages.jobId(pack)));
      }
    }
  }

  private String packsInWords() {
    if (packs.isEmpty()) {
      return "";
    }
    int jobs = packs.stream().mapToInt(pack -> PackLine.split(pack.body()).size()).sum();
    return packs.size() == 1
        ? (errors.count() == 1 ? " It is " : " One of them is ")
            + Messages.packInWords(packs.getFirst())
            + "."
        : " " + packs.size() + " of them are packs, of " + Text.count(jobs, "job") + " together.";
  }

  private boolean isConfirmed() throws Exception {
    String what =
        Text.count(errors.count(), "dead letter")
            + " of \""
            + queue.name
            + "\" will be deleted for good: "
            + errors.inWords()
            + "."
            + packsInWords();
    return yes || Question.isTyped(this, what + " To go on, type the queue's name:", queue.name);
  }
}
