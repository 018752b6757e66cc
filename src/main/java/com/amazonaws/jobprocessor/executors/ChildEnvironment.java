package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.JobContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a job's process sees of the worker's environment: no secret, and nothing that speaks for the
 * service.
 */
final class ChildEnvironment {
  /**
   * Marks every process of one run; children inherit it, so that none is missed when the run is
   * ended.
   */
  static final String RUN = "JOB_PROCESSOR_RUN";

  private static final List<String> SECRET_WORDS = List.of("SECRET", "TOKEN", "PASSWORD", "KEY");
  private static final List<String> NOT_FOR_JOBS =
      List.of(
          "NOTIFY_SOCKET", "JOURNAL_STREAM", "INVOCATION_ID", "CREDENTIALS_DIRECTORY", "MAINPID");

  private ChildEnvironment() {}

  /** Of a process that runs one job. */
  static Map<String, String> of(Map<String, String> worker, JobContext job, String run) {
    Map<String, String> child = of(worker, run);
    child.put("JOB_ID", job.jobId().replace('\0', '\uFFFD')); // a variable cannot hold NUL
    child.put("JOB_MESSAGE_ID", job.messageId());
    child.put("JOB_ATTEMPT", Integer.toString(job.attempt()));
    return child;
  }

  /** Of a process that is told its jobs in another way. */
  static Map<String, String> of(Map<String, String> worker, String run) {
    Map<String, String> child = new HashMap<>(worker);
    child.keySet().removeIf(ChildEnvironment::isWithheld);
    child.put(RUN, run);
    return child;
  }

  private static boolean isWithheld(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return SECRET_WORDS.stream().anyMatch(upper::contains)
        || NOT_FOR_JOBS.contains(upper)
        || upper.startsWith("WATCHDOG_")
        || upper.startsWith("LISTEN_FD")
        || upper.startsWith("LISTEN_PID")
        || upper.startsWith("AWS_CONTAINER_CREDENTIALS")
        || upper.startsWith("JOB_PROCESSOR_");
  }
}
