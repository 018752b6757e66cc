package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.JobContext;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A process that does one job after the other: a line in, a line out. For one thread at a time,
 * whose interrupt breaks whatever it waits for.
 *
 * <p>It has begun its job when it has read of its input. What ends before that has nothing to do
 * with the job: a program that cannot start, or one that ends by itself between two jobs.
 */
final class LastingProcess {
  private static final long GRACE_MILLIS = 1_000;

  /** For what takes no time unless the machine is very busy, and decides who is to blame. */
  private static final long LONG_GRACE_MILLIS = 10_000;

  private static final long MIN_PAUSE_NANOS = 20_000;
  private static final long MAX_PAUSE_NANOS = 5_000_000;

  private final Command command;
  private final Process process;
  private final ProcessTree tree;
  private final Pipes pipes;
  private final AnswerLines answers;
  private final ErrorLines errors;
  private final Leftovers leftovers;
  private final Duration startTimeout;
  private final byte[] piece = new byte[Pipes.PIECE];
  private @Nullable InputFeed feed;
  private boolean begun;
  private int jobs;

  /** What it had not read of its last job when that was looked at: not more by now. */
  private int left;

  /** How much of this job was put into its pipe at once. */
  private int sent;

  private String notBegun = "";

  /** One that runs; {@link ProcessStart} starts it. */
  LastingProcess(
      Command command,
      Process process,
      ProcessTree tree,
      Pipes pipes,
      Duration startTimeout,
      ErrorLines errors) {
    this.command = command;
    this.process = process;
    this.tree = tree;
    this.pipes = pipes;
    this.startTimeout = startTimeout;
    this.answers = new AnswerLines(pipes.output());
    this.errors = errors;
    this.leftovers = Leftovers.watch(process, tree, pipes);
  }

