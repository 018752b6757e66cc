package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Why no connection could be made, in words for the operator. */
final class NoConnection {
  private static final int PROBE_MILLIS = 1_000;
  private static final Pattern PLAINTEXT =
      Pattern.compile("unrecognized SSL message", Pattern.CASE_INSENSITIVE);

  private NoConnection() {}

  static ExecutorUnavailable to(URI url, Duration limit, Throwable cause) {
    return new ExecutorUnavailable(
        "cannot connect to " + shown(url) + ": " + reason(url, limit, cause), cause);
  }

  /** Too little heap is the job's failure; too few threads in the system is the box's. */
  static ExecutorUnavailable noThreads(URI url, Duration limit, OutOfMemoryError e) {
    if (String.valueOf(e.getMessage()).contains("native thread")) {
      return to(url, limit, e);
    }
    throw e;
  }

  /**
   * The failure of a TLS handshake that is the cause of a failure, or null. The HTTP client may
   * find out about it only when it has asked for the request's body; nothing of that is sent before
   * the handshake is over.
   */
  static @Nullable SSLException handshake(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLHandshakeException refused) {
        return refused;
      }
      // Said of a first record only (sun.security.ssl.SSLEngineInputRecord, JDK 25).
      if (cause instanceof SSLException other
          && PLAINTEXT.matcher("" + other.getMessage()).find()) {
        return other;
      }
    }
    return null;
  }

  /** A URL without what may be secret in it: user, query and fragment. */
  static String shown(URI url) {
    String host = url.getHost() == null ? "" : url.getScheme() + "://" + url.getHost();
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return host + port + path + (url.getRawQuery() == null ? "" : "?...");
  }

  private static String reason(URI url, Duration limit, Throwable cause) {
    if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
      return "no connection within " + limit.toSeconds() + " s";
    }
    if (cause.getCause() instanceof UnresolvedAddressException) {
      return "unknown host " + url.getHost();
    }
    return cause.getMessage() == null
        ? probe(url)
        : cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  /** The HTTP client does not hand on what the system says; a second try does. */
  private static String probe(URI url) {
    int usual = "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    int port = url.getPort() < 0 ? usual : url.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), port), PROBE_MILLIS);
      return "the connection was refused";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
