package com.amazonaws.jobprocessor.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import com.amazonaws.jobprocessor.RetryAfter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Does what the job says, and writes every run that begins into a file: so that a second run is
 * seen, not assumed.
 */
public final class ScriptedExecutor implements JobAwareExecutor, Configurable {
  private @Nullable Path record;

  @Override
  public void configure(Map<String, String> settings) {
    String file = settings.get("record");
    record = file == null ? null : Path.of(file);
    if (settings.containsKey("password")) {
      LoggerFactory.getLogger(ScriptedExecutor.class)
          .error("logs in with {}", settings.get("password"));
    }
  }

  @Override
  public String execute(String job, JobContext context) throws Exception {
    if (record != null) {
      write(record, job + "\t" + context.attempt() + "\n");
    }
    String[] words = job.split(" ", 3);
    return switch (words[0]) {
      case "sleep" -> sleep(Long.parseLong(words[1]));
      case "deaf" -> beDeaf(Long.parseLong(words[1]));
      case "burn" -> burn(Long.parseLong(words[1]));
      case "error" -> throw new AssertionError("an Error");
      case "recurse" -> Integer.toString(recurse(1));
      case "exhaust" -> exhaust();
      case "null" -> nothing();
      case "empty" -> "";
      case "interrupt-self" -> interruptSelf();
      case "was-interrupted" -> Boolean.toString(Thread.currentThread().isInterrupted());
      case "control" -> "a\u0000b";
      case "surrogate" -> "a\ud800b";
      case "large" -> "x".repeat(1024 * 1024);
      case "halt" -> halt();
      case "exit" -> exit();
      case "hook" -> hook();
      case "own-output" -> ownOutput();
      case "permanent" -> throw new PermanentJobFailure("for good");
      case "later" -> throw new RetryAfter(Duration.ofSeconds(2));
      case "fail" -> throw new IOException("as the job says");
      case "fail-once" -> failOnce(context);
      case "hang-log" -> hangLog();
      case "report" -> report(job);
      case "wrap" -> throw new IllegalStateException("outer", new IOException(words[1]));
      case "say" -> throw new IOException(words[1]);
      default -> job + "!";
    };
  }

  /** A shutdown hook that never ends. */
  private static String hook() {
    Runtime.getRuntime().addShutdownHook(new Thread(LockSupport::park));
    return "hook";
  }

  /** A standard output of its own, a pipe that nobody reads, with something to be flushed. */
  private static String ownOutput() throws IOException {
    OutputStream pipe = new PipedOutputStream(new PipedInputStream(1));
    System.setOut(new PrintStream(new BufferedOutputStream(pipe), false, UTF_8));
    System.out.print("unread");
    return "nobody reads on";
  }

  private static synchronized void write(Path file, String line) throws IOException {
    Files.write(file, line.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String sleep(long millis) throws InterruptedException {
    Thread.sleep(millis);
    return "slept";
  }

  /** Sleeps on whoever interrupts. */
  private static String beDeaf(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    while (end - System.nanoTime() > 0) {
      try {
        Thread.sleep(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        // deaf
      }
    }
    return "heard nothing";
  }

  /** Takes a core for so long, however fast it is, and makes garbage. */
  private static String burn(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    BigInteger number = BigInteger.ONE.shiftLeft(1_000);
    while (end - System.nanoTime() > 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException("burnt for less than " + millis + " ms");
      }
      number = number.multiply(number).mod(BigInteger.valueOf(3).pow(1_000));
    }
    return "burnt, to " + number;
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }

  private static String exhaust() {
    List<byte[]> all = new ArrayList<>();
    while (all.size() < 1_000_000) {
      all.add(new byte[50_000_000]);
    }
    return all.toString();
  }

  @SuppressWarnings("NullAway") // what users do
  private static String nothing() {
    return null;
  }

  private static String interruptSelf() {
    Thread.currentThread().interrupt();
    return "interrupted myself";
  }

  private static String halt() {
    Runtime.getRuntime().halt(9);
    return "";
  }

  private static String exit() {
    System.exit(3);
    return "";
  }

  /**
   * From now on nobody who logs returns: a pipe that nobody reads. By reflection, since executors
   * do not see the worker's log.
   */
  private static String hangLog() throws IOException, ReflectiveOperationException {
    PipedOutputStream pipe = new PipedOutputStream(new PipedInputStream(1));
    Object factory = LoggerFactory.getILoggerFactory();
    Object root = call(factory, "getLogger", String.class, "ROOT");
    call(
        call(root, "getAppender", String.class, "out"),
        "setOutputStream",
        OutputStream.class,
        pipe);
    return "nobody logs any more";
  }

  private static Object call(Object on, String method, Class<?> type, Object argument)
      throws ReflectiveOperationException {
    return on.getClass().getMethod(method, type).invoke(on, argument);
  }

  /** Closes what it prints on, logs, and leaves a line without its end. */
  @SuppressWarnings("ClosingStandardOutputStreams") // what users do
  private static String report(String job) {
    try (PrintWriter out = new PrintWriter(System.out, false, UTF_8)) {
      out.println("printed by " + job);
    }
    System.err.println("complained by " + job);
    LoggerFactory.getLogger("com.example.Report").info("logged by {}", job);
    LoggerFactory.getLogger("com.example.Report").debug("detail of {}", job);
    System.out.print("unended of " + job);
    return "reported";
  }

  private static String failOnce(JobContext context) throws IOException {
    if (context.attempt() == 1) {
      throw new IOException("the first time");
    }
    return "attempt " + context.attempt();
  }
}
