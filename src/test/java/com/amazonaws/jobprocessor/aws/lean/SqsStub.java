package com.amazonaws.jobprocessor.aws.lean;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that writes down what is sent to it, and answers as it is told. */
final class SqsStub implements AutoCloseable {
  /** A request as it came; names of headers in lower case. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Request(String line, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, UTF_8);
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** Answers one request. */
  interface Answer {
    /** Returns false to close the connection. */
    boolean write(OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Answer answer = json("{}");

  SqsStub() {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  static Answer json(String body) {
    return answer(200, Map.of("Content-Type", "application/x-amz-json-1.0"), body);
  }

  static Answer answer(int status, Map<String, String> headers, String body) {
    return out -> {
      byte[] bytes = body.getBytes(UTF_8);
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Said\r\n");
      headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      head.append("Content-Length: " + bytes.length + "\r\n\r\n");
      out.write(head.toString().getBytes(ISO_8859_1));
      out.write(bytes);
      return !"close".equals(headers.get("Connection"));
    };
  }

  SqsStub answers(Answer next) {
    answer = next;
    return this;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  List<Request> requests() {
    return requests;
  }

  /** How many connections have been made. */
  int connections() {
    return connections.get();
  }

  /** Closes the connections, as a server does with what is idle. */
  void closeConnections() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        // Head and body are written one after the other: the second would wait 40 ms for the first.
        socket.setTcpNoDelay(true);
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean open = true;
      while (open) {
        String line = line(in);
        if (line.isEmpty()) {
          return;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          int colon = header.indexOf(':');
          headers.put(
              header.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
              header.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        requests.add(new Request(line, headers, body));
        open = answer.write(socket.getOutputStream());
        socket.getOutputStream().flush();
      }
    } catch (IOException e) {
      // The client went.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    closeConnections();
  }
}
