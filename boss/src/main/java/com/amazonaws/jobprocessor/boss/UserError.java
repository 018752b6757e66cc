package com.amazonaws.jobprocessor.boss;

/** Something that the user can mend: one line that says what is wrong and what to do. */
final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserError(String message) {
    super(message);
  }

  UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
