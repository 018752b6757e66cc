package com.amazonaws.jobprocessor.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps the emulators' own logs out of the way. */
final class Logs {
  private Logs() {}

  /** ElasticMQ and its HTTP server ask for DEBUG in their own settings. */
  static void quiet() {
    if (isLogback()) {
      Logback.limit("org.apache.pekko", "org.elasticmq", "org.apache.hc", "software.amazon.awssdk");
    }
  }

  /** Warnings and errors only, of everything: for a program whose output is read by another. */
  static void warningsOnly() {
    if (isLogback()) {
      Logback.limit(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
  }

  /** A project that uses the kit may have another logger, and no class of logback's. */
  private static boolean isLogback() {
    return LoggerFactory.getILoggerFactory().getClass().getName().startsWith("ch.qos.logback.");
  }

  /** Loaded only where there is one. */
  private static final class Logback {
    static void limit(String... names) {
      for (String name : List.of(names)) {
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        if (logger.getLevel() == null || name.equals(org.slf4j.Logger.ROOT_LOGGER_NAME)) {
          logger.setLevel(Level.WARN);
        }
      }
    }
  }
}
