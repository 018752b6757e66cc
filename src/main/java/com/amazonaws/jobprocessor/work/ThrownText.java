package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.message.StackText;
import com.amazonaws.jobprocessor.message.ThrowableText;
import com.amazonaws.jobprocessor.work.call.Traces;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts into words what an executor has thrown, at once and without secrets. Nothing keeps the
 * exception itself: its message may be as large as a job, and a pack has a thousand jobs.
 *
 * @param redact takes secrets out of a text, before it is cut
 * @param executor the name of its class
 * @param traces says which failures have a stack trace
 */
record ThrownText(UnaryOperator<String> redact, String executor, Traces traces) {
  /** Its own message, at most 1 KiB. */
  String message(Throwable thrown) {
    return ThrowableText.cut(ThrowableText.messageOf(thrown, redact), ThrowableText.MAX_BYTES);
  }

  /** Its message, the innermost cause, and where it came from, at most 1 KiB. */
  String all(Throwable thrown) {
    return ThrowableText.of(thrown, redact, executor);
  }

  /** Its stack trace, if that is to be told. */
  @Nullable StackText trace(Throwable thrown) {
    return traces.of(thrown);
  }
}
