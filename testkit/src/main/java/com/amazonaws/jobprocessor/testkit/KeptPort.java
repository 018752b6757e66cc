package com.amazonaws.jobprocessor.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A port of loopback that nobody listens on for the time being: connections are refused, and nobody
 * else is given it, whose server would answer in the place of the one that is down.
 */
final class KeptPort implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Socket socket;

  /** Keeps a port until it is closed; a server may listen on it before that. */
  KeptPort(int port) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Socket bound = bind(port, deadline);
    while (bound == null) {
      // A server's selector closes its socket a moment after the server has ended.
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
      bound = bind(port, deadline);
    }
    socket = bound;
  }

  /** Bound and never listening: Linux lets a listener have the port as well if both allow it. */
  private static @Nullable Socket bind(int port, long deadline) {
    try {
      Socket socket = new Socket();
      socket.setReuseAddress(true);
      try {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
      } catch (BindException e) {
        socket.close();
        if (System.nanoTime() > deadline) {
          throw e;
        }
        return null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
