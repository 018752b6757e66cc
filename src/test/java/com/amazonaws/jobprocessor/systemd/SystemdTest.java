package com.amazonaws.jobprocessor.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class SystemdTest {
  @Test
  void nobody_who_is_not_asked_loads_a_library() {
    assertEquals(Optional.empty(), Systemd.of(Map.of(), "no-such-library.so"));
    assertEquals(Optional.empty(), Systemd.of(Map.of("NOTIFY_SOCKET", ""), "no-such-library.so"));
  }

  @Test
  void a_library_that_cannot_be_loaded_is_one_warning() {
    Logger log = (Logger) LoggerFactory.getLogger(Systemd.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    log.addAppender(logged);
    try {
      Map<String, String> environment = Map.of("NOTIFY_SOCKET", "/run/systemd/notify");
      assertEquals(Optional.empty(), Systemd.of(environment, "no-such-library.so"));
      assertEquals(Optional.empty(), Systemd.of(environment, "libc.so.6"), "it has no sd_notify");
    } finally {
      log.detachAppender(logged);
    }
    assertEquals(2, logged.list.size());
    assertTrue(logged.list.stream().allMatch(event -> event.getLevel() == Level.WARN));
  }

  @ParameterizedTest
  @CsvSource({
    "180000000,,180000",
    "1500000,42,1500",
    "1500000,43,",
    "0,,",
    "-5,,",
    "soon,,",
    "99999999999999999999,,",
    ",42,"
  })
  void life_is_told_only_if_the_watchdog_waits_for_this_process(
      @Nullable String microseconds, @Nullable String pid, @Nullable Long millis) {
    Map<String, String> environment = new HashMap<>();
    if (microseconds != null) {
      environment.put("WATCHDOG_USEC", microseconds);
    }
    if (pid != null) {
      environment.put("WATCHDOG_PID", pid);
    }
    assertEquals(
        Optional.ofNullable(millis).map(Duration::ofMillis), Systemd.watchdog(environment, 42));
  }

  @Test
  void systemd_has_started_what_it_names_or_wants_to_hear_of() {
    assertFalse(Systemd.hasStarted(Map.of(), 7));
    assertTrue(Systemd.hasStarted(Map.of("NOTIFY_SOCKET", "/run/systemd/notify"), 7));
    assertTrue(Systemd.hasStarted(Map.of("SYSTEMD_EXEC_PID", "7", "INVOCATION_ID", "x"), 7));
    assertFalse(Systemd.hasStarted(Map.of("SYSTEMD_EXEC_PID", "6", "INVOCATION_ID", "x"), 7));
    assertTrue(Systemd.hasStarted(Map.of("INVOCATION_ID", "x"), 7), "before version 248");
    assertFalse(Systemd.hasStarted(Map.of("NOTIFY_SOCKET", "", "INVOCATION_ID", ""), 7));
  }
}
