package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.message.StackText;
import org.jspecify.annotations.Nullable;

/** Says which of the failures of jobs are told with their stack traces. Called by many threads. */
@FunctionalInterface
public interface Traces {
  /** No failure is. */
  Traces NONE = _ -> null;

  /** The trace of what an executor has thrown, or null. Throws nothing. */
  @Nullable StackText of(Throwable thrown);
}
