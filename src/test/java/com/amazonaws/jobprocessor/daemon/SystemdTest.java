package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemdTest {
  private static final String SOCKET = "/nowhere/socket";

  private static Systemd with(String usec, String pid) {
    return Systemd.of(Map.of("NOTIFY_SOCKET", SOCKET, "WATCHDOG_USEC", usec, "WATCHDOG_PID", pid));
  }

  @Test
  void without_a_socket_nobody_listens_and_sending_does_nothing() {
    Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "1000000"));

    systemd.send("READY=1");

    assertFalse(systemd.listens());
    assertNull(systemd.watchdog());
  }

  @Test
  void a_socket_that_is_gone_is_no_error() {
    with("1", "").send("READY=1");
  }

  @Test
  void the_watchdog_is_ours_if_it_names_nobody_or_us() {
    String pid = Long.toString(ProcessHandle.current().pid());
    assertEquals(Duration.ofMinutes(3), with("180000000", "").watchdog());
    assertEquals(Duration.ofMinutes(3), with("180000000", pid).watchdog());
    assertNull(with("180000000", "1").watchdog());
    assertNull(with("0", pid).watchdog());
    assertNull(with("soon", pid).watchdog());
  }
}
