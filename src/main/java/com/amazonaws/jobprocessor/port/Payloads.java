package com.amazonaws.jobprocessor.port;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;

/**
 * Port: where payloads are kept that do not fit a message. No call is repeated inside; every call
 * ends within a bounded time.
 */
public interface Payloads {
  /** No payload bucket: nothing can be stored, and no pointer is followed. */
  Payloads NONE =
      new Payloads() {
        @Override
        public String fetch(String pointer, int maxBytes) throws Unreadable {
          throw new Unreadable(
              Unreadable.REFUSED, "the job is in S3 and payload_bucket_name is not set");
        }

        @Override
        public String store(String payload) {
          throw new IllegalStateException("payload_bucket_name is not set");
        }

        @Override
        public void delete(String pointer) {
          // no object of ours
        }

        @Override
        public String copy(String pointer) {
          return pointer;
        }
      };

  /** The largest payload, in bytes of UTF-8. */
  int MAX_BYTES = 64 * 1024 * 1024;

  /**
   * Fetches what a pointer stands for.
   *
   * @param pointer the body of a message with {@link PayloadPointer#isPointer pointer attributes};
   *     hostile input
   * @param maxBytes the most that there may be, at most {@link #MAX_BYTES}: more is not read
   * @throws Unreadable if no other try can help this job
   * @throws CallFailed if the store does not answer, or says no for a reason that may pass
   */
  String fetch(String pointer, int maxBytes) throws Unreadable, CallFailed, InterruptedException;

  /** Fetches what a pointer stands for, as large as a payload may be. */
  default String fetch(String pointer) throws Unreadable, CallFailed, InterruptedException {
    return fetch(pointer, MAX_BYTES);
  }

  /**
   * Stores a payload as an object of its own.
   *
   * @param payload at most {@link #MAX_BYTES}, without a lone surrogate, which UTF-8 cannot say
   * @return the pointer: the body of the message that carries the payload
   * @throws IllegalArgumentException if the payload may not be stored
   */
  String store(String payload) throws CallFailed, InterruptedException;

  /**
   * Deletes the object of a pointer. One that is missing is no failure; a pointer that {@link
   * #fetch} would refuse deletes nothing.
   */
  void delete(String pointer) throws CallFailed, InterruptedException;

  /**
   * Copies the object of a pointer to a new one of its own, whatever its size: a message that is
   * sent twice must not share its object.
   *
   * @return the pointer to the copy
   */
  String copy(String pointer) throws Unreadable, CallFailed, InterruptedException;

  /**
   * How many bytes are stored for a payload.
   *
   * @throws IllegalArgumentException if it may not be stored
   */
  static int bytesOf(String payload) {
    int bytes = payload.length() > MAX_BYTES ? MAX_BYTES + 1 : MessageFormat.utf8Length(payload);
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException("the payload has more than " + MAX_BYTES + " bytes");
    }
    if (payload.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      throw new IllegalArgumentException("the payload has a lone surrogate");
    }
    return bytes;
  }

  /** A payload that cannot be had: the failure of its job alone. */
  final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    /** The object is not there. */
    public static final String MISSING = "PayloadMissing";

    /**
     * We may not read the object; S3 says so of a missing one as well to whom may not list the
     * bucket.
     */
    public static final String DENIED = "PayloadDenied";

    /** The pointer is none, or one to another bucket than ours. */
    public static final String REFUSED = "PayloadRefused";

    /** The object has more than {@link #MAX_BYTES}, or than was asked for. */
    public static final String TOO_LARGE = "PayloadTooLarge";

    /** This process has too little memory for the object. */
    public static final String TOO_LARGE_HERE = "PayloadTooLargeForHeap";

    /** The object is not UTF-8. */
    public static final String NOT_TEXT = "PayloadNotText";

    private final String type;

    /**
     * A payload that cannot be had.
     *
     * @param type one of this class's constants: a dead letter's {@code error_type}
     * @param message names bucket and key, never content
     */
    public Unreadable(String type, String message) {
      super(message);
      this.type = type;
    }

    /** True if no further try can help: what is missing or denied may be mended. */
    public boolean isForGood() {
      return !type.equals(MISSING) && !type.equals(DENIED) && !type.equals(TOO_LARGE_HERE);
    }

    /** What is wrong, in one word. */
    public String type() {
      return type;
    }
  }
}
