package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import com.amazonaws.jobprocessor.testkit.Call;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.sqs.model.Message;

/** Gathers what is known of the jobs of a scene: what ran, which calls were made, what came out. */
final class Evidence {
  private final Register register;
  private final Attempts attempts;

  Evidence(Jobs jobs) {
    this.register = new Register(jobs.ids());
    this.attempts = jobs.attempts();
  }

  /** The runs that the executor has written down. */
  Evidence runs(Path file) throws IOException {
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      List<String> words = List.of(line.split(" ", -1));
      if (words.getFirst().equals("begin")) {
        long begun = Long.parseLong(words.get(4));
        register.run(new Register.Run(words.get(1), words.get(2), begun));
      }
    }
    return this;
  }

  /** The ends that the job table has learnt of. */
  Evidence recorded(List<Call> updates) {
    for (Call call : updates) {
      RecordedEnd.of(call).ifPresent(end -> register.ended(end.jobId(), end.nanos()));
    }
    return this;
  }

  /**
   * The messages that were deleted, as it was confirmed to the worker: a late delete with an old
   * handle succeeds too, and deletes nothing.
   */
  Evidence deleted(List<Call> deletes) {
    for (Call call : deletes) {
      if (call.status() == 200) {
        call.receiptHandles()
            .forEach(handle -> register.deleted(messageId(handle), call.answeredNanos()));
      }
    }
    return this;
  }

  /** Which message a receipt handle of this machine's SQS is for. */
  static String messageId(String receiptHandle) {
    return receiptHandle.substring(0, receiptHandle.indexOf('#'));
  }

  /** The results, whether they came alone or together, and the dead letters. */
  Register outlets(EmbeddedSqs sqs, String results, String deadLetters) throws UnreadableLine {
    for (Message message : sqs.receiveAll(results)) {
      if (text(message, "job_pack").isEmpty()) {
        result(text(message, "job_id"), message.body(), text(message, "attempts"));
      } else {
        for (PackLine line : PackLine.split(message.body())) {
          ResultLine result = ResultLine.read(line.text());
          result(result.jobId(), result.body(), Integer.toString(result.attempts()));
        }
      }
    }
    for (Message letter : sqs.receiveAll(deadLetters)) {
      register.deadLetter(text(letter, "job_id"));
      attempts.had(text(letter, "job_id"), text(letter, "attempts"));
    }
    return register;
  }

  private void result(String jobId, String body, String made) {
    register.result(jobId, body);
    attempts.had(jobId, made);
  }

  private static String text(Message message, String attribute) {
    var value = message.messageAttributes().get(attribute);
    return value == null ? "" : value.stringValue();
  }

  /** How many jobs packs of results, sent by these calls, carry beyond the first of each. */
  static int packedBeyondTheFirst(List<Call> sends) {
    return sends.stream()
        .filter(call -> call.upstreamStatus() == 200)
        .flatMap(call -> call.request().field("Entries").stream())
        .flatMap(entries -> entries.asArray().stream())
        .mapToInt(entry -> jobCount(entry) - 1)
        .sum();
  }

  private static int jobCount(JsonNode entry) {
    return entry
        .field("MessageAttributes")
        .flatMap(attributes -> attributes.field("job_count"))
        .flatMap(count -> count.field("StringValue"))
        .map(count -> Integer.parseInt(count.asString()))
        .orElse(1);
  }
}
