package com.amazonaws.jobprocessor.status;

/**
 * The bounds of the JDK's HTTP server, which it reads from system properties once, when the first
 * of its classes is loaded; it has none by default. Units and effects are those of JDK 25's source
 * ({@code sun.net.httpserver.ServerConfig} and {@code ServerImpl}).
 */
final class ServerLimits {
  /** Connections at the same time: a further one is accepted and closed at once, without a word. */
  static final int MAX_CONNECTIONS = 64;

  /**
   * Seconds from a request's first byte to its last: the JDK's guide to the networking properties
   * says so, too. Looked at once in {@link #TIMER_MILLIS}.
   */
  static final int MAX_REQUEST_SECONDS = 5;

  /** Seconds from a request's last byte to its answer's last: one that is not read is cut off. */
  static final int MAX_RESPONSE_SECONDS = 10;

  /**
   * Seconds for which a connection may be open without a request; one that has not had its first
   * request yet, no longer than {@link #MAX_REQUEST_SECONDS}. Looked at once in {@link
   * #IDLE_TIMER_MILLIS}.
   */
  static final int IDLE_SECONDS = 30;

  /** Idle connections that are kept: the next that becomes idle is closed. */
  static final int MAX_IDLE_CONNECTIONS = 32;

  static final int TIMER_MILLIS = 1_000;
  static final int IDLE_TIMER_MILLIS = 5_000;

  /** Bytes of the request line, and of all headers; more is a request without an answer. */
  static final int MAX_HEADER_BYTES = 16 * 1024;

  static final int MAX_HEADERS = 64;

  /** Bytes of a form that is posted: more than the longest user data, which may hold its token. */
  static final int MAX_BODY_BYTES = 16 * 1024;

  private ServerLimits() {}

  /** Sets what is not set on the command line; to be called before the first server is made. */
  static void set() {
    set("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    set("sun.net.httpserver.maxIdleConnections", MAX_IDLE_CONNECTIONS);
    set("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
    set("sun.net.httpserver.maxRspTime", MAX_RESPONSE_SECONDS);
    set("sun.net.httpserver.idleInterval", IDLE_SECONDS);
    set("sun.net.httpserver.timerMillis", TIMER_MILLIS);
    set("sun.net.httpserver.clockTick", IDLE_TIMER_MILLIS);
    set("sun.net.httpserver.maxReqHeaderSize", MAX_HEADER_BYTES);
    set("sun.net.httpserver.maxReqHeaders", MAX_HEADERS);
    // Else a body that nobody reads is read to its first 64 KiB.
    set("sun.net.httpserver.drainAmount", 0);
    // Header and body of an answer are written apart: the second would wait for an acknowledgement.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private static void set(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }
}
