package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Amazon's DynamoDB Local inside this process, in memory, on loopback and a free port, with class
 * loaders of its own. Its {@link #endpoint} is that of a {@link FaultyProxy} before it.
 */
public final class EmbeddedDynamo implements AutoCloseable {
  /** The system property that names the folder of its jars; without it, the checkout's. */
  public static final String LIBRARIES = "testkit.dynamodb-local";

  /** One loader for the process: SQLite's native library can be loaded by one only. */
  private static final class Loader {
    private static final ClassLoader SHARED = load();

    private static ClassLoader load() {
      Path lib = libraries();
      System.setProperty("sqlite4java.library.path", lib.toString());
      return new URLClassLoader("dynamodb-local", jars(lib), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] jars(Path lib) {
      try (Stream<Path> files = Files.list(lib)) {
        return files
            .filter(file -> file.toString().endsWith(".jar"))
            .map(Loader::url)
            .toArray(URL[]::new);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static URL url(Path jar) {
      try {
        return jar.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Path libraries() {
      String given = System.getProperty(LIBRARIES);
      if (given != null) {
        return Path.of(given).toAbsolutePath();
      }
      Path module = Checkout.root().resolve("testkit/dynamodb-local");
      Path lib = module.resolve("target/lib");
      if (!Files.isDirectory(lib)) {
        throw new IllegalStateException(
            "no " + lib + ": run mvn -f " + module + "/pom.xml package, as bin/test does");
      }
      return lib;
    }
  }

  private static final int TRIES = 5;

  private final Object server;
  private final FaultyProxy proxy;
  private final DynamoDbClient client;

  private EmbeddedDynamo(Object server, URI rawEndpoint) {
    this.server = server;
    this.proxy = FaultyProxy.before(rawEndpoint);
    this.client = clientFor(rawEndpoint);
  }

  private static DynamoDbClient clientFor(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(Apache5HttpClient.builder())
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** Starts one and waits until it listens. */
  public static EmbeddedDynamo start() {
    for (int i = 1; ; i++) {
      int port = freePort();
      try {
        return new EmbeddedDynamo(startServer(port), URI.create("http://127.0.0.1:" + port));
      } catch (ReflectiveOperationException e) {
        if (i == TRIES) {
          throw new IllegalStateException(e);
        } // somebody else was quicker to take the port
      }
    }
  }

  private static Object startServer(int port) throws ReflectiveOperationException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    PrintStream out = System.out;
    PrintStream err = System.err;
    thread.setContextClassLoader(Loader.SHARED);
    System.setOut(
        new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)); // it is talkative
    System.setErr(System.out);
    try {
      List<String> arguments =
          List.of("-inMemory", "-sharedDb", "-disableTelemetry", "-port", Integer.toString(port));
      Object server =
          Loader.SHARED
              .loadClass("software.amazon.dynamodb.services.local.main.ServerRunner")
              .getMethod("createServerFromCommandLineArgs", String[].class)
              .invoke(null, (Object) arguments.toArray(String[]::new));
      server.getClass().getMethod("start").invoke(server);
      return server;
    } finally {
      System.setOut(out);
      System.setErr(err);
      thread.setContextClassLoader(before);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where those under test send their calls: to the proxy. */
  public URI endpoint() {
    return proxy.endpoint();
  }

  /** The proxy before it, closed together with it. */
  public FaultyProxy proxy() {
    return proxy;
  }

  /** A client for the test itself, past the proxy, closed together with this. */
  public DynamoDbClient client() {
    return client;
  }

  /** A client whose calls the proxy sees; to be closed by the caller. */
  public DynamoDbClient clientThroughProxy() {
    return clientFor(endpoint());
  }

  @Override
  public void close() {
    client.close();
    proxy.close();
    try {
      server.getClass().getMethod("stop").invoke(server);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
