package com.amazonaws.jobprocessor.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Speaks TLS to clients and passes on what they say to a port of this machine. Its certificate is
 * made for it and is good for two days.
 */
public final class TlsRelay implements AutoCloseable {
  /**
   * The JDK's own for its trust store, and no secret: what it protects does not outlive the test.
   */
  private static final String PASSWORD = "changeit";

  private static final int LONGEST_KEYTOOL = 60;

  private final SSLContext context;
  private final SSLServerSocket listener;
  private final int target;
  private final Path trustStore;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private TlsRelay(SSLContext context, int target, Path trustStore) throws IOException {
    this.context = context;
    this.target = target;
    this.trustStore = trustStore;
    this.listener =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 256, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().name("tls-relay").daemon().start(this::accept);
  }

  /**
   * Starts one.
   *
   * @param work an empty place for keys
   * @param host the name in its certificate
   * @param target the port
   */
  public static TlsRelay start(Path work, String host, int target)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"));
    Path keys = work.resolve("relay.p12");
    Path certificate = work.resolve("relay.pem");
    Path trustStore = Files.copy(java.resolve("lib/security/cacerts"), work.resolve("trusted"));
    String[] own = {"-keystore", keys.toString(), "-storepass", PASSWORD, "-alias", "relay"};
    keytool(
        java,
        own,
        "-genkeypair -keyalg RSA -keysize 2048 -validity 2 -dname CN=%1$s -ext san=dns:%1$s"
            .formatted(host));
    keytool(java, own, "-exportcert -rfc -file " + certificate);
    String[] trusted = {"-keystore", trustStore.toString(), "-storepass", PASSWORD};
    keytool(java, trusted, "-importcert -noprompt -alias relay -file " + certificate);
    try {
      KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return new TlsRelay(context, target, trustStore);
    } catch (GeneralSecurityException e) {
      throw new IOException("the relay's certificate is of no use", e);
    }
  }

  /** The arguments have no blanks but those between them. */
  private static void keytool(Path java, String[] store, String arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java.resolve("bin/keytool").toString()));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of(store));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(LONGEST_KEYTOOL, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + String.join(" ", command));
    }
  }

  /** Another with the same certificate, to another port. */
  public TlsRelay to(int otherTarget) throws IOException {
    return new TlsRelay(context, otherTarget, trustStore);
  }

  /** The URL to give to clients. */
  public URI endpoint() {
    return URI.create("https://localhost:" + listener.getLocalPort());
  }

  /** The JDK's trusted certificates and the relay's. */
  public Path trustStore() {
    return trustStore;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        Thread.ofVirtual().name("tls-client").start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      sockets.add(server);
      Thread.ofVirtual().name("tls-answers").start(() -> pass(server, client));
      pass(client, server);
      sockets.remove(server);
    } catch (IOException e) {
      // either end has gone
    } finally {
      sockets.remove(client);
    }
  }

  private static void pass(Socket from, Socket to) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        to.getOutputStream().write(buffer, 0, n);
      }
      to.close();
    } catch (IOException e) {
      // either end has gone
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
