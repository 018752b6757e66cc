package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.letters.Reach;
import com.amazonaws.jobprocessor.client.letters.SendingBack;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letters send-back}. */
@Command(
    name = "send-back",
    mixinStandardHelpOptions = true,
    description = {
      "Sends dead letters back to the backlog that they came from, without what the worker "
          + "had added to them.",
      "A dead letter of an older worker does not name its backlog: it goes to "
          + "--backlog-queue, which has to be given together with --dead-letter-queue.",
      "A dead letter is deleted only after the backlog has accepted it: none is lost, at "
          + "worst one comes twice.",
      "A run that is cut off between the two leaves the dead letter and the job: with "
          + "--job-table the next run deletes the letter of a job that a worker has begun "
          + "meanwhile, and workers run no copy beside the first or after its success.",
      "With --payload-bucket a job in S3 gets an object of its own; without it, the job "
          + "keeps using the dead letter's object; with --job-table it is refused then, so that no "
          + "purge takes the object from a job that waits.",
      "A pack that no worker could take (PackRefused) goes back as the pack that it was, "
          + "with all its jobs, whichever of them is named. A job that fails again meanwhile "
          + "stays a dead letter."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong, or some were refused; standard error says which",
      "2:the command line is invalid",
      "3:some ids were not found, or wait in a FIFO queue behind others of their group",
      "130, 143:stopped by Ctrl-C or SIGTERM, after saying how many were sent back"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client dead-letters send-back k3f9x2-17 k3f9x2-20",
      "  sample-client dead-letters send-back --where error=SocketTimeoutException",
      "  sample-client dead-letters send-back --all --dead-letter-queue failed.fifo"
    })
final class SendBack extends Subcommand {
  @Option(names = "--json", description = "the counts as a JSON object")
  private boolean json;

  @Mixin private LetterSelection selection;
  @Mixin private ReturnOptions where;

  private final Set<String> found = new HashSet<>();

  @Override
  public Integer call() throws Exception {
    selection.check(this);
    where.check(this);
    SendingBack sending;
    long waiting;
    try (AwsSession aws = where.open()) {
      Reach reach = where.reach(aws, where.bucket(aws, this), this);
      sending = new SendingBack(reach, where.backlogs(aws, reach, this), this::say);
      waiting = sendBack(sending, where.letters(aws, this));
    }
    return report(sending, waiting);
  }

  private long sendBack(SendingBack sending, LetterQueue letters) throws Exception {
    try {
      return letters.forEach(
          (inbox, some) -> {
            List<Delivery> meant = selection.of(some);
            sending.take(inbox, meant);
            meant.forEach(letter -> found.addAll(Messages.jobIds(letter)));
          });
    } catch (Exception e) {
      if (stop().isAsked() || !sending.sent().isEmpty()) {
        print(sending);
        say("the other dead letters stay as they are; give the command again");
      }
      throw e;
    }
  }

  private void print(SendingBack sending) {
    if (json) {
      out()
          .println(
              new JsonLine()
                  .number("sent_back", sending.count())
                  .number("packs_sent_back", sending.packs())
                  .number("sent_before", sending.again())
                  .number("refused", sending.refused().size())
                  .end());
    } else {
      out().println("sent back " + inWords(sending));
    }
    out().flush();
    ReturnOptions.sayAgain(sending, this);
    if (sending.failedAgain() > 0) {
      say(
          Text.count(sending.failedAgain(), "job")
              + " of those sent back failed again meanwhile, and stayed in the dead-letter queue");
    }
  }

  private int report(SendingBack sending, long waiting) {
    print(sending);
    int status = selection.sayUnknown(this, found, "no dead letter was sent back with the id ");
    if (status != DONE) {
      LetterQueue.sayThatMoreWait(this, waiting);
    }
    return sending.refused().isEmpty() ? status : FAILED;
  }

  private static String inWords(SendingBack sending) {
    String packs = sending.packs() == 0 ? "" : Text.count(sending.packs(), "pack");
    boolean onlyPacks = sending.count() == 0 && !packs.isEmpty();
    String jobs = onlyPacks ? "" : Text.count(sending.count(), "job");
    return jobs + (jobs.isEmpty() || packs.isEmpty() ? "" : ", ") + packs;
  }
}
