package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said at each beat; that systemd's library carries it is for SystemdIT. */
class HeartbeatTest implements Heartbeat.Body, Heartbeat.Manager {
  private final List<String> said = new ArrayList<>();
  private final Heartbeat heartbeat = new Heartbeat(this, this);
  private List<String> stuck = List.of();
  private String status = "taking jobs";
  private @Nullable Duration stopTime;

  @Override
  public boolean listens() {
    return true;
  }

  @Override
  public @Nullable Duration watchdog() {
    return null;
  }

  @Override
  public void send(String... assignments) {
    said.addAll(List.of(assignments));
  }

  @Override
  public List<String> stuck() {
    return stuck;
  }

  @Override
  public String status() {
    return status;
  }

  @Override
  public @Nullable Duration stopTime() {
    return stopTime;
  }

  private void expect(String... assignments) {
    assertEquals(List.of(assignments), said);
  }

  @Test
  void the_watchdog_is_fed_at_each_beat_and_the_status_told_when_it_changes() {
    heartbeat.beat();
    heartbeat.beat();
    status = "stopping";
    heartbeat.beat();

    expect("WATCHDOG=1", "STATUS=taking jobs", "WATCHDOG=1", "WATCHDOG=1", "STATUS=stopping");
  }

  @Test
  void what_hangs_is_told_and_the_watchdog_not_fed() {
    stuck = List.of("ReceiveMessage for 99 s");
    heartbeat.beat();
    heartbeat.beat();

    expect("STATUS=hangs: ReceiveMessage for 99 s");
  }

  @Test
  void a_stop_asks_for_more_time_until_its_own_end() {
    stopTime = Duration.ofSeconds(90);
    heartbeat.beat();
    stopTime = Duration.ofSeconds(7);
    heartbeat.beat();
    stopTime = Duration.ZERO;
    heartbeat.beat();

    expect(
        "WATCHDOG=1",
        "STOPPING=1",
        "EXTEND_TIMEOUT_USEC=40000000",
        "STATUS=taking jobs",
        "WATCHDOG=1",
        "EXTEND_TIMEOUT_USEC=7000000",
        "WATCHDOG=1");
  }
}
