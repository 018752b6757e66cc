package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dead-letters send-back}. */
@Command(
    name = "send-back",
    mixinStandardHelpOptions = true,
    description = {
      "Sends dead letters back to the backlog that they came from, without what the worker had added to them.",
      "A dead letter of an older worker does not name its backlog: it goes to --backlog-queue, which has to be given together with --dead-letter-queue.",
      "A dead letter is deleted only after the backlog has accepted it: none is lost, at worst one comes twice.",
      "A payload in S3 stays where it is and belongs to the job again.",
      "A pack that no worker could take (PackRefused) goes back as the pack that it was."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong, or some were refused; standard error says which",
      "2:the command line makes no sense",
      "3:some ids were not found, or wait in a FIFO queue behind others of their group"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client dead-letters send-back k3f9x2-17 k3f9x2-20",
      "  sample-client dead-letters send-back --where error=SocketTimeoutException",
      "  sample-client dead-letters send-back --all --dead-letter-queue failed.fifo"
    })
final class SendBack extends Subcommand {
  @Mixin private LetterSelection selection;
  @Mixin private Queues.Backlog backlog;
  @Mixin private Queues.DeadLetterQueue queue;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    selection.check(this);
    checkQueues();
    Resending resending;
    long waiting;
    try (AwsSession aws = connection.open()) {
      Destinations destinations =
          new Destinations(
              aws,
              new Destinations.Given(
                  queue.name, isGiven(Queues.DEAD_LETTERS), backlog.name, isGiven(Queues.BACKLOG)),
              stop());
      resending = new Resending(destinations, selection.ids(), this::say);
      waiting =
          new LetterQueue(aws, queue.name, stop())
              .forEach((inbox, letters) -> resending.take(inbox, selection.of(letters)));
    }
    return report(resending, waiting);
  }

  private void checkQueues() {
    if (isGiven(Queues.BACKLOG) && SqsQueue.isFifo(backlog.name) != SqsQueue.isFifo(queue.name)) {
      throw new UserError(
          "\""
              + queue.name
              + "\" and \""
              + backlog.name
              + "\": one is a FIFO queue (NAME.fifo), the other is not; jobs go back to a queue of"
              + " their kind only");
    }
  }

  private int report(Resending resending, long waiting) {
    String packs = resending.packs() == 0 ? "" : Text.count(resending.packs(), "pack");
    boolean onlyPacks = resending.count() == 0 && !packs.isEmpty();
    String jobs = onlyPacks ? "" : Text.count(resending.count(), "job");
    out().println("sent back " + jobs + (jobs.isEmpty() || packs.isEmpty() ? "" : ", ") + packs);
    out().flush();
    Set<String> met = new HashSet<>(resending.sent());
    met.addAll(resending.refused());
    int status = selection.sayUnknown(this, met, "no dead letter was sent back with the id ");
    if (status != DONE) {
      LetterQueue.sayThatMoreWait(this, waiting);
    }
    return resending.refused().isEmpty() ? status : FAILED;
  }
}
