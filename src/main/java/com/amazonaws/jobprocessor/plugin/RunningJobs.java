package com.amazonaws.jobprocessor.plugin;

import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.JobExecutor;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An executor that knows which jobs it runs, for log lines that can name them. */
public final class RunningJobs implements JobAwareExecutor {
  private static final int MAX_NAMED = 20;

  private final JobExecutor executor;
  private final Runnable onEnd;
  private final LongSupplier nanoTime;
  private final Map<Thread, Run> running = new ConcurrentHashMap<>();

  private record Run(JobContext job, long since) {}

  /**
   * Runs jobs by an executor.
   *
   * @param onEnd is called at the end of each attempt, on its thread
   */
  public RunningJobs(JobExecutor executor, Runnable onEnd, LongSupplier nanoTime) {
    this.executor = executor;
    this.onEnd = onEnd;
    this.nanoTime = nanoTime;
  }

  @Override
  public @Nullable String execute(String jobDefinition, JobContext job) throws Exception {
    Thread thread = Thread.currentThread();
    running.put(thread, new Run(job, nanoTime.getAsLong()));
    try {
      return executor instanceof JobAwareExecutor aware
          ? aware.execute(jobDefinition, job)
          : executor.execute(jobDefinition);
    } finally {
      running.remove(thread);
      onEnd.run();
    }
  }

  /** Every job that runs, the longest first, as {@code ID (attempt 2, 75 s)}; 20 at most. */
  @Override
  public String toString() {
    long now = nanoTime.getAsLong();
    List<Run> runs =
        running.values().stream()
            .sorted(Comparator.comparingLong((Run run) -> now - run.since()).reversed())
            .toList();
    String named =
        runs.stream()
            .limit(MAX_NAMED)
            .map(run -> shown(run, now))
            .collect(Collectors.joining(", "));
    return runs.size() > MAX_NAMED ? named + " and " + (runs.size() - MAX_NAMED) + " more" : named;
  }

  private static String shown(Run run, long now) {
    return "%s (attempt %s, %s s)"
        .formatted(run.job().jobId(), run.job().attempt(), (now - run.since()) / 1_000_000_000);
  }

  /** The id of the job whose thread has called {@code System.exit}, if one has. */
  public Optional<String> exiting() {
    return running.entrySet().stream()
        .filter(entry -> isInExit(entry.getKey()))
        .map(entry -> entry.getValue().job().jobId())
        .findAny();
  }

  private static boolean isInExit(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().equals("java.lang.Runtime")
          && frame.getMethodName().equals("exit")) {
        return true;
      }
    }
    return false;
  }
}
