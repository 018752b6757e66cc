package com.amazonaws.jobprocessor.blackbox;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Daemons with a status page. */
abstract class WatchedBlackBox extends BlackBox {
  private final List<StatusPageClient> clients = new ArrayList<>();

  @AfterEach
  void closeClients() {
    clients.forEach(StatusPageClient::close);
  }

  /** A daemon and its page. */
  record Watched(DaemonProcess daemon, StatusPageClient page) {}

  Watched startWatched(String... pairs) throws Exception {
    StatusPageClient page = new StatusPageClient(StatusPageClient.freePort());
    clients.add(page);
    List<String> all = new ArrayList<>(List.of(pairs));
    all.add("status_port=" + page.port());
    DaemonProcess daemon = start(all.toArray(String[]::new));
    String line = daemon.awaitLine("status page", SOON);
    assertFalse(line.contains("no status page"), line);
    return new Watched(daemon, page);
  }
}