  /**
   * Has it do a job.
   *
   * @return its answer; null if it has not begun the job: {@link #whyNotBegun}
   * @throws InvalidAnswer if what it prints is no answer to this job
   * @throws CommandEnded if it ends before it answers
   * @throws ExecutorUnavailable if it does not begin its first job in time
   */
  @Nullable CommandAnswer ask(String definition, JobContext job)
      throws IOException, InterruptedException {
    try {
      if (jobs++ > 0) {
        errors.begin(job);
      }
      CommandJob line = new CommandJob(definition, job);
      sent = line.fill(piece, Pipes.PIECE - left);
      pipes.input().write(piece, 0, sent);
      boolean awaits = !begun || !line.isDone();
      if (awaits && !awaitBegin()) {
        return null;
      }
      if (!line.isDone()) {
        feed = InputFeed.start(line, pipes, command);
      }
      return answer(job, awaits);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      InterruptedException interrupted = new InterruptedException();
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** Returns false if it has ended, or printed something, before. */
  private boolean awaitBegin() throws IOException, InterruptedException {
    long start = System.nanoTime();
    long pause = MIN_PAUSE_NANOS;
    while (true) {
      boolean alive = process.isAlive();
      boolean prints = answers.isWaiting();
      if (pipes.unread() < sent) {
        begun = true;
        return true;
      }
      String printed = prints ? answers.unasked() : null;
      if (printed != null && !begun) {
        throw command.unavailable("it prints before it reads a job: " + printed, null);
      }
      if (printed != null || !alive) {
        notBegun = printed == null ? endBetweenJobs() : unasked(printed);
        return false;
      }
      if (!begun && System.nanoTime() - start > startTimeout.toNanos()) {
        throw command.unavailable(
            "it does not read its standard input within "
                + startTimeout.toSeconds()
                + " s"
                + said(),
            null);
      }
      pause(pause);
      pause = Math.min(2 * pause, MAX_PAUSE_NANOS);
    }
  }

  private static void pause(long nanos) throws InterruptedException {
    LockSupport.parkNanos(nanos);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Its answer to a job that is in its pipe, unless it is known to have begun it. */
  private @Nullable CommandAnswer answer(JobContext job, boolean isBegun)
      throws IOException, InterruptedException {
    CommandAnswer answer;
    try {
      if (answers.awaitWord() && !isBegun && pipes.unread() >= sent) {
        // It has not read this job, so this is a late second answer to an earlier one. Killed, with
        // all that it started: nobody is to read on, and run a job that another process gets.
        tree.kill();
        notBegun = unasked(answers.excerpt());
        return null;
      }
      answer = answers.next(job.jobId());
    } catch (InvalidAnswer e) {
      throw jobs == 1 ? e.ofNewProcess() : e;
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (ClosedChannelException e) {
      answer = null;
    }
    if (answer != null) {
      errors.end();
      return answer;
    }
    InputFeed.throwIfFailed(feed);
    boolean untouched = feed == null && pipes.unread() >= sent;
    if (errors.isFlood()) {
      throw new CommandFailed(
          "the command printed more than "
              + ErrorLines.MAX_BYTES / (1024 * 1024)
              + " MiB on standard error");
    }
    boolean dead = awaitDeath(untouched ? LONG_GRACE_MILLIS : GRACE_MILLIS);
    if (dead && untouched) {
      notBegun = endBetweenJobs();
      return null;
    }
    throw new CommandEnded(
        dead
            ? "the command ended before it answered: " + itsEnd()
            : "the command closed its standard output before it answered" + said());
  }

  private boolean awaitDeath(long millis) throws InterruptedException {
    boolean dead = process.waitFor(millis, TimeUnit.MILLISECONDS);
    if (dead) {
      errors.awaitEnd(GRACE_MILLIS);
    }
    return dead;
  }

  /** Of a process that is dead. */
  private String itsEnd() {
    return ExitStatus.inWords(process.exitValue()) + said();
  }

  private String said() {
    String tail = errors.tail();
    return tail.isEmpty() ? "" : ": " + tail;
  }

  /** Why one that has ended without having begun a job could not do it. */
  ExecutorUnavailable unavailable() throws InterruptedException {
    if (!awaitDeath(GRACE_MILLIS)) {
      return command.unavailable("it does not end", null);
    }
    String why = command.problemAfterEnd(process.exitValue(), errors.tail());
    return command.unavailable(
        why == null ? "it ended before it read a job: " + itsEnd() : why, null);
  }

  /**
   * Whether it can have another job, to be asked before each but the first; if not, why, in words
   * for the log; empty for no reason.
   */
  @Nullable String whyUnusable() throws IOException {
    if (errors.isFlood()) {
      return "it printed too much on standard error";
    }
    if (!process.isAlive()) {
      return endBetweenJobs();
    }
    left = pipes.unread();
    if (left > Pipes.PIECE / 2) {
      return "it did not read all of its last job";
    }
    String printed = answers.unasked();
    return printed == null ? null : unasked(printed);
  }

  /** Why it, a used one, has not begun the job that it was asked to do, in the same words. */
  String whyNotBegun() {
    return notBegun;
  }

  /** Of a process that is dead. */
  private String endBetweenJobs() {
    int status = process.exitValue();
    return status == 0 ? "" : "it ended between two jobs: " + ExitStatus.inWords(status);
  }

  private static String unasked(String printed) {
    return "it printed output that no job asked for: " + printed;
  }

  /** Whether it may have begun the job that it was asked to do last. */
  boolean mayHaveBegun() {
    try {
      return pipes.unread() < sent;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether, after an answer, it can be kept for another job. */
  boolean mayGoOn(int maxJobs) throws IOException {
    InputFeed feeding = feed;
    feed = null;
    return jobs < maxJobs && (feeding == null || feeding.isTaken(LONG_GRACE_MILLIS));
  }

  /** Ends it with all that it started: SIGTERM, and two seconds later SIGKILL. */
  void end() {
    leftovers.release();
    try {
      if (process.isAlive()) {
        tree.end();
      } else {
        tree.kill();
      }
      errors.awaitEnd(GRACE_MILLIS); // its last words
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pipes.close();
    }
  }

  /** Ends it with all that it started by SIGKILL, without waiting. */
  void kill() {
    leftovers.release();
    try {
      tree.kill();
    } finally {
      pipes.close();
    }
  }

  /** Ends its input, which ends a program that reads on; if not within two seconds, by signals. */
  void retire() {
    pipes.closeInput();
    try {
      process.waitFor(2 * GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }
}
