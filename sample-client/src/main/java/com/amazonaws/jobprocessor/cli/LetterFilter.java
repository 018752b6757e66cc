package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Chooses dead letters by what they say. */
final class LetterFilter {
  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE",
      description = {
        "only dead letters of which this holds; given more than once, all has to hold.",
        "error=TYPE: the error's type, with or without its package. message=TEXT: the error's message"
            + " has the text in it. worker=ID, queue=NAME: what they say of worker and backlog queue."
            + " job=TEXT: the job has the text in it, which of one in S3 is never known"
      })
  private List<String> conditions = new ArrayList<>();

  boolean isGiven() {
    return !conditions.isEmpty();
  }

  /** Refuses conditions that it does not know. */
  void check(Subcommand command) {
    for (String condition : conditions) {
      if (!condition.matches("(?s)(error|message|worker|queue|job)=.+")) {
        throw command.wrong(
            "--where: allowed are error=TYPE, message=TEXT, worker=ID, queue=NAME and job=TEXT, not \""
                + condition
                + '"');
      }
    }
  }

  /** What to say if the queue has dead letters, and the conditions hold for none of them. */
  static String noneMatches(long letters) {
    return letters == 0
        ? "no dead letters"
        : "no dead letter matches --where; the queue has " + letters;
  }

  /** True if all conditions hold. */
  boolean matches(Delivery letter) {
    return conditions.stream().allMatch(condition -> holds(condition, letter));
  }

  private static boolean holds(String condition, Delivery letter) {
    int end = condition.indexOf('=');
    String value = condition.substring(end + 1);
    return switch (condition.substring(0, end)) {
      case "error" -> {
        String type = Messages.text(letter, MessageFormat.ERROR_TYPE);
        yield type.equals(value) || LetterErrors.simpleName(type).equals(value);
      }
      case "message" -> Messages.text(letter, MessageFormat.ERROR_MESSAGE).contains(value);
      case "worker" -> Messages.text(letter, MessageFormat.WORKER_ID).equals(value);
      case "queue" -> Messages.text(letter, MessageFormat.BACKLOG).equals(value);
      default -> !Messages.isPointer(letter) && letter.body().contains(value);
    };
  }
}
