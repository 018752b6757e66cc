package com.amazonaws.jobprocessor.executors;

/** The answer to a job is no text, which is all that a message can carry. */
public final class ResultNotText extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ResultNotText(String message) {
    super(message);
  }
}
