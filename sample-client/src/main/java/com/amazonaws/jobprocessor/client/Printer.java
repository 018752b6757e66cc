package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.io.PrintWriter;
import java.util.List;

/** Prints results and dead letters as text or as JSON lines. */
final class Printer {
  private static final List<String> RESULT =
      List.of(MessageFormat.JOB_MESSAGE_ID, MessageFormat.WORKER_ID);
  private static final List<String> LETTER =
      List.of(MessageFormat.ERROR_TYPE, MessageFormat.ERROR_MESSAGE, MessageFormat.BACKLOG);

  private final PrintWriter out;
  private final boolean json;

  Printer(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /**
   * A result: {@code job_id TAB result}, what could move a cursor escaped; or a JSON object with
   * everything.
   *
   * @param body the result, wherever the message had it
   */
  void result(Delivery result, String body) {
    String text = Messages.isEmptyResult(result) ? "" : body;
    if (!json) {
      out.println(Text.oneLine(Messages.jobId(result)) + "\t" + Text.oneLine(text));
      return;
    }
    JsonLine line = begin(result, RESULT);
    line.numberOrText(MessageFormat.ATTEMPTS, Messages.text(result, MessageFormat.ATTEMPTS));
    line.numberOrText(
        MessageFormat.DURATION_MILLIS, Messages.text(result, MessageFormat.DURATION_MILLIS));
    out.println(line.text("result", text).end());
  }

  /** A dead letter as a JSON object; of a payload in S3 its pointer and its size. */
  void deadLetter(Delivery letter) {
    JsonLine line = begin(letter, List.of(MessageFormat.JOB_MESSAGE_ID, MessageFormat.WORKER_ID));
    line.numberOrText(MessageFormat.ATTEMPTS, Messages.text(letter, MessageFormat.ATTEMPTS));
    LETTER.forEach(name -> line.text(name, Messages.text(letter, name)));
    if (Messages.isPointer(letter)) {
      line.number("job_bytes", PayloadPointer.sizeOf(letter.attributes()).orElse(-1));
      line.text("job_pointer", letter.body());
    } else {
      line.text("job", letter.body());
    }
    out.println(line.end());
  }

  private static JsonLine begin(Delivery message, List<String> names) {
    JsonLine line = new JsonLine().text(MessageFormat.JOB_ID, Messages.jobId(message));
    names.forEach(name -> line.text(name, Messages.text(message, name)));
    return line;
  }

  /** What cannot be written is not to be taken from the queue. */
  void flush() {
    if (out.checkError()) {
      throw new UserError("cannot write to standard output; nothing more was taken from the queue");
    }
  }
}
