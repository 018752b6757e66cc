package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.work.call.Backoff;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * An entry, the thread that waits for it, and what came of its last call. Guarded by the lock of
 * its {@link BatchSender}, but while its call is under way by the thread that makes it.
 */
final class BatchWaiter<E extends BatchEntry> {
  final E entry;
  final Condition wake;

  /** Its waits after calls that took others, or could have. */
  final Backoff backoff = new Backoff();

  /** When it came in line. */
  long since;

  /** It was in a call. */
  boolean called;

  /** SQS answered the call, and could not take it. */
  boolean failedAlone;

  /** What came of it; null if it is to be sent once more. */
  @Nullable Sent sent;

  BatchWaiter(E entry, Condition wake) {
    this.entry = entry;
    this.wake = wake;
  }

  /** SQS has answered for this entry. */
  void answered(Answer answer, long now) {
    switch (answer) {
      case Answer.Accepted _ -> sent = Sent.ACCEPTED;
      case Answer.Refused refused -> sent = new Sent.Refused(refused.code(), refused.message());
      case Answer.Failed failed -> {
        failedAlone = true;
        failed(failed.code(), failed.message(), now);
      }
    }
  }

  /** The entry had no effect, for a reason that may pass. */
  void failed(String code, String message, long now) {
    sent = entry.givesUp(now) ? new Sent.GivenUp(code, message) : null;
  }

  /** The call may have had its effect. */
  void unanswered() {
    if (!entry.mayRepeat()) {
      sent = Sent.UNKNOWN;
    }
  }
}
