package com.amazonaws.jobprocessor.client.send;

import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.work.call.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets messages into a queue: what fails for a reason that may pass is sent again, a bounded number
 * of times, and nothing else.
 */
public final class Sender {
  /** Of an entry that the service does not take. */
  static final int MAX_TRIES = 8;

  /** Of a call that brings no answer, or an error of the service. */
  static final int MAX_CALLS = 5;

  /** Of a call that AWS throttles: some minutes. */
  static final int MAX_THROTTLES = 60;

  /** What has become of a message. */
  public sealed interface Outcome {
    /**
     * The queue has it.
     *
     * @param messageId that SQS has given it; empty if nobody knows
     */
    record Taken(String messageId) implements Outcome {
      /** Nobody knows its MessageId. */
      public Taken() {
        this("");
      }
    }

    /** The queue does not have it. */
    record NotTaken(String reason) implements Outcome {}

    /** A call was sent and brought no answer: the queue may have it or not. */
    record PerhapsTaken(String reason) implements Outcome {}
  }

  /**
   * What has become of a batch.
   *
   * @param outcomes of the messages, in their order
   * @param failure what any further call would fail with too; null if there is none
   * @param givenUp what the service said of a message that it did not take, through no fault of the
   *     message's, as often as it was sent; null if there is none
   */
  public record Sent(
      List<Outcome> outcomes, @Nullable CallFailed failure, Answer.@Nullable Failed givenUp) {
    /** The same where nothing may overtake such a message: as if the call had failed. */
    Sent inOrder() {
      if (failure != null || givenUp == null) {
        return this;
      }
      Exception cause = new IllegalStateException("SQS did not take an entry of the batch");
      String why = givenUp.message();
      return new Sent(
          outcomes, new CallFailed(givenUp.code(), why, CallFailed.Kind.REJECTED, cause), null);
    }
  }

  private final OutputQueue queue;
  private final Halt halt;
  private final Runnable onThrottle;

  /**
   * A sender.
   *
   * @param onThrottle is told of each call that AWS throttles
   */
  public Sender(OutputQueue queue, Halt halt, Runnable onThrottle) {
    this.queue = queue;
    this.halt = halt;
    this.onThrottle = onThrottle;
  }

  /** Whether it is to begin no further call. */
  boolean isCut() {
    return halt.isAsked();
  }

  /** Sends 1 to 10 messages, together at most 1 MiB. */
  public Sent send(List<OutgoingMessage> messages) throws InterruptedException {
    return new Attempt(messages).send();
  }

  /** The sending of one batch. */
  private final class Attempt {
    private final Backoff waits = new Backoff();
    private final List<OutgoingMessage> messages;
    private final Outcome[] outcomes;
    private final boolean[] unanswered;
    private List<Integer> left = new ArrayList<>();
    private String reason = "";
    private Answer.@Nullable Failed last;
    private int tries;
    private int throttles;

    Attempt(List<OutgoingMessage> messages) {
      this.messages = messages;
      this.outcomes = new Outcome[messages.size()];
      this.unanswered = new boolean[messages.size()];
      for (int i = 0; i < messages.size(); i++) {
        left.add(i);
      }
    }

    Sent send() throws InterruptedException {
      @Nullable CallFailed failure = null;
      while (!left.isEmpty()) {
        failure = null;
        Halt.UnderWay call = halt.callUnderWay();
        try {
          sort(queue.send(left.stream().map(messages::get).toList()));
        } catch (CallFailed e) {
          if (e.kind() == CallFailed.Kind.REFUSED) {
            return left.size() == 1 ? refused(e) : oneByOne();
          }
          failure = e;
          note(e);
          if (e.kind() == CallFailed.Kind.REJECTED && !SqsCalls.isThrottle(e.code())) {
            break;
          }
        } finally {
          call.close();
        }
        if (!left.isEmpty() && (isExhausted(failure) || pause())) {
          break;
        }
      }
      left.forEach(i -> outcomes[i] = notTaken(i, reason));
      return left.isEmpty()
          ? new Sent(List.of(outcomes), null, null)
          : new Sent(List.of(outcomes), failure, last);
    }

    private boolean pause() throws InterruptedException {
      return halt.await(Duration.ofNanos(waits.failed()));
    }

    private void note(CallFailed e) {
      reason = e.code() + ": " + e.getMessage();
      if (e.kind() == CallFailed.Kind.UNKNOWN && e.sent()) {
        left.forEach(i -> unanswered[i] = true);
      }
    }

    private void sort(List<Answer> answers) {
      List<Integer> again = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        int message = left.get(i);
        Answer answer = answers.get(i);
        if (answer instanceof Answer.Refused no) {
          outcomes[message] = notTaken(message, no.code() + ": " + no.message());
        } else if (answer instanceof Answer.Failed later) {
          again.add(message);
          last = later;
          reason = later.code() + ": " + later.message();
        } else if (answer instanceof Answer.Accepted yes) {
          outcomes[message] = new Outcome.Taken(yes.messageId());
        }
      }
      if (again.size() < left.size()) {
        tries = 0;
        throttles = 0;
      }
      left = again;
    }

    /** Counts one more failure; true if it was the last. */
    private boolean isExhausted(@Nullable CallFailed failure) {
      if (SqsCalls.isThrottle(reason.substring(0, Math.max(0, reason.indexOf(':'))))) {
        onThrottle.run();
        return isLast(++throttles, MAX_THROTTLES);
      }
      return isLast(++tries, failure == null ? MAX_TRIES : MAX_CALLS);
    }

    private boolean isLast(int count, int max) {
      if (count >= max) {
        reason += " (tried " + count + " times)";
      }
      return count >= max;
    }

    private Sent refused(CallFailed e) {
      int only = left.get(0);
      outcomes[only] = notTaken(only, e.code() + ": " + e.getMessage());
      return new Sent(List.of(outcomes), null, null);
    }

    /** One of them may be at fault for all. */
    private Sent oneByOne() throws InterruptedException {
      @Nullable CallFailed failure = null;
      for (int i : left) {
        if (failure != null || halt.isAsked()) {
          outcomes[i] = notTaken(i, "not sent any more");
          continue;
        }
        Sent one = Sender.this.send(List.of(messages.get(i)));
        outcomes[i] =
            one.outcomes().get(0) instanceof Outcome.NotTaken no
                ? notTaken(i, no.reason())
                : one.outcomes().get(0);
        failure = one.failure();
      }
      return new Sent(List.of(outcomes), failure, null);
    }

    private Outcome notTaken(int i, String why) {
      return unanswered[i] ? new Outcome.PerhapsTaken(why) : new Outcome.NotTaken(why);
    }
  }
}
