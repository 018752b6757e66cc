package com.amazonaws.jobprocessor.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is known of the jobs of a scene, from outside the workers; and what follows from it. */
final class Register {
  /** A run of the executor, for a job of the message. */
  record Run(String jobId, String messageId, long begunNanos) {}

  private final Set<String> jobs;
  private final List<Run> runs = new ArrayList<>();
  private final Map<String, Long> ended = new HashMap<>();
  private final Map<String, Long> deleted = new HashMap<>();
  private final Map<String, List<String>> results = new TreeMap<>();
  private final Map<String, Integer> deadLetters = new TreeMap<>();

  Register(Collection<String> jobs) {
    this.jobs = new TreeSet<>(jobs);
  }

  void run(Run run) {
    runs.add(run);
  }

  /** The job table learnt of the job's end at the given moment; the first counts. */
  void ended(String jobId, long nanos) {
    ended.merge(jobId, nanos, Math::min);
  }

  /**
   * A worker was told at the given moment that the message is deleted; the first counts. What a
   * pack's remainder carries is in another message.
   */
  void deleted(String messageId, long nanos) {
    deleted.merge(messageId, nanos, Math::min);
  }

  void result(String jobId, String body) {
    results.computeIfAbsent(jobId, _ -> new ArrayList<>()).add(body);
  }

  void deadLetter(String jobId) {
    deadLetters.merge(jobId, 1, Integer::sum);
  }

  /**
   * What became of the jobs.
   *
   * @param lost jobs without a result or a dead letter
   * @param runAgain jobs with a run that began after their end was recorded, or after the delete of
   *     the message that it was for
   * @param different jobs with two ends that differ: results, or a result and a dead letter
   * @param copies results and dead letters beyond the first of a job
   * @param strangers results and dead letters of jobs that nobody has submitted
   */
  record Verdict(
      int jobs,
      int runs,
      Set<String> lost,
      Set<String> runAgain,
      Set<String> different,
      int copies,
      Set<String> strangers) {}

  Verdict verdict() {
    Set<String> lost = new TreeSet<>(jobs);
    lost.removeAll(results.keySet());
    lost.removeAll(deadLetters.keySet());
    Set<String> again = new TreeSet<>();
    for (Run run : runs) {
      if (isAfter(run, ended.get(run.jobId())) || isAfter(run, deleted.get(run.messageId()))) {
        again.add(run.jobId());
      }
    }
    Set<String> different = new TreeSet<>();
    int copies = 0;
    for (Map.Entry<String, List<String>> result : results.entrySet()) {
      int bodies = new HashSet<>(result.getValue()).size();
      if (bodies > 1 || deadLetters.containsKey(result.getKey())) {
        different.add(result.getKey());
      }
      copies += result.getValue().size() - bodies;
    }
    for (int letters : deadLetters.values()) {
      copies += letters - 1;
    }
    Set<String> strangers = new TreeSet<>(results.keySet());
    strangers.addAll(deadLetters.keySet());
    strangers.removeAll(jobs);
    return new Verdict(jobs.size(), runs.size(), lost, again, different, copies, strangers);
  }

  private static boolean isAfter(Run run, @Nullable Long end) {
    return end != null && run.begunNanos() - end > 0;
  }
}
