package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where things are on this machine.
 *
 * @param daemon folder of the daemon's distribution, or a checkout that is built
 * @param peers folder with {@code sdk/target} and {@code spring/target}, a jar and {@code lib/} in
 *     each, and {@code sqs-consumer/target} as its {@code install} leaves it
 * @param java home of the Java that runs all workers
 * @param work folder for logs and for what workers write
 * @param tls how workers are to speak with the server
 */
record Site(Path daemon, Path peers, Path java, Path work, Tls tls) {
  /** The place as the script tells it, by way of the environment, and plain HTTP. */
  static Site ofEnvironment() {
    return new Site(
        Path.of(need("BENCH_DAEMON")),
        Path.of(need("BENCH_PEERS")),
        Path.of(System.getProperty("java.home")),
        Path.of(need("BENCH_WORK")),
        Tls.NONE);
  }

  /** The same place with a server that speaks TLS. */
  Site withTls() throws IOException {
    return new Site(daemon, peers, java, work, Tls.make(java, work));
  }

  private static String need(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set; this is started by bin/bench");
    }
    return value;
  }
}
