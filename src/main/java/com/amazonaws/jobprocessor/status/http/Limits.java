package com.amazonaws.jobprocessor.status.http;

import java.time.Duration;

/** The bounds of the status server. */
public final class Limits {
  /** Connections at the same time; further ones wait to be accepted. */
  static final int MAX_CONNECTIONS = 64;

  /** Connections that wait to be accepted; the kernel ignores further ones until there is room. */
  static final int MAX_WAITING = 50;

  /** From a connection's begin to its request's last byte. */
  static final Duration MAX_REQUEST = Duration.ofSeconds(5);

  /** The same while all connections are taken, so that a few slow ones do not keep others out. */
  static final Duration MAX_REQUEST_WHEN_FULL = Duration.ofSeconds(1);

  /** From a request's last byte to its answer's last: one that is not read is cut off. */
  static final Duration MAX_RESPONSE = Duration.ofSeconds(10);

  /** For how long what was not asked for is read after an answer, which a reset would destroy. */
  static final Duration MAX_LINGER = Duration.ofSeconds(1);

  /** How often is looked for connections that are over their time. */
  static final Duration LOOK = Duration.ofMillis(250);

  /** Bytes of the request line and all headers together. */
  static final int MAX_HEAD_BYTES = 16 * 1024;

  static final int MAX_HEADERS = 64;

  /** Bytes that are read of what was not asked for. */
  static final int MAX_LINGER_BYTES = 64 * 1024;

  /** Bytes of a form that is posted: more than the longest user data, which may hold its token. */
  public static final int MAX_BODY_BYTES = 16 * 1024;

  private Limits() {}
}
