package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Lets the user edit the job of a dead letter. */
final class LetterEditor {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** Makes a job of what was saved. */
  interface Maker {
    Delivery of(String text) throws Bucket.Unusable, CallFailed, InterruptedException;
  }

  private final Bucket bucket;
  private final Stop stop;

  /** For one run of the command. */
  LetterEditor(Bucket bucket, Stop stop) {
    this.bucket = bucket;
    this.stop = stop;
  }

  /**
   * Opens an editor, and waits until it is closed.
   *
   * @return what is made of what was saved, and where that is; empty if nothing was changed
   * @throws Bucket.Unusable why the job cannot be shown, or what was saved cannot be a job
   * @throws UserError if there is no editor, or it fails
   * @throws Stop.Asked if the command is stopped; the editor is closed then
   */
  Optional<Edited> edit(Delivery letter, Maker maker)
      throws Bucket.Unusable, CallFailed, InterruptedException {
    String old;
    try {
      old = bucket.fetch(letter);
    } catch (Bucket.Unusable e) {
      throw new Bucket.Unusable("its definition " + e.getMessage());
    }
    try {
      Path file = Files.createTempFile("job-", ".txt"); // for nobody else to read
      try {
        Files.writeString(file, old);
        open(file);
      } catch (UserError | Stop.Asked e) {
        throw withWhatWasSaved(e, file, old);
      }
      Optional<Delivery> edited = made(file, old, maker);
      if (edited.isEmpty()) {
        Files.delete(file);
      }
      return edited.map(sent -> new Edited(sent, file));
    } catch (IOException e) {
      throw new UserError("cannot write a file for the editor: " + Failures.reason(e));
    }
  }

  /**
   * What was made of what was saved.
   *
   * @param file what was saved: to be deleted when the letter is sent, and not before
   */
  record Edited(Delivery letter, Path file) {}

  /** What was saved before the editor ended too early is not lost. */
  private static RuntimeException withWhatWasSaved(RuntimeException end, Path file, String old)
      throws IOException {
    if (Arrays.equals(Files.readAllBytes(file), old.getBytes(UTF_8))) {
      Files.delete(file);
      return end;
    }
    return new UserError(end.getMessage() + "; what was saved is in " + file);
  }

  private static Optional<Delivery> made(Path file, String old, Maker maker)
      throws IOException, Bucket.Unusable, InterruptedException {
    try {
      String text = Files.readString(file);
      if (text.endsWith("\n") && !old.endsWith("\n")) {
        text = text.substring(0, text.length() - 1); // which editors add
      }
      return text.equals(old) ? Optional.empty() : Optional.of(maker.of(checked(text)));
    } catch (CharacterCodingException e) {
      throw new Bucket.Unusable("what was saved is not UTF-8; it is in " + file);
    } catch (Bucket.Unusable e) {
      throw new Bucket.Unusable("what was saved " + e.getMessage() + "; it is in " + file);
    } catch (CallFailed e) {
      throw new UserError(Failures.messageOf(e) + "; what was saved is in " + file);
    }
  }

  private void open(Path file) throws IOException, InterruptedException {
    String editor =
        System.getenv().getOrDefault("VISUAL", System.getenv().getOrDefault("EDITOR", "vi"));
    // By the shell: EDITOR may have options.
    Process process =
        new ProcessBuilder("sh", "-c", editor + " \"$1\"", "sh", file.toString())
            .inheritIO()
            .start();
    int status = closed(process);
    if (status != 0) {
      throw new UserError(
          "the editor \""
              + editor
              + "\" has ended with "
              + status
              + ": the dead letter stays as it is; EDITOR names another editor");
    }
  }

  private int closed(Process editor) throws InterruptedException {
    CompletableFuture<Process> end = editor.onExit();
    while (!end.isDone()) {
      if (stop.await(LOOK)) {
        editor.descendants().forEach(ProcessHandle::destroy);
        editor.destroy();
        throw new Stop.Asked();
      }
    }
    return editor.exitValue();
  }

  private static String checked(String text) throws Bucket.Unusable {
    if (text.isBlank()) {
      throw new Bucket.Unusable("is blank");
    }
    if (!MessageFormat.isSendable(text)) {
      throw new Bucket.Unusable(Text.unsendable(text));
    }
    return text;
  }
}
