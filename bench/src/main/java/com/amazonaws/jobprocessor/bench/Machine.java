package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Stream;

/** Says what was measured on. */
final class Machine {
  private Machine() {}

  /** Processors, Java, load and date in one sentence without a full stop. */
  static String describe() {
    return "%d processors (%s), Java %s, load average at the end %.1f, %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            model(),
            Runtime.version().feature(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            LocalDate.now(java.time.ZoneId.systemDefault()));
  }

  private static String model() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException _) {
      return System.getProperty("os.arch");
    }
  }
}
