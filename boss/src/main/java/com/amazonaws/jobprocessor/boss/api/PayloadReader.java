package com.amazonaws.jobprocessor.boss.api;

/** Reads what a result stands for that was too large for its message. */
public interface PayloadReader {
  /** No bucket was named: no pointer is followed. */
  PayloadReader NONE =
      _ -> {
        throw new CannotRead(409, "the result is in S3; start the boss with --payload-bucket");
      };

  /**
   * The text that a pointer stands for.
   *
   * @param pointer as a worker sent it: hostile input
   */
  String read(String pointer) throws CannotRead, InterruptedException;

  /** It cannot be had; the message is one line. */
  final class CannotRead extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * A result that cannot be had.
     *
     * @param status of the answer: 409 if it never can, 502 if S3 does not answer
     */
    public CannotRead(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }
}
