package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.letters.Backlogs;
import com.amazonaws.jobprocessor.client.letters.Edits;
import com.amazonaws.jobprocessor.client.letters.Reach;
import com.amazonaws.jobprocessor.client.letters.SendingBack;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letters edit}. */
@Command(
    name = "edit",
    mixinStandardHelpOptions = true,
    description = {
      "Opens the job of each chosen dead letter in an editor ($VISUAL, $EDITOR or vi), and "
          + "sends back what was saved.",
      "What was not changed stays where it is. A dead letter is deleted only after the "
          + "backlog has taken its new job.",
      "The new job gets an id of its own, the old one with .2 behind it (then .3, ...): "
          + "with a job table an id belongs to one definition for good. With --job-table it is "
          + "one that the table does not know of another definition, and what a run that was cut "
          + "off has sent is not sent again. --keep-id keeps the id, for workers without a job "
          + "table.",
      "A pack that no worker could take (PackRefused) is edited as it stands, a job a "
          + "line, and keeps its ids."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong, or some were refused; standard error says which",
      "2:the command line is invalid",
      "3:some ids were not found",
      "130, 143:stopped by Ctrl-C or SIGTERM, after saying how many were sent back; what is being edited stays as it is"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client dead-letters edit k3f9x2-17",
      "  EDITOR='sed -i s/jpgg/jpg/' sample-client dead-letters edit --where error=NoSuchFileException"
    })
final class EditLetters extends Subcommand {
  @Option(names = "--keep-id", description = "the edited job keeps its id")
  private boolean keepId;

  @Option(names = "--json", description = "the counts as a JSON object")
  private boolean json;

  @Mixin private LetterSelection selection;
  @Mixin private ReturnOptions where;

  private final Set<String> found = new HashSet<>();

  /** The letters that were edited, by the ids of their jobs. */
  private final Map<String, List<Delivery>> edited = new HashMap<>();

  private int unchanged;
  private int refused;

  @Override
  public Integer call() throws Exception {
    selection.check(this);
    where.check(this);
    if (keepId && isGiven(TableName.OPTION)) {
      throw wrong("--keep-id: with a job table an id belongs to one definition for good");
    }
    SendingBack sending;
    try (AwsSession aws = where.open()) {
      Bucket bucket = where.bucket(aws, this);
      Reach reach = where.reach(aws, bucket, this);
      Backlogs backlogs = where.backlogs(aws, reach, this);
      sending = new SendingBack(reach, backlogs, this::say);
      Editing editing =
          new Editing(
              backlogs, sending, new LetterEditor(bucket, stop()), new Edits(reach, keepId));
      try {
        where
            .letters(aws, this)
            .forEach((inbox, letters) -> edit(inbox, selection.of(letters), editing));
      } catch (Exception e) {
        if (stop().isAsked() || !sending.sent().isEmpty()) {
          print(sending);
        }
        throw e;
      }
    }
    print(sending);
    int status = selection.sayUnknown(this, found, "there is no dead letter of a job ");
    return refused > 0 || !sending.refused().isEmpty() ? FAILED : status;
  }

  private void print(SendingBack sending) {
    out().println(json ? json(sending) : inWords(sending.count(), sending.packs()));
    out().flush();
    ReturnOptions.sayAgain(sending, this);
  }

  private String inWords(int jobs, int packs) {
    String edited = packs == 0 ? "" : Text.count(packs, "edited pack");
    return "sent back "
        + (jobs == 0 && packs > 0 ? edited : Text.count(jobs, "edited job"))
        + (jobs == 0 || packs == 0 ? "" : ", " + edited)
        + (unchanged == 0 ? "" : ", " + unchanged + " unchanged");
  }

  private String json(SendingBack sending) {
    return new JsonLine()
        .number("sent_back", sending.count())
        .number("packs_sent_back", sending.packs())
        .number("unchanged", unchanged)
        .number("sent_before", sending.again())
        .number("refused", refused + sending.refused().size())
        .end();
  }

  /** What a letter goes through. */
  private record Editing(
      Backlogs backlogs, SendingBack sending, LetterEditor editor, Edits edits) {}

  private void edit(Inbox inbox, List<Delivery> letters, Editing editing)
      throws CallFailed, InterruptedException {
    for (Delivery letter : letters) {
      if (stop().isAsked()) {
        return;
      }
      List<Delivery> before = edited.getOrDefault(Messages.jobId(letter), List.of());
      if (before.stream().anyMatch(first -> SendingBack.isCopy(letter, first))) {
        inbox.delete(List.of(letter));
        continue;
      }
      found.addAll(Messages.jobIds(letter));
      try {
        edit(inbox, letter, editing);
      } catch (Backlogs.Refused | Bucket.Unusable e) {
        refused++;
        say("job " + Messages.jobId(letter) + " was not sent back: " + e.getMessage());
      }
    }
  }

  private void edit(Inbox inbox, Delivery letter, Editing editing)
      throws Backlogs.Refused, Bucket.Unusable, CallFailed, InterruptedException {
    SendingBack sending = editing.sending();
    String backlog = editing.backlogs().of(letter);
    if (sending.withoutSentBefore(inbox, backlog, List.of(letter)).isEmpty()) {
      return;
    }
    String id = Messages.jobId(letter);
    Optional<LetterEditor.Edited> next =
        editing.editor().edit(letter, text -> edited(editing.edits(), letter, backlog, text));
    if (next.isEmpty()) {
      unchanged++;
    } else if (send(sending, inbox, backlog, letter, next.get())) {
      edited.computeIfAbsent(id, _ -> new ArrayList<>()).add(letter);
      say(
          PackFormat.isPack(letter.attributes())
              ? "the pack " + id + " was sent back"
              : id + " was sent back as " + Messages.jobId(next.get().letter()));
    }
  }

  /** What was saved is not lost if it is not sent. */
  private boolean send(
      SendingBack sending, Inbox inbox, String backlog, Delivery letter, LetterEditor.Edited edited)
      throws CallFailed, InterruptedException {
    boolean isSent = false;
    try {
      isSent = sending.sendEdited(inbox, backlog, letter, edited.letter());
    } finally {
      if (!isSent) {
        say("what was saved is in " + edited.file());
      } else if (!edited.file().toFile().delete()) {
        say("cannot delete " + edited.file());
      }
    }
    return isSent;
  }

  private static Delivery edited(Edits edits, Delivery letter, String backlog, String text)
      throws Bucket.Unusable, CallFailed, InterruptedException {
    try {
      return edits.edited(letter, backlog, text);
    } catch (Edits.TooLong e) {
      throw new Bucket.Unusable("is too long for a message; --payload-bucket takes up to 64 MiB");
    } catch (PayloadObjects.Unusable e) {
      throw new Bucket.Unusable("could not be put into the bucket: " + e.getMessage());
    }
  }
}
