package com.amazonaws.jobprocessor.testkit;

/** EC2 or Auto Scaling says no. */
final class FleetError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  FleetError(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** What Auto Scaling says to most of what it cannot do. */
  static FleetError validation(String message) {
    return new FleetError(400, "ValidationError", message);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
