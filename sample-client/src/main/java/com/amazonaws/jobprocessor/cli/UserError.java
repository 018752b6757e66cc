package com.amazonaws.jobprocessor.cli;

/** Something that the user can mend; the message is one line: what, which value, what to do. */
final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserError(String message) {
    super(message);
  }
}
