package com.amazonaws.jobprocessor.bench;

import java.nio.file.Path;

/**
 * Where things are on this machine.
 *
 * @param daemon folder of the daemon's distribution, or a checkout that is built
 * @param peers folder with {@code sdk/target} and {@code spring/target}, a jar and {@code lib/} in
 *     each
 * @param java home of the Java that runs all workers
 * @param work folder for logs and for what workers write
 */
record Site(Path daemon, Path peers, Path java, Path work) {
  /** The place as the script tells it, by way of the environment. */
  static Site ofEnvironment() {
    return new Site(
        Path.of(need("BENCH_DAEMON")),
        Path.of(need("BENCH_PEERS")),
        Path.of(System.getProperty("java.home")),
        Path.of(need("BENCH_WORK")));
  }

  private static String need(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set; this is started by bin/bench");
    }
    return value;
  }
}
