package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** An HTTP proxy on this machine that writes down what it is asked for. */
public final class LoopbackProxy implements AutoCloseable {
  private static final String LOGIN = "Proxy-Authorization: Basic ";

  private final Set<String> requests = new ConcurrentSkipListSet<>();
  private final Set<String> logins = new ConcurrentSkipListSet<>();
  private final ServerSocket server;
  private final String answer;

  private LoopbackProxy(String answer) throws IOException {
    this.answer = answer;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().name("loopback-proxy").daemon().start(this::serve);
  }

  /**
   * One that lets nobody through.
   *
   * @param answer status and reason
   */
  public static LoopbackProxy refusing(String answer) throws IOException {
    return new LoopbackProxy(answer);
  }

  /** One that connects whoever asks to whatever they ask for. */
  public static LoopbackProxy open() throws IOException {
    return new LoopbackProxy("200 Connection established");
  }

  /** Where it listens, on loopback. */
  public int port() {
    return server.getLocalPort();
  }

  /** The lines of the requests, without the version of HTTP. */
  public Set<String> requests() {
    return requests;
  }

  /** Users and passwords that it was told, in base64. */
  public Set<String> logins() {
    return logins;
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().name("loopback-proxy").start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String request = line(client.getInputStream());
      boolean hasLogin = false;
      for (String header = line(client.getInputStream()); !header.isEmpty(); ) {
        if (header.startsWith(LOGIN)) {
          logins.add(header.substring(LOGIN.length()));
          hasLogin = true;
        }
        header = line(client.getInputStream());
      }
      if (request.isEmpty()) {
        return;
      }
      requests.add(request.replace(" HTTP/1.1", ""));
      if (answer.startsWith("200")) {
        tunnel(client, URI.create("any://" + request.split(" ", -1)[1]));
      } else {
        say(client, answer.startsWith("407") && hasLogin ? "502 Bad Gateway" : answer);
      }
    } catch (IOException e) {
      // closed by one of the two
    }
  }

  private static void say(Socket client, String status) throws IOException {
    String login = status.startsWith("407") ? "Proxy-Authenticate: Basic realm=\"x\"\r\n" : "";
    String head = "HTTP/1.1 " + status + "\r\nContent-Length: 2\r\nConnection: close\r\n";
    client.getOutputStream().write((head + login + "\r\nno").getBytes(US_ASCII));
    client.getOutputStream().flush();
  }

  private void tunnel(Socket client, URI to) throws IOException {
    try (Socket target = new Socket(InetAddress.getLoopbackAddress(), to.getPort())) {
      client.getOutputStream().write(("HTTP/1.1 " + answer + "\r\n\r\n").getBytes(US_ASCII));
      client.getOutputStream().flush();
      Thread.ofVirtual().name("loopback-proxy").start(() -> pass(target, client));
      client.getInputStream().transferTo(target.getOutputStream());
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.close();
    } catch (IOException e) {
      // closed by one of the two
    }
  }

  /** Byte by byte: what follows the head belongs to the tunnel. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
