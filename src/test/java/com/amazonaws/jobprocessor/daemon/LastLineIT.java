package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LastLineIT {
  /** A process of which one thread meets what it cannot handle, while nobody reads its log. */
  static final class Dying {
    private Dying() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
      ((OutputStreamAppender<ILoggingEvent>) root.getAppender("out"))
          .setOutputStream(new PipedOutputStream(new PipedInputStream(1)));
      Thread.startVirtualThread(() -> JobProcessor.die(new IllegalStateException("ours"))).join();
    }
  }

  /** A process whose jobs hold all of the heap when one of its threads needs some of it. */
  static final class Full {
    static volatile @Nullable Object @Nullable [] all;

    private Full() {}

    public static void main(String[] args) {
      LastLine.prepare();
      try {
        while (true) {
          all = new Object[] {all, new byte[64]};
        }
      } catch (OutOfMemoryError e) {
        JobProcessor.die(e);
      }
    }
  }

  /** It once said nothing at all, mostly. */
  @Test
  void a_worker_that_dies_for_want_of_memory_says_so() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Full.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(said.contains("java.lang.OutOfMemoryError"), said);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still runs");
      assertEquals(1, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  /** It once went on for ever, with all threads but the one. */
  @Test
  void a_worker_that_dies_ends_though_nobody_reads_its_log() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Dying.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still runs");
      assertEquals(1, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }
}
