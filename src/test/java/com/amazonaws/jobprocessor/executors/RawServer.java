package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers each connection's first request as it is told, byte by byte, and closes it. */
final class RawServer implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *([0-9]+)");

  /** What becomes of a connection. */
  interface Behaviour {
    void serve(Socket connection, String requestHead) throws IOException;
  }

  private final ServerSocket socket;
  private final Behaviour behaviour;
  private final AtomicInteger requests = new AtomicInteger();

  private RawServer(Behaviour behaviour) throws IOException {
    this.socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    this.behaviour = behaviour;
    Thread.ofVirtual().start(this::acceptAll);
  }

  static RawServer of(Behaviour behaviour) throws IOException {
    return new RawServer(behaviour);
  }

  /** Sends these bytes, one a character, to everybody. */
  static RawServer answering(String bytes) throws IOException {
    return of((connection, _) -> connection.getOutputStream().write(bytes.getBytes(ISO_8859_1)));
  }

  private void acceptAll() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      String head = readRequest(new BufferedInputStream(connection.getInputStream()));
      requests.incrementAndGet();
      behaviour.serve(connection, head);
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static String readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    Matcher length = LENGTH.matcher(head);
    in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return head.toString();
  }

  int requests() {
    return requests.get();
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/job";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
