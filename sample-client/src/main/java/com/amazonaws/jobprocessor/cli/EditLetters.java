package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letters edit}. */
@Command(
    name = "edit",
    mixinStandardHelpOptions = true,
    description = {
      "Opens the job of each chosen dead letter in an editor ($VISUAL, $EDITOR or vi), and sends back what was saved.",
      "What was not changed stays where it is. A dead letter is deleted only after the backlog has taken its new job.",
      "The new job gets an id of its own, the old one with .2 behind it (then .3, ...): with a job table an id belongs to",
      "one definition for good. --keep-id keeps the id, for workers without a job table.",
      "A pack that no worker could take (PackRefused) is edited as it stands, a job a line, and keeps its ids."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong, or some were refused; standard error says which",
      "2:the command line makes no sense",
      "3:some ids were not found"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client dead-letters edit k3f9x2-17",
      "  EDITOR='sed -i s/jpgg/jpg/' sample-client dead-letters edit --where error=NoSuchFileException"
    })
final class EditLetters extends Subcommand {
  @Option(names = "--keep-id", description = "the edited job keeps its id")
  private boolean keepId;

  @Mixin private LetterSelection selection;
  @Mixin private Queues.Backlog backlog;
  @Mixin private Queues.DeadLetterQueue queue;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private Connection connection;

  private final Set<String> found = new HashSet<>();

  /** By the ids of the jobs that were edited the job_message_id of the letter. */
  private final Map<String, String> deaths = new HashMap<>();

  private int unchanged;
  private int refused;

  @Override
  public Integer call() throws Exception {
    selection.check(this);
    Resending resending;
    try (AwsSession aws = connection.open()) {
      Bucket bucket = payloadBucket.open(aws, retry());
      Destinations destinations =
          new Destinations(
              aws,
              new Destinations.Given(
                  queue.name, isGiven(Queues.DEAD_LETTERS), backlog.name, isGiven(Queues.BACKLOG)),
              stop());
      resending = new Resending(destinations, null, this::say);
      LetterEditor editor = new LetterEditor(bucket, keepId);
      new LetterQueue(aws, queue.name, stop())
          .forEach((inbox, letters) -> edit(inbox, selection.of(letters), resending, editor));
    }
    int sent = resending.count() + resending.packs();
    out()
        .println(
            "sent back "
                + Text.count(sent, "edited job")
                + (unchanged == 0 ? "" : ", " + unchanged + " unchanged"));
    out().flush();
    int status = selection.sayUnknown(this, found, "there is no dead letter of a job ");
    return refused > 0 || !resending.refused().isEmpty() ? FAILED : status;
  }

  /** True if it is a copy of a letter that was edited, as a worker's death can make one. */
  private boolean isCopy(Delivery letter) {
    String death = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
    return !death.isEmpty()
        && death.equals(deaths.get(Messages.jobId(letter)))
        && !Messages.isPointer(letter);
  }

  private void edit(Inbox inbox, List<Delivery> letters, Resending resending, LetterEditor editor)
      throws CallFailed, InterruptedException {
    for (Delivery letter : letters) {
      if (stop().isAsked()) {
        return;
      }
      if (isCopy(letter)) {
        inbox.delete(List.of(letter));
        continue;
      }
      found.addAll(Messages.jobIds(letter));
      try {
        LetterEditor.Edited edited = editor.edit(letter);
        if (edited == null) {
          unchanged++;
          continue;
        }
        resending.take(inbox, List.of(edited.letter()));
        if (resending.sent().contains(Messages.jobId(edited.letter()))) {
          deaths.put(Messages.jobId(letter), Messages.text(letter, MessageFormat.JOB_MESSAGE_ID));
          editor.delete(edited.oldPayload()).ifPresent(this::say);
          say(Messages.jobId(letter) + " was sent back as " + Messages.jobId(edited.letter()));
        }
      } catch (Bucket.Unusable e) {
        refused++;
        say("job " + Messages.jobId(letter) + " " + e.getMessage());
      }
    }
  }
}
