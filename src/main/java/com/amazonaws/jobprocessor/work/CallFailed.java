package com.amazonaws.jobprocessor.work;

/** A call that brought no answer, or one that says no to the call as a whole. */
public final class CallFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final boolean refused;

  /**
   * A failed call.
   *
   * @param code what kind of failure, for the log: SQS's error code or the class of the exception
   * @param refused true if the same call can never succeed (its content is at fault); false if SQS,
   *     the network, our rights or the queue are, which may pass
   */
  public CallFailed(String code, String message, boolean refused, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.refused = refused;
  }

  /** SQS's error code, or the class of the exception. */
  public String code() {
    return code;
  }

  /** True if the same call can never succeed. */
  public boolean refused() {
    return refused;
  }
}
