package com.amazonaws.jobprocessor.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that attacks a worker's page, or a {@link Target} of its own, until it is ended:
 * connections that send half a request and hold on, posts of 10 MB, and questions as fast as they
 * are answered. Prints five times a second how much it has done.
 */
final class Attack {
  private static final int POSTERS = 20;
  private static final int ASKERS = 20;
  private static final int POST_BYTES = 10 * 1024 * 1024;
  private static final int READ_MILLIS = 30_000;
  private static final int CONNECT_MILLIS = 2_000;

  /** One whose connection was cut comes again, as a browser does, and not at once. */
  private static final int HOLDERS_PAUSE_MILLIS = 10_000;

  private static final int PAUSE_MILLIS = 100;

  private final int port;
  private final AtomicLong connected = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();

  private Attack(int port) {
    this.port = port;
  }

  private interface Step {
    void take() throws IOException;
  }

  /**
   * Attacks.
   *
   * @param arguments the port, 0 for a target of its own, and how many connections hold on
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT);
    int port = Integer.parseInt(arguments[0]);
    Attack attack = new Attack(port == 0 ? Target.open() : port);
    attack.begin(Integer.parseInt(arguments[1]));
    while (true) {
      System.out.println(attack.connected + " " + attack.answered);
      Thread.sleep(200);
    }
  }

  private void begin(int holders) {
    for (int i = 0; i < holders; i++) {
      again(HOLDERS_PAUSE_MILLIS, this::hold);
    }
    for (int i = 0; i < POSTERS; i++) {
      again(PAUSE_MILLIS, this::post);
    }
    for (int i = 0; i < ASKERS; i++) {
      again(PAUSE_MILLIS, this::ask);
    }
  }

  private static void again(int pauseMillis, Step step) {
    Thread.startVirtualThread(
        () -> {
          try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(2_000)); // not all at once
            while (true) {
              Thread.sleep(taken(step) ? pauseMillis : Math.min(pauseMillis, 1_000));
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static boolean taken(Step step) {
    try {
      step.take();
      return true;
    } catch (IOException _) {
      return false; // nobody listens yet, or the connection was cut
    }
  }

  private void hold() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
      readAll(socket);
    }
  }

  private void post() throws IOException {
    try (Socket socket = connect()) {
      send(
          socket,
          "POST /status.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
              .formatted(POST_BYTES));
      byte[] part = new byte[1 << 16];
      for (int sent = 0; sent < POST_BYTES; sent += part.length) {
        socket.getOutputStream().write(part);
      }
      readAll(socket);
    }
  }

  private void ask() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /status.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      if (readAll(socket) > 0) {
        answered.incrementAndGet();
      }
    }
  }

  /** By one of many addresses of this machine: of each there are so many ports. */
  private Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      byte last = (byte) (1 + ThreadLocalRandom.current().nextInt(100));
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 1, last}), 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      socket.setSoTimeout(READ_MILLIS);
      connected.incrementAndGet();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static long readAll(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] part = new byte[1 << 14];
    long all = 0;
    for (int n = in.read(part); n >= 0; n = in.read(part)) {
      all += n;
    }
    return all;
  }
}
