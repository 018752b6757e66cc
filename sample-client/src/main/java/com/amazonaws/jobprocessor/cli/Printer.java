package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.io.PrintWriter;
import java.util.List;
import java.util.StringJoiner;

/** Prints results and dead letters as text or as JSON lines. */
final class Printer {
  private static final List<String> RUN =
      List.of(MessageFormat.JOB_MESSAGE_ID, MessageFormat.WORKER_ID);
  private static final List<String> LETTER =
      List.of(MessageFormat.ERROR_TYPE, MessageFormat.ERROR_MESSAGE, MessageFormat.BACKLOG);

  private final PrintWriter out;
  private final Format format;
  private boolean begun;

  Printer(PrintWriter out, boolean json) {
    this(out, json ? Format.JSON : Format.TEXT);
  }

  Printer(PrintWriter out, Format format) {
    this.out = out;
    this.format = format;
  }

  /** Prints what stands above the first result, if the format has it. */
  void begin() {
    if (!begun && format == Format.CSV) {
      csv("job_id", "result", "attempts", "duration_millis", "worker_id", "job_message_id");
    }
    begun = true;
  }

  /**
   * A result: {@code job_id TAB result}, what could move a cursor escaped; or a JSON object or CSV
   * record with everything.
   *
   * @param body the result, wherever the message had it
   */
  void result(JobResult result, String body) {
    begin();
    switch (format) {
      case TEXT -> out.println(Text.oneLine(result.jobId()) + "\t" + Text.oneLine(body));
      case CSV ->
          csv(
              result.jobId(),
              body,
              result.attempts(),
              result.durationMillis(),
              result.workerId(),
              result.jobMessageId());
      case JSON ->
          out.println(
              new JsonLine()
                  .text(MessageFormat.JOB_ID, result.jobId())
                  .text(MessageFormat.JOB_MESSAGE_ID, result.jobMessageId())
                  .text(MessageFormat.WORKER_ID, result.workerId())
                  .numberOrText(MessageFormat.ATTEMPTS, result.attempts())
                  .numberOrText(MessageFormat.DURATION_MILLIS, result.durationMillis())
                  .text("result", body)
                  .end());
    }
  }

  private void csv(String... fields) {
    StringJoiner line = new StringJoiner(",");
    for (String field : fields) {
      boolean quoted = field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      line.add(quoted ? '"' + field.replace("\"", "\"\"") + '"' : field);
    }
    // Of RFC 4180 but for its CR before each LF, which the tools of Unix would take for data.
    out.println(line);
  }

  /** A dead letter as a JSON object; of a payload in S3 its pointer and its size. */
  void deadLetter(Delivery letter) {
    JsonLine line = new JsonLine().text(MessageFormat.JOB_ID, Messages.jobId(letter));
    RUN.forEach(name -> line.text(name, Messages.text(letter, name)));
    line.numberOrText(MessageFormat.ATTEMPTS, Messages.text(letter, MessageFormat.ATTEMPTS));
    LETTER.forEach(name -> line.text(name, Messages.text(letter, name)));
    if (PackFormat.isPack(letter.attributes())) {
      line.text(PackFormat.JOB_PACK, Messages.text(letter, PackFormat.JOB_PACK));
      line.numberOrText(PackFormat.JOB_COUNT, Messages.text(letter, PackFormat.JOB_COUNT));
      line.text(PackFormat.RESULT_PACK, Messages.text(letter, PackFormat.RESULT_PACK));
    }
    if (Messages.isPointer(letter)) {
      line.number("job_bytes", PayloadPointer.sizeOf(letter.attributes()).orElse(-1));
      line.text("job_pointer", letter.body());
    } else {
      line.text("job", letter.body());
    }
    out.println(line.end());
  }

  /** What cannot be written is not to be taken from the queue. */
  void flush() {
    if (out.checkError()) {
      throw new UserError("cannot write to standard output; nothing more was taken from the queue");
    }
  }
}
