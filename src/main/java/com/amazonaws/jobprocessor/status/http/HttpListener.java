package com.amazonaws.jobprocessor.status.http;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Accepts connections, each for one request on a virtual thread of its own. There are never more
 * than {@link Limits#MAX_CONNECTIONS}, nor more a second than the pace says; what comes beyond is
 * not accepted and refused, but not accepted at all: it waits in the kernel, where it costs the
 * jobs nothing, and whoever attacks waits, too, instead of coming back at once.
 */
public final class HttpListener implements AutoCloseable {
  private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

  private final ServerSocket socket;
  private final Threads starter;
  private final Pace pace;
  private final MonotonicClock clock;
  private final Semaphore room = new Semaphore(Limits.MAX_CONNECTIONS);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition opened = lock.newCondition();
  private final Set<HttpConnection> connections = new HashSet<>();
  private final Set<Thread> threads = new HashSet<>();

  /** Answers a request. */
  @FunctionalInterface
  public interface Handler {
    /** Called on a thread of the connection's own, which is closed afterwards. */
    void handle(HttpConnection connection) throws IOException, InterruptedException;
  }

  /** Starts virtual threads, and is told what they cannot handle. */
  @FunctionalInterface
  public interface Threads {
    /** Starts one. */
    Thread start(String name, Loop loop);
  }

  /** What a thread does, perhaps until it is interrupted. */
  @FunctionalInterface
  public interface Loop {
    /** Does it. */
    void run() throws InterruptedException;
  }

  private HttpListener(ServerSocket socket, Threads starter, Pace pace, MonotonicClock clock) {
    this.socket = socket;
    this.starter = starter;
    this.pace = pace;
    this.clock = clock;
  }

  /**
   * Listens.
   *
   * @param port 1 to 65,535, or 0 for any
   * @param starter of all its threads
   * @throws IOException if it cannot listen there
   */
  public static HttpListener start(
      InetAddress address,
      int port,
      Threads starter,
      Pace pace,
      MonotonicClock clock,
      Handler handler)
      throws IOException {
    HttpListener listener =
        new HttpListener(new ServerSocket(port, Limits.MAX_WAITING, address), starter, pace, clock);
    listener.threads.add(starter.start("page-listener", () -> listener.accept(handler)));
    listener.threads.add(starter.start("page-watch", listener::watch));
    return listener;
  }

  /** The port that it listens at. */
  public int port() {
    return socket.getLocalPort();
  }

  private void accept(Handler handler) throws InterruptedException {
    while (!socket.isClosed()) {
      room.acquire();
      pace.awaitTurn();
      HttpConnection connection;
      try {
        connection = open(socket.accept());
      } catch (IOException e) { // closed; or no file descriptor is left, or whoever came has gone
        room.release();
        clock.sleep(AFTER_FAILURE.toNanos());
        continue;
      }
      Thread _ = starter.start("page", () -> serve(connection, handler));
    }
  }

  private HttpConnection open(Socket accepted) {
    HttpConnection connection = new HttpConnection(accepted, clock);
    lock.lock();
    try {
      connections.add(connection);
      opened.signalAll();
    } finally {
      lock.unlock();
    }
    return connection;
  }

  private void serve(HttpConnection connection, Handler handler) throws InterruptedException {
    try {
      handler.handle(connection);
    } catch (IOException e) {
      // whoever asked has gone, or was cut
    } finally {
      connection.cut();
      lock.lock();
      try {
        connections.remove(connection);
      } finally {
        lock.unlock();
      }
      room.release();
    }
  }

  /** Cuts the slow ones, for as long as there are connections. */
  private void watch() throws InterruptedException {
    while (true) {
      awaitConnection();
      clock.sleep(Limits.LOOK.toNanos());
      long now = clock.nanoTime();
      boolean full = room.availablePermits() == 0;
      for (HttpConnection connection : connections()) {
        if (connection.isOver(now, full)) {
          connection.cut();
        }
      }
    }
  }

  private void awaitConnection() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (connections.isEmpty()) {
        opened.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private List<HttpConnection> connections() {
    lock.lock();
    try {
      return List.copyOf(connections);
    } finally {
      lock.unlock();
    }
  }

  /** Closes all connections at once, and listens no more. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
    threads.forEach(Thread::interrupt);
    connections().forEach(HttpConnection::cut);
  }
}
