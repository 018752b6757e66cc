package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.Room;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How a worker's results and dead letters are written, stored and sent. */
public final class Outputs {
  private static final Duration FOREVER = Duration.ofDays(1);

  /** Less than a call of SQS takes. */
  private static final long LINGER = Duration.ofMillis(1).toNanos();

  /**
   * For so long a dead letter waits in flight for a queue that does not take it: then its job waits
   * in the backlog, where it holds up no other.
   */
  private static final Duration MAX_DEAD_LETTER_WAIT = Duration.ofMinutes(1);

  private final MessageWriter writer;
  private final PayloadStore store;
  private final MessageSender results;
  private final ResultPacks resultPacks;
  private final MessageSender deadLetters;
  private final StoredResults stored;
  private final String deadLetterQueue;

  /** Sends to the given queues, what is large by way of the store. */
  public Outputs(
      MessageWriter writer,
      OutputQueue results,
      OutputQueue deadLetters,
      PayloadStore store,
      Room room,
      WorkerRuntime runtime) {
    this.writer = writer;
    this.store = store;
    // The only job in flight is not kept waiting; beside others it may be one of a batch.
    LongSupplier linger = () -> room.inFlight().size() > 1 ? LINGER : 0;
    this.results = new MessageSender(results, store, FOREVER, linger, runtime);
    this.resultPacks = new ResultPacks(this.results, runtime.threads());
    this.deadLetters = new MessageSender(deadLetters, store, MAX_DEAD_LETTER_WAIT, linger, runtime);
    this.stored = new StoredResults(store, room.inFlight(), runtime);
    this.deadLetterQueue = deadLetters.name();
  }

  MessageWriter writer() {
    return writer;
  }

  PayloadStore store() {
    return store;
  }

  MessageSender results() {
    return results;
  }

  ResultPacks resultPacks() {
    return resultPacks;
  }

  MessageSender deadLetters() {
    return deadLetters;
  }

  StoredResults stored() {
    return stored;
  }

  String deadLetterQueue() {
    return deadLetterQueue;
  }

  /** Why a result cannot be sent, whose message has so many bytes; null if it can. */
  Outcome.@Nullable Failed refusalOf(String result, int bytes) {
    if (bytes > MessageFormat.MAX_BYTES && !store.isPresent()) {
      return Outcome.Failed.forNow(
          "ResultTooLarge",
          "the result's message has "
              + bytes
              + " bytes; SQS takes 1048576, and payload_bucket_name is not set");
    }
    if (bytes > Payloads.MAX_BYTES) {
      return Outcome.Failed.forNow("ResultTooLarge", "the result has more than 64 MiB");
    }
    if (bytes > MessageFormat.MAX_BYTES && bytes > store.maxBytes()) {
      return Outcome.Failed.forNow(
          "ResultTooLarge", "the result has more than a third of this worker's heap");
    }
    // An object in the bucket may have any characters, if only they are some.
    boolean sendable =
        bytes > MessageFormat.MAX_BYTES ? isWhole(result) : MessageFormat.isSendable(result);
    return sendable
        ? null
        : Outcome.Failed.forNow(
            "ResultRefused", "the result has characters that SQS does not accept");
  }

  /** False if half of a surrogate pair is there, which UTF-8 cannot say. */
  private static boolean isWhole(String text) {
    return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
  }
}
