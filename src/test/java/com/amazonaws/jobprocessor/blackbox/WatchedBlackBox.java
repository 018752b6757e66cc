package com.amazonaws.jobprocessor.blackbox;

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

  /** A daemon and its page; a port that somebody else has taken meanwhile is not the last. */
  record Watched(DaemonProcess daemon, StatusPageClient page) {}

  Watched startWatched(String... pairs) throws Exception {
    for (int attempt = 1; ; attempt++) {
      int port = StatusPageClient.freePort();
      List<String> all = new ArrayList<>(List.of(pairs));
      all.add("status_port=" + port);
      DaemonProcess daemon = start(all.toArray(String[]::new));
      String line = daemon.awaitLine("status page", SOON);
      if (!line.contains("no status page") || attempt == 5) {
        StatusPageClient page = new StatusPageClient(port);
        clients.add(page);
        return new Watched(daemon, page);
      }
      daemon.close();
    }
  }
}
