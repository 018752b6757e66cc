package com.amazonaws.jobprocessor.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** How workers speak with the server: in plain HTTP, or by TLS with a certificate made for it. */
final class Tls {
  /** Plain HTTP. */
  static final Tls NONE = new Tls(null, List.of(), Map.of());

  /**
   * The JDK's own for its trust store, and no secret: what it protects does not outlive the run.
   */
  private static final String PASSWORD = "changeit";

  private static final String ALIAS = "bench";
  private static final Duration LONGEST_KEYTOOL = Duration.ofMinutes(1);

  private final @Nullable SSLContext context;
  private final List<String> jvmOptions;
  private final Map<String, String> environment;

  private Tls(
      @Nullable SSLContext context, List<String> jvmOptions, Map<String, String> environment) {
    this.context = context;
    this.jvmOptions = jvmOptions;
    this.environment = environment;
  }

  /**
   * Makes a key and a certificate for this machine, which are good for two days.
   *
   * @param java home of the Java whose {@code keytool} and trusted certificates are taken
   * @param folder where to leave them
   */
  static Tls make(Path java, Path folder) throws IOException {
    Path keys = folder.resolve("server.p12");
    Path certificate = folder.resolve("server.pem");
    // As many as there are in reality: that a worker reads them is a part of its start.
    Path trusted =
        Files.copy(java.resolve("lib/security/cacerts"), folder.resolve("trusted-certificates"));
    String host = SqsServer.TLS_HOST;
    // As the certificates of AWS's endpoints: RSA with 2,048 bits.
    keytool(
        java,
        keys,
        "-genkeypair -keyalg RSA -keysize 2048 -validity 2 -dname CN=%1$s -ext san=dns:%1$s"
            .formatted(host));
    try {
      KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
      Files.writeString(certificate, pem(store.getCertificate(ALIAS).getEncoded()));
      keytool(java, trusted, "-importcert -noprompt -file", certificate.toString());
      String trust = "-Djavax.net.ssl.trustStore=" + trusted;
      return new Tls(
          context(store),
          List.of(trust),
          Map.of("JOB_PROCESSOR_JVM_OPTS", trust, "NODE_EXTRA_CA_CERTS", certificate.toString()));
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate made for the server is of no use", e);
    }
  }

  private static SSLContext context(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static String pem(byte[] certificate) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate);
    return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
  }

  /**
   * Runs the JDK's keytool on a store.
   *
   * @param options separated by blanks
   * @param more further arguments, as they are
   */
  private static void keytool(Path java, Path store, String options, String... more)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(java.resolve("bin/keytool").toString()));
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(List.of(more));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-alias", ALIAS));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(LONGEST_KEYTOOL.toSeconds(), TimeUnit.SECONDS)
          || process.exitValue() != 0) {
        throw new IOException("keytool failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Starts a server that speaks so, on a free port of this machine. */
  SqsServer server(Duration delay) throws IOException {
    return SqsServer.start(delay, context);
  }

  /** What makes a JVM that is started by {@code java} trust the server. */
  List<String> jvmOptions() {
    return jvmOptions;
  }

  /** Variables by which this daemon and Node.js trust the server. */
  Map<String, String> environment() {
    return environment;
  }
}
