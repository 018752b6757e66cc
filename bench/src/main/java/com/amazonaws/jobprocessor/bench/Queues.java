package com.amazonaws.jobprocessor.bench;

import java.util.List;

/** The names of a run's queues. */
record Queues(String backlog, String results, String deadLetters) {
  static Queues of(String run) {
    return new Queues(run + "-backlog", run + "-results", run + "-dead-letters");
  }

  List<String> all() {
    return List.of(backlog, results, deadLetters);
  }
}
