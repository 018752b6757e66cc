package com.amazonaws.jobprocessor.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of loopback that nobody listens on for the time being: connections are refused, and nobody
 * else is given it, whose server would answer in the place of the one that is down.
 */
final class KeptPort implements AutoCloseable {
  private final Socket socket = new Socket();

  /** Keeps a port until it is closed; a server may listen on it before that. */
  KeptPort(int port) {
    try {
      // Bound and never listening; Linux lets a listener have the port as well, if both allow it.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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
