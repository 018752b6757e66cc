package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs by a command that stays: a process a slot, which gets one job after the other as a line
 * of JSON on its standard input and prints the answer as a line of JSON.
 *
 * <p>A job is {@code {"job_id":"...","job_message_id":"...","attempt":1,"body":"..."}}, in ASCII;
 * the next one comes when it has been answered. The answer is {@code {"result":"..."}}, with the
 * result as a string or null; or {@code {"error":"..."}}, with {@code "permanent":true} if a retry
 * cannot help, or {@code "retry_after_secs":30}: {@link CommandFailed}, {@link
 * CommandFailedForGood}, {@link CommandFailedRetryAfter}. An answer may repeat the job's {@code
 * job_id}, which is then checked. Other fields and blank lines do not count.
 *
 * <p>A process that ends before it has answered ({@link CommandEnded}), prints what is no answer to
 * its job ({@link InvalidAnswer}) or too much ({@link ResultTooLarge}, {@link CommandFailed}), or
 * does not answer in time, fails this attempt only; it is ended, and another one takes its place.
 * If one after the other ends so, and none answers, the slot waits before it goes on, until 0.1
 * seconds after it asked, doubling up to five, or to half of a time limit that has ended a wait.
 *
 * <p>If a process ends, or prints, before it has begun to read its job, the job has nothing to do
 * with that. A process that had jobs before is replaced; of a new one, this box cannot run the
 * command now: {@link ExecutorUnavailable}, which costs no attempt. So it is if a new process does
 * not begin to read within {@code executor.start_timeout_in_secs}, and whenever {@link
 * ShellCommand} would be.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code executor.command}, {@code executor.working_directory}: as of {@link ShellCommand}.
 *   <li>{@code executor.max_jobs_per_process}: after so many jobs a process is replaced, 1 to
 *       999,999,999; default: no limit.
 *   <li>{@code executor.start_timeout_in_secs}: how long a new process may take to begin to read
 *       its first job, 1 to 3,600, default 60.
 * </ul>
 *
 * <p>What a process prints on standard error is in the log with its job, 300 lines a minute at
 * most; 64 MiB for one job fail it. The environment is that of {@link ShellCommand} without the
 * job's variables; {@code PYTHONUNBUFFERED=1} is added. So are process group, memory, and the end
 * at an interrupt. When the worker stops, or a process has had its jobs, its standard input ends;
 * what has not ended two seconds later gets SIGTERM, and SIGKILL after two more. Of those that have
 * had their jobs 16 at a time have so long; further ones get SIGKILL at once.
 */
public final class PersistentCommand implements JobAwareExecutor, Configurable, AutoCloseable {
  private static final int MAX_JOBS = 999_999_999;

  /** So many may be about to end beside the slots; further ones are killed. */
  private static final int MAX_RETIRING = 16;

  private final Map<String, String> environment;
  private final ErrorBudgets errorBudgets = new ErrorBudgets();
  private final Replacements replacements = new Replacements();
  private final Deque<LastingProcess> idle = new ConcurrentLinkedDeque<>();

  /** Busy ones and those that are about to end as well. */
  private final Set<LastingProcess> all = ConcurrentHashMap.newKeySet();

  private final Semaphore retiring = new Semaphore(MAX_RETIRING);

  private @Nullable ProcessStart start;
  private int maxJobs;
  private volatile boolean closed;

  /** For the executor loader. */
  public PersistentCommand() {
    this(System.getenv());
  }

  /** With an environment in the place of the worker's. */
  PersistentCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void configure(Map<String, String> settings) {
    Options options = new Options("PersistentCommand", settings);
    String text = options.required("command", "python3 /opt/jobs/worker.py");
    String folder = options.text("working_directory");
    maxJobs = options.number("max_jobs_per_process", MAX_JOBS, 1, MAX_JOBS);
    Duration startTimeout = options.seconds("start_timeout_in_secs", 60, 1, 3_600);
    Command command = options.checked(text, words -> Command.of(words, folder, environment));
    options.refuseProblems();
    if (!Pipes.arePossible()) {
      throw new IllegalArgumentException(
          "PersistentCommand needs Linux with named pipes: there is no " + Pipes.MKFIFO);
    }
    start =
        new ProcessStart(Objects.requireNonNull(command), environment, startTimeout, errorBudgets);
  }

