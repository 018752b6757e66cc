package com.amazonaws.jobprocessor.executors;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@link HttpPost} has sent a job and got no answer, not all of it, or none in time. */
public final class HttpNoAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  HttpNoAnswer(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
