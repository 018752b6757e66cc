package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody who looks at a worker's page, and a collector of metrics: one request each in 2 s. */
final class Visitors implements Beside {
  private static final List<String> PATHS = List.of("/", "/status.json", "/metrics");
  private static final long EVERY_MILLIS = 2_000;
  private static final long UNTIL_IT_IS_THERE_MILLIS = 100;
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger answered = new AtomicInteger();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Thread thread;

  /** Look at the page at a port of this machine, as soon as it is there. */
  Visitors(int port) {
    thread = Thread.ofVirtual().start(() -> look(port));
  }

  private void look(int port) {
    try {
      do {
        for (String path : PATHS) {
          look(URI.create("http://127.0.0.1:" + port + path));
        }
      } while (!over.await(pauseMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private long pauseMillis() {
    return answered.get() == 0 ? UNTIL_IT_IS_THERE_MILLIS : EVERY_MILLIS;
  }

  private void look(URI page) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(page)
            .timeout(LONGEST)
            .header("Accept", "text/html, application/openmetrics-text;version=1.0.0")
            .build();
    try {
      if (http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
        answered.incrementAndGet();
      }
    } catch (IOException _) {
      // not there yet, or there no more
    }
  }

  /** How many answers there were. */
  int answered() {
    return answered.get();
  }

  @Override
  public void close() {
    over.countDown();
    thread.interrupt();
    http.shutdownNow();
  }
}