  @Override
  public @Nullable String execute(String jobDefinition, JobContext job)
      throws IOException, InterruptedException {
    for (LastingProcess used = idle.pollFirst(); used != null; used = idle.pollFirst()) {
      String why = whyUnusable(used);
      if (why != null) {
        replacements.tell(why);
        end(used);
        continue;
      }
      CommandAnswer answer = ask(used, jobDefinition, job);
      if (answer != null) {
        return answer.result();
      }
      replacements.tell(used.whyNotBegun());
      kill(used); // it is not to read on: another process gets the job
    }
    return executeByNew(jobDefinition, job);
  }

  private static @Nullable String whyUnusable(LastingProcess used) {
    try {
      return used.whyUnusable();
    } catch (IOException e) { // an interrupt, or a broken pipe: no fault of the next job's
      return "its pipes cannot be read: " + e;
    }
  }

  private @Nullable String executeByNew(String jobDefinition, JobContext job)
      throws IOException, InterruptedException {
    if (start == null) {
      throw new IllegalStateException("not configured");
    }
    LastingProcess process = start.start(job);
    all.add(process);
    if (closed) {
      end(process);
      throw start.command().unavailable("the worker stops", null);
    }
    CommandAnswer answer = ask(process, jobDefinition, job);
    if (answer == null) {
      try {
        throw process.unavailable();
      } finally {
        end(process);
      }
    }
    return answer.result();
  }

  /** Its answer, after which it is put back or replaced; null if it has not begun the job. */
  private @Nullable CommandAnswer ask(LastingProcess process, String jobDefinition, JobContext job)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    CommandAnswer answer;
    boolean mayGoOn;
    try {
      answer = process.ask(jobDefinition, job);
      mayGoOn = process.mayGoOn(maxJobs);
    } catch (InterruptedException | ExecutorUnavailable e) {
      if (process.mayHaveBegun()) {
        end(process);
      } else {
        kill(process); // it is not to read on: the job goes back, or fails
      }
      throw e;
    } catch (Throwable t) { // no Error may leave a process behind
      end(process);
      replacements.pause(Duration.ofNanos(System.nanoTime() - begin));
      throw t;
    }
    if (answer != null) {
      replacements.answered();
      putBack(process, mayGoOn);
    }
    return answer;
  }

  private void putBack(LastingProcess process, boolean mayGoOn) {
    if (mayGoOn && !closed) {
      idle.addFirst(process);
    } else if (!retiring.tryAcquire()) {
      kill(process); // the answer is there: its job is not kept waiting
    } else if (!retireBeside(process)) {
      retiring.release();
      kill(process);
    }
  }

  /** Returns false if the system has no thread for it. */
  private boolean retireBeside(LastingProcess process) {
    try {
      Thread.ofVirtual()
          .name("command-end")
          .start(
              () -> {
                try {
                  retire(process);
                } finally {
                  retiring.release();
                }
              });
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  private void kill(LastingProcess process) {
    process.kill();
    all.remove(process);
  }

  private void end(LastingProcess process) {
    process.end();
    all.remove(process);
  }

  private void retire(LastingProcess process) {
    process.retire();
    all.remove(process);
  }

  /** How many processes there are, those that are about to end included. */
  int processes() {
    return all.size();
  }

  /** Ends all processes, and waits for that: four seconds at most. */
  @Override
  public void close() {
    closed = true;
    try (ExecutorService ends = Executors.newVirtualThreadPerTaskExecutor()) {
      all.forEach(process -> ends.execute(() -> retire(process)));
    }
    ErrorLines.tellLeftOut(errorBudgets);
  }
}
