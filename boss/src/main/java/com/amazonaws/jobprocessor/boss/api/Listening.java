package com.amazonaws.jobprocessor.boss.api;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Tries an address before the server does, which would log what it throws. */
final class Listening {
  private Listening() {}

  /**
   * Listens for a moment.
   *
   * @throws IOException if nobody can listen there
   */
  static void check(String address, int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(address, port));
    }
  }
}
