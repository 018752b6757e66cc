package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Prints messages as text or as JSON lines. */
final class Printer {
  private static final JsonFactory JSON = new JsonFactory();

  private final PrintWriter out;
  private final boolean json;

  Printer(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /**
   * A result: {@code job_id TAB result}, what could move a cursor escaped; or a JSON object with
   * everything.
   */
  void result(Received result) throws IOException {
    String text = result.isEmptyResult() ? "" : result.body();
    if (json) {
      List<String> names =
          List.of(
              MessageFormat.JOB_ID,
              MessageFormat.JOB_MESSAGE_ID,
              MessageFormat.WORKER_ID,
              MessageFormat.ATTEMPTS,
              MessageFormat.DURATION_MILLIS);
      out.println(object(result, names, "result", text));
    } else {
      out.println(Text.oneLine(result.jobId()) + "\t" + Text.oneLine(text));
    }
  }

  /** A dead letter as a JSON object; of a payload in S3 its pointer and its size. */
  void deadLetter(Received letter) throws IOException {
    List<String> names =
        List.of(
            MessageFormat.JOB_ID,
            MessageFormat.JOB_MESSAGE_ID,
            MessageFormat.WORKER_ID,
            MessageFormat.ATTEMPTS,
            MessageFormat.ERROR_TYPE,
            MessageFormat.ERROR_MESSAGE);
    out.println(object(letter, names, letter.isPointer() ? "job_pointer" : "job", letter.body()));
  }

  private static String object(Received message, List<String> names, String bodyName, String body)
      throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(line)) {
      generator.writeStartObject();
      for (String name : names) {
        String value = name.equals(MessageFormat.JOB_ID) ? message.jobId() : message.text(name);
        boolean number =
            name.equals(MessageFormat.ATTEMPTS) || name.equals(MessageFormat.DURATION_MILLIS);
        if (number && value.matches("[0-9]{1,18}")) {
          generator.writeNumberField(name, Long.parseLong(value));
        } else {
          generator.writeStringField(name, value);
        }
      }
      if (message.isPointer()) {
        generator.writeNumberField(
            "job_bytes", PayloadPointer.sizeOf(message.attributes()).orElse(-1));
      }
      generator.writeStringField(bodyName, body);
      generator.writeEndObject();
    }
    return line.toString();
  }

  /** What cannot be written is not to be taken from the queue. */
  void flush() {
    if (out.checkError()) {
      throw new UserError("cannot write to standard output; nothing more was taken from the queue");
    }
  }
}
