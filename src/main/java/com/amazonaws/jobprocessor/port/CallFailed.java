package com.amazonaws.jobprocessor.port;

/** A call that brought no answer, or one that says no to the call as a whole. */
public final class CallFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** What a failure means. */
  public enum Kind {
    /** SQS said no to the content of the call: it had no effect, and the same call never will. */
    REFUSED,
    /**
     * SQS said no, for a reason that may pass: throttling, rights, a queue that is missing. It had
     * no effect.
     */
    REJECTED,
    /** No answer, or one that does not say: the call may have had its effect. */
    UNKNOWN
  }

  private final Service service;
  private final String code;
  private final Kind kind;
  private final boolean sent;

  /**
   * A failed call of SQS that was sent.
   *
   * @param code what kind of failure, for the log: SQS's error code or the class of the exception
   */
  public CallFailed(String code, String message, Kind kind, Throwable cause) {
    this(Service.SQS, code, message, kind, true, cause);
  }

  /**
   * A failed call.
   *
   * @param code what kind of failure, for the log: the service's error code or the class of the
   *     exception
   * @param sent false if it has certainly not left this machine, so that nobody bills it
   */
  public CallFailed(
      Service service, String code, String message, Kind kind, boolean sent, Throwable cause) {
    super(message, cause);
    this.service = service;
    this.code = code;
    this.kind = kind;
    this.sent = sent;
  }

  /** Who was called. */
  public Service service() {
    return service;
  }

  /** False if the call has certainly not left this machine. */
  public boolean sent() {
    return sent;
  }

  /** SQS's error code, or the class of the exception. */
  public String code() {
    return code;
  }

  /** What the failure means. */
  public Kind kind() {
    return kind;
  }
}
