package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects the ends of jobs from their queue, results or dead letters, and hands each to a callback
 * once: alone or in a pack, in the message or in S3.
 *
 * <p><b>Once.</b> A message is deleted after the callback has returned for all that it carries, up
 * to ten messages a request. What SQS delivers again, or was sent twice by a worker that died, is
 * known by job id, body and {@code job_message_id} (or, of the job table, by worker, attempts and
 * duration) and deleted without a second call; another job of the same id is handed over, unless
 * all of these are the same: give each job an id of its own. The last 100,000 ends are remembered
 * (about 40 MB; see {@link Builder#remember}). That holds for this object: when the process dies,
 * up to ten messages that were handed over and not deleted yet come again to the next.
 *
 * <p><b>Failures.</b> A message whose callback throws is given back at once for anybody to receive,
 * as is what it had not reached; then the method ends with a {@link ClientException} whose cause is
 * what was thrown, or, if a {@link Builder#onFailure listener} was named, the listener is told and
 * the method goes on, after a pause that grows while nothing works. What cannot be read (a line of
 * a pack that is no result, a payload that cannot be fetched) is treated alike, but stays hidden
 * for half a minute.
 *
 * <p><b>Shared queues.</b> Who waits for certain jobs keeps only their ends; others that a receive
 * brings are visible again at once, a few with those of the next receive; those that it meets again
 * before one of ours after a second, or later if they are met again and again.
 *
 * <p><b>Threads.</b> May be used by several threads at once, each with a call of its own. The
 * callback runs on the caller's thread; meanwhile a daemon thread a call keeps hidden what was
 * received (a ChangeMessageVisibilityBatch for ten messages each half minute), and another shows
 * others' ends while ours are deleted. A method whose thread is interrupted gives back what it
 * holds and throws {@link InterruptedException}; so it does when the callback throws one. {@link
 * #close} ends them as well.
 *
 * <p><b>Requests.</b> A ReceiveMessage and a DeleteMessageBatch for up to ten messages; a
 * ReceiveMessage each 10 s while nothing comes; a ChangeMessageVisibilityBatch for up to ten that
 * are given back; a GetObject and a DeleteObject for each payload in S3, if the bucket is named. A
 * request that fails for a reason that may pass is made again: five times if there is no answer,
 * sixty times while AWS throttles. What fails for good is a {@link ClientException}.
 */
public final class Results implements AutoCloseable {
  /** While nothing comes, so often a receive; and so long may {@link #close} take. */
  private static final Duration POLL = Duration.ofSeconds(10);

  /** What gets the ends of jobs. */
  @FunctionalInterface
  public interface Callback {
    /**
     * Gets the end of a job; when it returns the message may be deleted.
     *
     * @throws Exception if it does not want it: then it is given back
     */
    void accept(JobEnd end) throws Exception;
  }

  /** What is told of failures. */
  @FunctionalInterface
  public interface Listener {
    /**
     * An end was given back.
     *
     * @param jobId its job, or the MessageId if that cannot be told
     * @param failure what the callback threw, or why the end cannot be read
     */
    void failed(String jobId, Exception failure);
  }

  private final Aws aws;
  private final Backlog queue;
  private final Collecting.Setup setup;
  private final HandedOver handed;
  private final Closing closing = new Closing();
  private int calls;

  private Results(Builder builder) throws InterruptedException {
    this.aws = Aws.open(builder.region);
    try {
      var found = aws.queue(builder.queue);
      this.queue = aws.make(session -> session.backlog(found));
      this.setup =
          new Collecting.Setup(aws.payloads(builder.bucket), builder.deadLetters, builder.listener);
    } catch (RuntimeException | InterruptedException e) {
      aws.close();
      throw e;
    }
    this.handed = new HandedOver(builder.remember);
  }

  /** Begins to describe a collector of results, by the name of their queue; makes no request. */
  public static Builder of(String resultsQueue) {
    return new Builder(resultsQueue, false);
  }

  /**
   * Begins to describe a collector of dead letters, by the name of their queue; makes no request.
   * It deletes them: to look at them, or send them back, use {@link DeadLetters}.
   */
  public static Builder ofDeadLetters(String deadLetterQueue) {
    return new Builder(deadLetterQueue, true);
  }

  /** What {@link Results} needs to know. */
  public static final class Builder {
    private final String queue;
    private final boolean deadLetters;
    private @Nullable String region;
    private @Nullable String bucket;
    private @Nullable Listener listener;
    private int remember = 100_000;

    private Builder(String queue, boolean deadLetters) {
      this.queue = queue;
      this.deadLetters = deadLetters;
    }

    /** The queue's region; without it, the SDK's usual one: environment, profile, instance. */
    public Builder region(String name) {
      this.region = name;
      return this;
    }

    /** The workers' {@code payload_bucket_name}: what does not fit a message is fetched from it. */
    public Builder payloadBucket(String name) {
      this.bucket = name;
      return this;
    }

    /** Is told of each failure, on the thread that collects; without it a failure ends the call. */
    public Builder onFailure(Listener told) {
      this.listener = told;
      return this;
    }

    /**
     * How many ends are remembered, from 0, so that they are handed over once; 400 bytes each. One
     * in S3 counts twice.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder remember(int ends) {
      if (ends < 0) {
        throw new IllegalArgumentException("remember: allowed is a number from 0, not " + ends);
      }
      this.remember = ends;
      return this;
    }

    /**
     * Makes it; one GetQueueUrl, no thread.
     *
     * @throws ClientException if there is no such queue, nobody knows a region, or AWS does not
     *     answer
     * @throws InterruptedException if the thread is interrupted; nothing is left behind
     */
    public Results build() throws InterruptedException {
      return new Results(this);
    }
  }

  /**
   * Hands over whatever comes, on this thread, until nothing has come for a while. Up to ten ends
   * cost a ReceiveMessage and a DeleteMessageBatch; in the end a ReceiveMessage each 10 s.
   *
   * @param quiet for so long, from 1 second, while this receives: not while the callback or a
   *     delete takes its time; SQS may keep a receive empty though there is something
   * @return how many ends were handed over
   * @throws ClientException if the callback threw, something cannot be read, or AWS refuses the
   *     request
   * @throws IllegalStateException if it is closed
   * @throws InterruptedException if the thread is interrupted, or the callback throws one; what was
   *     not handed over is given back
   */
  public long collect(Callback callback, Duration quiet) throws InterruptedException {
    long patience = nanos(quiet);
    return run(callback, null, collecting -> patience - collecting.quiet());
  }

  /**
   * Hands over whatever comes, on this thread, until this is closed or the thread is interrupted.
   * Up to ten ends cost a ReceiveMessage and a DeleteMessageBatch; a ReceiveMessage each 10 s while
   * nothing comes.
   *
   * @return how many ends were handed over
   * @throws ClientException if the callback threw, something cannot be read, or AWS refuses the
   *     request
   * @throws IllegalStateException if it is closed
   * @throws InterruptedException if the thread is interrupted, or the callback throws one; what was
   *     not handed over is given back
   */
  public long follow(Callback callback) throws InterruptedException {
    return run(callback, null, collecting -> Long.MAX_VALUE);
  }

  /**
   * Hands over the ends of just these jobs, and leaves others in the queue for their readers. A
   * pack that has others' results as well stays in the queue: its results of ours are handed over
   * once all the same, and so are jobs of ours in the dead letter of a pack that no worker could
   * take: that letter stays, to be sent back or purged by {@link DeadLetters}; unless the pack's
   * own id is among those wanted, when it is handed over whole. The callback runs on this thread.
   * Up to ten messages cost a ReceiveMessage, a DeleteMessageBatch for those that are ours, and a
   * ChangeMessageVisibilityBatch or two for others; a ReceiveMessage each 10 s while nothing comes.
   *
   * @param timeout after which it gives up
   * @return the jobs whose ends have not come
   * @throws ClientException if the callback threw, something cannot be read, or AWS refuses the
   *     request
   * @throws IllegalStateException if it is closed
   * @throws InterruptedException if the thread is interrupted, or the callback throws one; what was
   *     not handed over is given back
   */
  public Set<String> collect(Collection<String> jobIds, Callback callback, Duration timeout)
      throws InterruptedException {
    Set<String> wanted = new HashSet<>(jobIds);
    Set<String> missing = new HashSet<>(wanted);
    long began = System.nanoTime();
    long patience = nanos(timeout);
    run(
        end -> {
          callback.accept(end);
          missing.remove(end.jobId());
        },
        wanted,
        collecting -> missing.isEmpty() ? 0 : patience - (System.nanoTime() - began));
    return missing;
  }

  private static long nanos(Duration time) {
    try {
      return time.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // 292 years
    }
  }

  /** When a call comes to its end. */
  private interface End {
    /** In so many nanoseconds at the latest; 0 or less: now. */
    long left(Collecting collecting);
  }

  private long run(Callback callback, @Nullable Set<String> wanted, End end)
      throws InterruptedException {
    begin();
    Inbox inbox = Inbox.polling(queue, closing, POLL);
    Collecting collecting =
        new Collecting(inbox, setup, handed, new Collecting.Wanted(wanted, callback));
    try {
      for (long left = end.left(collecting);
          left > 0 && !closing.await(collecting.pause());
          left = end.left(collecting)) {
        collecting.next(Duration.ofSeconds(Math.max(1, TimeUnit.NANOSECONDS.toSeconds(left))));
      }
      return collecting.count();
    } catch (CallFailed e) {
      if (closing.isAsked()) {
        return collecting.count(); // what could not be deleted any more comes again
      }
      throw new ClientException("reading " + queue.name() + " failed: " + e.getMessage(), e);
    } finally {
      inbox.close();
      end();
    }
  }

  private synchronized void begin() {
    if (closing.isAsked()) {
      throw new IllegalStateException("it is closed");
    }
    calls++;
  }

  private synchronized void end() {
    calls--;
    if (calls == 0 && closing.isAsked()) {
      aws.close();
    }
  }

  /**
   * Ends every call within some ten seconds, when its receive has been answered; each gives back
   * what it holds and returns as if its time were over, also if its requests fail: what it could
   * not delete comes again. Returns at once, whether the thread is interrupted or not, and makes no
   * request; whatever is called later is an {@link IllegalStateException}.
   */
  @Override
  public synchronized void close() {
    if (calls == 0 && !closing.isAsked()) {
      aws.close();
    }
    closing.ask();
  }
}
