package com.amazonaws.jobprocessor.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogProviderTest {
  @Test
  void has_logback_set_up_as_the_service_would() {
    LogProvider provider = new LogProvider();
    provider.initialize();
    LoggerContext context = (LoggerContext) provider.getLoggerFactory();
    assertTrue(context.isStarted());
    assertTrue(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("out").isStarted());
    assertEquals(Level.ERROR, context.getLogger("software.amazon.awssdk").getEffectiveLevel());
    assertEquals(Level.INFO, context.getLogger("com.amazonaws.jobprocessor.x").getEffectiveLevel());
    provider.getMDCAdapter().put("key", "value");
    assertEquals("value", context.getMDCAdapter().get("key"));
    provider.getMDCAdapter().clear();
  }

  private static Level levelOf(String logger) {
    return ((Logger) LoggerFactory.getLogger(logger)).getEffectiveLevel();
  }

  @Test
  void the_level_is_the_workers_and_the_executors_and_never_makes_libraries_log_requests() {
    try {
      for (String level : List.of("error", "warn", "info", "debug", "trace")) {
        LogSetup.level(level);
        boolean detailed = level.equals("debug") || level.equals("trace");

        assertEquals(Level.valueOf(level), levelOf("com.example.Thumbnails"));
        assertEquals(Level.valueOf(level), levelOf("com.amazonaws.jobprocessor.work.X"));
        assertEquals(detailed ? Level.INFO : Level.ERROR, levelOf("software.amazon.awssdk.auth"));
        assertEquals(detailed ? Level.INFO : Level.ERROR, levelOf("org.apache.hc.client5.http"));
      }
    } finally {
      LogSetup.level("info");
      ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    }
  }

  @Test
  void the_start_script_names_it() throws IOException {
    String script = Files.readString(Path.of("bin/daemon-jvm.sh"));
    assertTrue(script.contains("-Dslf4j.provider=" + LogProvider.class.getName() + "\n"));
  }
}
