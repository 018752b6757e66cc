package com.amazonaws.jobprocessor.config;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The accepted settings of a worker, in one part for each of its users.
 *
 * @param keys the AWS keys given, or null for the SDK's default chain
 * @param region the region given, or null for the SDK's region chain
 */
public record Settings(
    @Nullable Keys keys,
    @Nullable String region,
    Queues queues,
    Polling polling,
    Work work,
    Stores stores,
    Operation operation,
    Executor executor) {

  /** How long a stop waits for running jobs, 0 to 43,000 s. */
  public Duration drainTimeout() {
    return operation.drainTimeout();
  }

  /** What the page's buttons may do. */
  public Buttons buttons() {
    return operation.buttons();
  }

  /** The level of the worker's and the executor's loggers. */
  public LogLevel logLevel() {
    return operation.logLevel();
  }

  /**
   * How the process is run and stopped.
   *
   * @param drainTimeout how long a stop waits for running jobs, 0 to 43,000 s
   * @param logLevel of the worker's and the executor's loggers
   * @param status where the status page listens
   * @param boxEnd how the machine's end is met, or brought about
   * @param buttons what the page's buttons may do
   */
  public record Operation(
      Duration drainTimeout, LogLevel logLevel, Listen status, BoxEnd boxEnd, Buttons buttons) {}

  /**
   * What the page's buttons may do.
   *
   * @param token the secret that they ask for, or null for no buttons
   * @param maxBoxes ceiling on the boxes of the queue that they may bring about, 1 to 1,000
   */
  public record Buttons(@Nullable String token, int maxBoxes) {
    /** Nothing of the token. */
    @Override
    public String toString() {
      return "Buttons[token=%s, maxBoxes=%s]"
          .formatted(token == null ? "none" : Secrets.MASK, maxBoxes);
    }
  }

  /**
   * How the machine's end is met, or brought about.
   *
   * @param drainOnRebalance true if a rebalance recommendation ends this spot instance
   * @param idleShutdownAfter how long without a job ends the machine, 1 s or more, or null for
   *     never
   * @param protectWhileBusy true to be protected from an Auto Scaling group's scale-in while jobs
   *     run
   */
  public record BoxEnd(
      boolean drainOnRebalance, @Nullable Duration idleShutdownAfter, boolean protectWhileBusy) {
    /** The least that {@code idleShutdownAfter} may be on an EC2 instance. */
    public static final Duration SHORTEST_IDLE_ON_EC2 = Duration.ofSeconds(60);
  }

  /**
   * Where a server of ours listens.
   *
   * @param port 1 to 65,535, or 0 for no server
   * @param address an IPv4 or IPv6 address
   */
  public record Listen(int port, String address) {}

  /** How much is logged, least first. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /**
   * AWS keys.
   *
   * @param sessionToken of temporary keys, else null
   */
  public record Keys(String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
    /** Nothing of the keys. */
    @Override
    public String toString() {
      return "Keys[" + Secrets.MASK + "]";
    }
  }

  /**
   * The names of the three queues, which differ from each other.
   *
   * @param create true to make a missing queue at start, false to refuse to start
   */
  public record Queues(String backlog, String results, String deadLetters, boolean create) {
    /** True if the queues are FIFO queues: all three are, or none. */
    public boolean fifo() {
      return backlog.endsWith(".fifo");
    }
  }

  /**
   * Where to keep what does not go through the queues.
   *
   * @param jobTable the name of the job table in DynamoDB, or null for none
   * @param payloadBucket the name of the S3 bucket for what does not fit a message, or null for
   *     none
   */
  public record Stores(@Nullable String jobTable, @Nullable String payloadBucket) {}

  /**
   * How to receive.
   *
   * @param ratePerMin ceiling on ReceiveMessage calls a minute, 1 to 1,000,000
   * @param waitTime of a long poll, 0 to 20 s and never above half the first lease
   */
  public record Polling(int ratePerMin, Duration waitTime) {}

  /**
   * How to run jobs.
   *
   * @param expectedTime of one attempt, 1 to 21,600 s
   * @param retries attempts after the first, 0 to 100
   * @param concurrency slots of the worker, 1 to 1,000
   * @param retryDelay the wait before the first retry, 0 to 3,600 s; each further one doubles it
   * @param timeout after which an attempt is interrupted, 1 to 43,000 s, or null for never
   */
  public record Work(
      Duration expectedTime,
      int retries,
      int concurrency,
      Duration retryDelay,
      @Nullable Duration timeout) {
    /** The visibility timeout of a receive: twice the expected time. */
    public Duration firstLease() {
      return expectedTime.plus(expectedTime);
    }
  }

  /**
   * The user's class.
   *
   * @param className fully qualified
   * @param settings by NAME, without the prefix {@code executor.}; may hold secrets
   */
  public record Executor(String className, Map<String, String> settings) {
    /** Copies the settings. */
    public Executor {
      settings = Map.copyOf(settings);
    }

    /** With each secret masked. */
    @Override
    public String toString() {
      Map<String, String> shown = new TreeMap<>(settings);
      shown.replaceAll(Secrets::masked);
      return "Executor[className=" + className + ", settings=" + shown + "]";
    }
  }
}
