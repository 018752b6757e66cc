package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;

/**
 * Something to attack that does next to nothing: it takes as many connections as a worker's page,
 * as fast, cuts slow ones as soon, and answers nobody. So it shows what attackers alone cost a
 * machine.
 */
final class Target {
  private static final int CONNECTIONS = 64;
  private static final int QUEUE = 50;
  private static final int READ_MILLIS = 1_000;
  private static final int ACCEPT_MILLIS = 20;

  private final Semaphore free = new Semaphore(CONNECTIONS);
  private final ServerSocket server;

  private Target(ServerSocket server) {
    this.server = server;
  }

  /** Opens one, until the process ends; its port. */
  static int open() throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), QUEUE);
    Thread.ofPlatform().daemon().start(new Target(server)::accept);
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        free.acquire();
        Thread.sleep(ACCEPT_MILLIS);
        acceptOne();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void acceptOne() {
    try {
      Socket socket = server.accept();
      Thread.startVirtualThread(() -> bear(socket));
    } catch (IOException _) {
      free.release(); // the attacker was faster
    }
  }

  private void bear(Socket socket) {
    try (socket) {
      socket.setSoTimeout(READ_MILLIS);
      long end = System.nanoTime() + READ_MILLIS * 1_000_000L;
      byte[] part = new byte[1 << 14];
      boolean more = true;
      while (more && System.nanoTime() - end < 0) {
        more = socket.getInputStream().read(part) >= 0;
      }
    } catch (IOException _) {
      // cut, or too slow
    } finally {
      free.release();
    }
  }
}
