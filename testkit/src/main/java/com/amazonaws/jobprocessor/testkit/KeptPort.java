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
public final class KeptPort {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final int port;
  private @Nullable Socket socket;

  KeptPort(int port) {
    this.port = port;
  }

  /** A port that was free, kept until it is released; a server may listen on it before that. */
  public static KeptPort free() {
    KeptPort any = new KeptPort(0);
    any.keep();
    return any;
  }

  /** The port's number, while it is kept. */
  public int port() {
    return socket == null ? port : socket.getLocalPort();
  }

  /** Keeps the port until it is released; its server may listen on it before that. */
  void keep() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (socket == null) {
      socket = bind(deadline);
      if (socket == null) {
        // A server's selector, or a child that is being started, lets go of its socket in a moment.
        LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
      }
    }
  }

  /** Bound and never listening: Linux lets a listener have the port as well if both allow it. */
  private @Nullable Socket bind(long deadline) {
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

  /** Leaves the port to anybody. */
  public void release() {
    try {
      if (socket != null) {
        socket.close();
        socket = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
