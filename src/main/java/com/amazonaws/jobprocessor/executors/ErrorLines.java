package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.JobContext;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What a process prints on standard error, line by line in the log, with the job that it works on;
 * as many as {@link ErrorBudgets} have, the rest is counted. Read on a platform thread, as {@link
 * Output} says why.
 */
final class ErrorLines {
  /** What a job may print: as much as a result may have. */
  static final long MAX_BYTES = Collected.MAX_RESULT;

  private static final Logger log = LoggerFactory.getLogger("stderr");
  private static final String LEFT_OUT = " more lines of standard error were left out";
  private static final int MAX_LINE_BYTES = 8 * 1024;

  /** For a reader that is not scheduled, or whose log is slow. */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_NANOS = 100_000;
  private static final long WITHOUT_MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final FileInputStream in;
  private final FileChannel channel;
  private final Runnable onFlood;
  private final ErrorBudgets budgets;
  private final ErrorBudgets.Budget budget;
  private final byte[] buffer = new byte[16 * 1024];
  private final ByteBuffer view = ByteBuffer.wrap(buffer);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);

  private JobContext job;
  private Tail tail = new Tail();

  /** Of all jobs. */
  private volatile long total;

  /** Of this one. */
  private long bytes;

  private ErrorLines(JobContext first, FileInputStream in, Runnable onFlood, ErrorBudgets budgets) {
    this.budgets = budgets;
    this.budget = budgets.take();
    this.job = first;
    this.in = in;
    this.channel = in.getChannel();
    this.onFlood = onFlood;
  }

  /**
   * Begins to read.
   *
   * @param first the job that the process is started for
   * @param onFlood is called, by the thread that reads, when one job has printed too much
   * @param budgets of the lines that are logged
   */
  static ErrorLines read(
      JobContext first, FileInputStream in, Runnable onFlood, ErrorBudgets budgets) {
    ErrorLines lines = new ErrorLines(first, in, onFlood, budgets);
    Thread.ofPlatform().daemon().name("command-output").start(lines::readToEnd);
    return lines;
  }

  private void readToEnd() {
    try {
      while (!readAll()) {
        LockSupport.parkNanos(WITHOUT_MEMORY_NANOS);
      }
    } catch (IOException e) {
      // closed: the process was ended
    } finally {
      finish();
    }
  }

  /**
   * Returns false if there is no memory for a line, as when a job has taken all of the heap: the
   * process is not to wait for somebody who reads on.
   */
  private boolean readAll() throws IOException {
    try {
      while (channel.read(view.clear().limit(1)) >= 0) {
        if (takeRest()) {
          onFlood.run();
        }
      }
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /**
   * Only the first byte is waited for: as long as what follows is in the pipe, {@link #end} can see
   * that it has not been taken. A thread that returns from a read holds bytes that nobody sees.
   *
   * @return whether this is the moment when it has become too much
   */
  private synchronized boolean takeRest() throws IOException {
    int rest = Math.min(in.available(), buffer.length - 1);
    if (rest > 0) {
      channel.read(view.limit(1 + rest));
    }
    boolean wasFlood = isFlood();
    add(buffer, view.position());
    total += view.position();
    return isFlood() && !wasFlood;
  }

  private void add(byte[] read, int length) {
    bytes += length;
    tail.add(read, 0, length);
    for (int i = 0; i < length; i++) {
      if (read[i] == '\n') {
        endLine();
      } else if (line.size() < MAX_LINE_BYTES) {
        line.write(read[i]);
      }
    }
  }

  private void endLine() {
    String text = line.toString(UTF_8);
    line.reset();
    tell(budget.beginMinute(System.nanoTime()));
    if (budget.takeLine()) {
      log(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
  }

  private void tell(long leftOut) {
    if (leftOut > 0) {
      log(leftOut + LEFT_OUT);
    }
  }

  /** Tells how many lines were left out of what processes have printed that have all ended. */
  static void tellLeftOut(ErrorBudgets budgets) {
    long leftOut = budgets.leftOut();
    if (leftOut > 0) {
      log.warn("{}{}", leftOut, LEFT_OUT);
    }
  }

  private void log(String text) {
    MDC.put("job_id", job.jobId());
    MDC.put("attempt", Integer.toString(job.attempt()));
    log.warn("{}", text);
    MDC.clear();
  }

  private synchronized void finish() {
    endBegunLine();
    tell(budget.end());
    budgets.putBack(budget);
    ended.countDown();
  }

  private void endBegunLine() {
    if (line.size() > 0) {
      endLine();
    }
  }

  /** What is printed from now on belongs to the next job. */
  synchronized void begin(JobContext next) {
    job = next;
    if (bytes > 0) {
      bytes = 0;
      tail = new Tail();
    }
  }

  /**
   * The job has been answered. What it has printed is read, if that takes no longer than five
   * seconds, and its last line is ended: the next one is another's.
   */
  void end() throws IOException {
    long until;
    synchronized (this) { // what is taken is counted, but for the one byte that was waited for
      until = total + 1 + in.available();
    }
    long began = System.nanoTime();
    while (total < until && in.available() > 0 && mayWait(began)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    synchronized (this) {
      endBegunLine();
    }
  }

  private boolean mayWait(long began) {
    return System.nanoTime() - began < MAX_WAIT_NANOS
        && ended.getCount() > 0
        && !Thread.currentThread().isInterrupted();
  }

  /** Whether the job has printed more than one may. */
  synchronized boolean isFlood() {
    return bytes > MAX_BYTES;
  }

  /** The end of what the job has printed. */
  synchronized String tail() {
    return tail.text();
  }

  /** Waits until all has been read. */
  boolean awaitEnd(long millis) throws InterruptedException {
    return ended.await(millis, TimeUnit.MILLISECONDS);
  }
}
