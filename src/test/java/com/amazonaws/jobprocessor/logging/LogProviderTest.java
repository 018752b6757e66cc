package com.amazonaws.jobprocessor.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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

  @Test
  void the_start_script_names_it() throws IOException {
    String script = Files.readString(Path.of("bin/daemon-jvm.sh"));
    assertTrue(script.contains("-Dslf4j.provider=" + LogProvider.class.getName() + "\n"));
  }
}
