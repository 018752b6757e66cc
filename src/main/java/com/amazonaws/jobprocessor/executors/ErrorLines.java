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
 * 300 lines a minute at most, the rest is counted. Read on a platform thread, as {@link Output}
 * says why.
 */
final class ErrorLines {
  /** What a job may print: as much as a result may have. */
  static final long MAX_BYTES = Collected.MAX_RESULT;

  static final int MAX_LINES_PER_MINUTE = 300;

  private static final Logger log = LoggerFactory.getLogger("stderr");
  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** For a reader that is not scheduled, or whose log is slow. */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_NANOS = 100_000;

  private final FileInputStream in;
  private final FileChannel channel;
  private final Runnable onFlood;
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

  private long minuteBegan = System.nanoTime();
  private int lines;
  private long leftOut;

  private ErrorLines(JobContext first, FileInputStream in, Runnable onFlood) {
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
   */
  static ErrorLines read(JobContext first, FileInputStream in, Runnable onFlood) {
    ErrorLines lines = new ErrorLines(first, in, onFlood);
    Thread.ofPlatform().daemon().name("command-output").start(lines::readToEnd);
    return lines;
  }

  private void readToEnd() {
    try {
      while (channel.read(view.clear().limit(1)) >= 0) {
        if (takeRest()) {
          onFlood.run();
        }
      }
    } catch (IOException e) {
      // closed: the process was ended
    } finally {
      finish();
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
    long now = System.nanoTime();
    if (now - minuteBegan >= MINUTE_NANOS) {
      tellLeftOut();
      minuteBegan = now;
      lines = 0;
    }
    if (lines < MAX_LINES_PER_MINUTE) {
      lines++;
      log(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    } else {
      leftOut++;
    }
  }

  private void tellLeftOut() {
    if (leftOut > 0) {
      log(leftOut + " more lines of standard error were left out");
      leftOut = 0;
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
    tellLeftOut();
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
