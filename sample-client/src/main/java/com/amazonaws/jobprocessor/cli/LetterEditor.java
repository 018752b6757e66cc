package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets the user edit the job of a dead letter. */
final class LetterEditor {
  private static final Pattern VERSION = Pattern.compile("(.*)\\.([1-9][0-9]{0,5})");

  /**
   * A letter with another job.
   *
   * @param letter the same delivery, so that it is deleted with the old job
   * @param oldPayload the pointer to the payload that nothing points to any more; empty if there is
   *     none
   */
  record Edited(Delivery letter, String oldPayload) {}

  private final Bucket bucket;
  private final boolean keepId;

  /**
   * For one run of the command.
   *
   * @param keepId true if the new job gets the old one's id
   */
  LetterEditor(Bucket bucket, boolean keepId) {
    this.bucket = bucket;
    this.keepId = keepId;
  }

  /**
   * Opens an editor, and waits until it is closed.
   *
   * @return null if nothing was changed
   * @throws Bucket.Unusable why the job cannot be shown, or what was saved cannot be a job
   * @throws UserError if there is no editor, or it fails
   */
  Edited edit(Delivery letter) throws Bucket.Unusable, InterruptedException {
    String old = bucket.fetch(letter);
    Path file = null;
    try {
      file = Files.createTempFile("job-", ".txt"); // for nobody else to read
      Files.writeString(file, old);
      open(file);
      String text = Files.readString(file);
      if (text.endsWith("\n") && !old.endsWith("\n")) {
        text = text.substring(0, text.length() - 1); // which editors add
      }
      Edited edited = text.equals(old) ? null : with(letter, checked(text));
      Files.delete(file);
      return edited;
    } catch (CharacterCodingException e) {
      throw new Bucket.Unusable("was not sent back: what was saved is not UTF-8; it is in " + file);
    } catch (Bucket.Unusable e) {
      throw new Bucket.Unusable(
          "was not sent back: what was saved " + e.getMessage() + "; it is in " + file);
    } catch (IOException e) {
      throw new UserError("cannot write a file for the editor: " + Failures.reason(e));
    }
  }

  private static void open(Path file) throws IOException, InterruptedException {
    String editor =
        System.getenv().getOrDefault("VISUAL", System.getenv().getOrDefault("EDITOR", "vi"));
    // By the shell: EDITOR may have options.
    Process process =
        new ProcessBuilder("sh", "-c", editor + " \"$1\"", "sh", file.toString())
            .inheritIO()
            .start();
    int status = process.waitFor();
    if (status != 0) {
      throw new UserError(
          "the editor \""
              + editor
              + "\" has ended with "
              + status
              + ": the dead letter stays as it is; EDITOR names another editor");
    }
  }

  private static String checked(String text) throws Bucket.Unusable {
    if (text.isBlank()) {
      throw new Bucket.Unusable("is blank");
    }
    if (!MessageFormat.isSendable(text)) {
      throw new Bucket.Unusable("has characters that SQS does not accept");
    }
    return text;
  }

  private Edited with(Delivery letter, String text) throws Bucket.Unusable, InterruptedException {
    boolean isPack = PackFormat.isPack(letter.attributes());
    Map<String, Attribute> attributes = new HashMap<>(letter.attributes());
    attributes.keySet().removeAll(PayloadPointer.MARKS);
    if (isPack) {
      attributes.computeIfPresent(
          PackFormat.JOB_COUNT,
          (_, _) -> Attribute.of(Integer.toString(PackLine.split(text).size())));
    } else if (!keepId) {
      attributes.put(MessageFormat.JOB_ID, Attribute.of(next(Messages.jobId(letter))));
    }
    Job job =
        new Job(
            Messages.jobId(letter), 0, new OutgoingMessage(text, attributes, letter.group(), null));
    OutgoingMessage message =
        (job.bytes() > MessageFormat.MAX_BYTES ? bucket.store(job) : job).message();
    return new Edited(
        new Delivery(
            letter.messageId(),
            letter.receiptHandle(),
            message.body(),
            message.attributes(),
            letter.receiveCount(),
            letter.sentAtMillis(),
            letter.group()),
        Messages.isPointer(letter) ? letter.body() : "");
  }

  /** The id of the next version of a job. */
  static String next(String id) {
    Matcher version = VERSION.matcher(id);
    return version.matches()
        ? version.group(1) + "." + (Integer.parseInt(version.group(2)) + 1)
        : id + ".2";
  }

  /** Deletes the payload of a letter that is gone. */
  Optional<String> delete(String oldPayload) throws InterruptedException {
    return bucket.delete(oldPayload.isEmpty() ? List.of() : List.of(oldPayload));
  }
}
