package com.amazonaws.jobprocessor.config;

import static com.amazonaws.jobprocessor.config.Setting.ACCESS_KEY_ID;
import static com.amazonaws.jobprocessor.config.Setting.DEAD_LETTER_QUEUE_NAME;
import static com.amazonaws.jobprocessor.config.Setting.JOB_BACKLOG_QUEUE_NAME;
import static com.amazonaws.jobprocessor.config.Setting.RESULTS_QUEUE_NAME;
import static com.amazonaws.jobprocessor.config.Setting.SECRET_ACCESS_KEY;
import static com.amazonaws.jobprocessor.config.Setting.SESSION_TOKEN;

import java.util.ArrayList;
import java.util.List;

/** Finds values that are each allowed and contradict one another. */
final class Contradictions {
  private static final List<Setting> QUEUES =
      List.of(JOB_BACKLOG_QUEUE_NAME, RESULTS_QUEUE_NAME, DEAD_LETTER_QUEUE_NAME);

  private final Values values;
  private final List<Problem> problems = new ArrayList<>();

  private Contradictions(Values values) {
    this.values = values;
  }

  /** The contradictions among the values in force, defaults included. */
  static List<Problem> in(Values values) {
    Contradictions found = new Contradictions(values);
    found.checkKeys();
    // A name that is not valid has a problem of its own; comparing it would only add noise.
    if (QUEUES.stream().allMatch(values::isAccepted)) {
      found.checkNamesDiffer();
      found.checkFifo();
    }
    return found.problems;
  }

  private void checkKeys() {
    boolean id = values.isGiven(ACCESS_KEY_ID);
    boolean secret = values.isGiven(SECRET_ACCESS_KEY);
    if (id && !secret) {
      add(ACCESS_KEY_ID, "without secret_access_key; allowed: both or neither");
    } else if (secret && !id) {
      add(SECRET_ACCESS_KEY, "without access_key_id; allowed: both or neither");
    } else if (values.isGiven(SESSION_TOKEN) && !id) {
      add(
          SESSION_TOKEN,
          "without access_key_id and secret_access_key; allowed: only together with them");
    }
  }

  private void add(Setting secret, String text) {
    problems.add(
        Problem.of(secret.key(), "the value in " + values.origin(secret) + " is given " + text));
  }

  private void checkNamesDiffer() {
    for (int i = 1; i < QUEUES.size(); i++) {
      Setting queue = QUEUES.get(i);
      QUEUES.subList(0, i).stream()
          .filter(other -> values.text(other).equals(values.text(queue)))
          .findFirst()
          .ifPresent(
              other ->
                  problems.add(
                      Problem.of(
                          queue.key(),
                          named(queue)
                              + " is also "
                              + other.key()
                              + " ("
                              + values.origin(other)
                              + "); allowed: three different names")));
    }
  }

  private void checkFifo() {
    List<Setting> fifo = QUEUES.stream().filter(this::isFifo).toList();
    if (fifo.isEmpty()) {
      return;
    }
    Setting first = fifo.getFirst();
    QUEUES.stream()
        .filter(queue -> !isFifo(queue))
        .findFirst()
        .ifPresent(
            other ->
                problems.add(
                    Problem.of(
                        first.key(),
                        named(first)
                            + " ends in .fifo and "
                            + other.key()
                            + " "
                            + named(other)
                            + " does not; allowed: all three or none")));
  }

  private boolean isFifo(Setting queue) {
    return values.text(queue).endsWith(".fifo");
  }

  private String named(Setting queue) {
    String origin = values.isGiven(queue) ? "in " + values.origin(queue) : "by default";
    return Printable.quote(values.text(queue)) + " " + origin;
  }
}
