package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Finds queues, makes them, and reads the few of their attributes that matter to a worker. */
public final class SqsQueues {
  private static final Set<String> NO_SUCH_QUEUE = Set.of("QueueDoesNotExist", "NonExistentQueue");
  private static final Pattern MAX_RECEIVE_COUNT =
      Pattern.compile("\"maxReceiveCount\"\\s*:\\s*\"?(\\d{1,9})");
  private static final Pattern REDRIVE_TARGET =
      Pattern.compile("\"deadLetterTargetArn\"\\s*:\\s*\"[^\"]*:([^\":]+)\"");

  private static final String REDRIVE_POLICY = "RedrivePolicy";
  private static final String RETENTION = "MessageRetentionPeriod";
  private static final String MAX_MESSAGE_SIZE = "MaximumMessageSize";
  private static final String VISIBLE = "ApproximateNumberOfMessages";
  private static final String NOT_VISIBLE = "ApproximateNumberOfMessagesNotVisible";
  private static final String DELAYED = "ApproximateNumberOfMessagesDelayed";

  private static final List<String> POLICY = List.of(REDRIVE_POLICY, RETENTION, MAX_MESSAGE_SIZE);
  private static final List<String> COUNTS = List.of(VISIBLE, NOT_VISIBLE, DELAYED);
  private static final List<String> COUNTS_AND_POLICY =
      Stream.concat(COUNTS.stream(), POLICY.stream()).toList();

  private final SqsTransport transport;
  private final Supplier<SqsClient> rareCalls;
  private final SqsCalls calls;

  /**
   * Finds queues and looks at them by the transport.
   *
   * @param rareCalls the SDK's client, to make queues; not asked for before that
   */
  public SqsQueues(SqsTransport transport, Supplier<SqsClient> rareCalls, SqsCalls calls) {
    this.transport = transport;
    this.rareCalls = rareCalls;
    this.calls = calls;
  }

  /** The queue of this name, if there is one. */
  public Optional<SqsQueue> find(String name) throws CallFailed, InterruptedException {
    try {
      return Optional.of(new SqsQueue(name, calls.call(() -> transport.queueUrl(name))));
    } catch (CallFailed e) {
      if (NO_SUCH_QUEUE.contains(e.code())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Makes a queue; one of this name that has just been made by another worker is as good. */
  public SqsQueue create(String name, Optional<Duration> retention)
      throws CallFailed, InterruptedException {
    return create(name, retention, Optional.empty());
  }

  /**
   * As {@link #create(String, Optional)}.
   *
   * @param visibility the queue's own visibility timeout, which the receives of others use
   */
  public SqsQueue create(String name, Optional<Duration> retention, Optional<Duration> visibility)
      throws CallFailed, InterruptedException {
    Map<QueueAttributeName, String> attributes = new HashMap<>();
    visibility.ifPresent(
        time ->
            attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(time.toSeconds())));
    retention.ifPresent(
        r ->
            attributes.put(
                QueueAttributeName.MESSAGE_RETENTION_PERIOD, Long.toString(r.toSeconds())));
    if (SqsQueue.isFifo(name)) {
      attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
    }
    return new SqsQueue(
        name,
        calls
            .call(() -> rareCalls.get().createQueue(r -> r.queueName(name).attributes(attributes)))
            .queueUrl());
  }

  /**
   * What a queue does with messages by itself.
   *
   * @param maxReceiveCount of the queue's own redrive policy, if it has one
   * @param retention how long messages are kept
   * @param maxMessageBytes the largest message that the queue takes
   */
  public record Policy(
      Optional<Integer> maxReceiveCount,
      Optional<Duration> retention,
      Optional<Integer> maxMessageBytes) {
    /** Of a queue that has not been asked. */
    public static final Policy UNKNOWN =
        new Policy(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The count of receives above which {@link #maxReceiveCount} has to be, for SQS to leave a
     * backlog's jobs to the worker: it counts the receives of a worker that died, too, and of those
     * that gave the job back.
     *
     * @param retries of a job, after its first attempt
     */
    public static int enoughReceives(int retries) {
      return 2 * (retries + 1) + 8;
    }

    /** True if SQS would take jobs away from a backlog before their attempts are used up. */
    public boolean takesJobsAway(int retries) {
      return maxReceiveCount.filter(count -> count <= enoughReceives(retries)).isPresent();
    }

    /** True if this is of a dead-letter queue that keeps messages no longer than the backlog. */
    public boolean isKeptNoLongerThan(Policy backlog) {
      return retention.isPresent()
          && backlog.retention.isPresent()
          && retention.get().compareTo(backlog.retention.get()) <= 0;
    }

    /** True if this is of a dead-letter queue that does not take all that the backlog does. */
    public boolean takesLessThan(Policy backlog) {
      return maxMessageBytes.isPresent()
          && backlog.maxMessageBytes.isPresent()
          && maxMessageBytes.get() < backlog.maxMessageBytes.get();
    }
  }

  /** Reads a queue's policy. */
  public Policy policy(SqsQueue queue) throws CallFailed, InterruptedException {
    return policy(attributes(queue, POLICY));
  }

  private Map<String, String> attributes(SqsQueue queue, List<String> names)
      throws CallFailed, InterruptedException {
    return calls.call(() -> transport.attributes(queue.url(), names));
  }

  private static Policy policy(Map<String, String> attributes) {
    Matcher redrive = MAX_RECEIVE_COUNT.matcher(attributes.getOrDefault(REDRIVE_POLICY, ""));
    return new Policy(
        redrive.find() ? Optional.of(Integer.valueOf(redrive.group(1))) : Optional.empty(),
        Optional.ofNullable(attributes.get(RETENTION))
            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))),
        Optional.ofNullable(attributes.get(MAX_MESSAGE_SIZE)).map(Integer::valueOf));
  }

  /**
   * About how many messages a queue holds; SQS's figures lag by up to a minute.
   *
   * @param waiting could be received now
   * @param inFlight were received and are not deleted
   * @param delayed can be received later
   */
  public record Counts(long waiting, long inFlight, long delayed) {}

  /** Counts a queue's messages. */
  public Counts counts(SqsQueue queue) throws CallFailed, InterruptedException {
    return counts(attributes(queue, COUNTS));
  }

  /** What a queue holds and what it does with messages by itself. */
  public record State(Counts counts, Policy policy) {}

  /** Counts a queue's messages and reads its policy, in one request. */
  public State state(SqsQueue queue) throws CallFailed, InterruptedException {
    Map<String, String> attributes = attributes(queue, COUNTS_AND_POLICY);
    return new State(counts(attributes), policy(attributes));
  }

  private static Counts counts(Map<String, String> attributes) {
    return new Counts(
        number(attributes, VISIBLE), number(attributes, NOT_VISIBLE), number(attributes, DELAYED));
  }

  /**
   * What a queue holds, and what it does with messages by itself.
   *
   * @param redriveTo the name of the queue that its redrive policy sends messages to, if it has one
   */
  public record Description(Counts counts, Policy policy, Optional<String> redriveTo) {}

  /** Reads all of it, by one request. */
  public Description describe(SqsQueue queue) throws CallFailed, InterruptedException {
    Map<String, String> attributes = attributes(queue, COUNTS_AND_POLICY);
    Matcher target = REDRIVE_TARGET.matcher(attributes.getOrDefault(REDRIVE_POLICY, ""));
    return new Description(
        counts(attributes),
        policy(attributes),
        target.find() ? Optional.of(target.group(1)) : Optional.empty());
  }

  private static long number(Map<String, String> attributes, String name) {
    return Long.parseLong(attributes.getOrDefault(name, "0"));
  }
}
