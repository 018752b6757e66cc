package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Jobs go on while the page is attacked. How much slower it prints, and does not judge: it is the
 * attackers, on the same cores, that take most. To measure: {@code -Dattack.connections=10000
 * -Dattack.jobs=5000}.
 */
@Tag("long")
@Tag("alone")
class StatusAttackIT extends WatchedBlackBox {
  private static final int CONNECTIONS = Integer.getInteger("attack.connections", 2_000);
  private static final int JOBS = Integer.getInteger("attack.jobs", 1_000);
  private static final int POSTERS = 20;
  private static final int HAMMERS = 20;

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger posted = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();

  private interface Attack {
    void on(StatusPageClient page) throws IOException, InterruptedException;
  }

  private void start(List<Thread> threads, int count, Attack attack, StatusPageClient page) {
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  while (!over.await(100, TimeUnit.MILLISECONDS)) {
                    attackOnce(attack, page);
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
  }

  private static void attackOnce(Attack attack, StatusPageClient page) throws InterruptedException {
    try {
      attack.on(page);
    } catch (IOException e) {
      // refused, or cut: again
    }
  }

  /** Sends half of a request, and holds the connection for as long as it is let. */
  private void hold(StatusPageClient page) throws IOException {
    try (Socket socket = page.connect()) {
      StatusPageClient.send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
      opened.incrementAndGet();
      StatusPageClient.readAll(socket);
    }
  }

  private void post(StatusPageClient page) throws IOException {
    try (Socket socket = page.connect()) {
      StatusPageClient.send(
          socket,
          "POST /status.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10485760\r\n\r\n");
      posted.incrementAndGet();
      byte[] part = new byte[1 << 16];
      for (int sent = 0; sent < 10_485_760; sent += part.length) {
        socket.getOutputStream().write(part);
      }
      StatusPageClient.readAll(socket);
    }
  }

  private void hammer(StatusPageClient page) throws IOException, InterruptedException {
    page.get("/status.json");
    answered.incrementAndGet();
  }

  private Duration doJobs(String name) {
    int before = sqs.counts(RESULTS).total();
    long start = System.nanoTime();
    for (int i = 0; i < JOBS; i += 100) {
      sqs.send(BACKLOG, jobs(name + i, Math.min(100, JOBS - i)));
    }
    await().atMost(Duration.ofMinutes(5)).until(() -> sqs.counts(RESULTS).total() - before == JOBS);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void jobs_are_done_once_each_while_the_page_is_attacked_from_all_sides() throws Exception {
    Watched worker = startWatched("concurrency=2", "poll_rate_per_min=60000");
    doJobs("warm-up");
    Duration cpuBefore = worker.daemon().cpuTime();
    Duration quiet = doJobs("quiet");
    Duration cpuQuiet = worker.daemon().cpuTime();
    List<Thread> threads = new ArrayList<>();
    start(threads, CONNECTIONS, this::hold, worker.page());
    start(threads, POSTERS, this::post, worker.page());
    start(threads, HAMMERS, this::hammer, worker.page());
    await().atMost(SOON).until(() -> opened.get() > CONNECTIONS / 2);

    Duration attacked = doJobs("attacked");

    long connections = openFiles(worker.daemon().pid());
    over.countDown();
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(60));
    }
    System.out.printf(
        "%d jobs: %d ms undisturbed, %d ms under attack by %d connections, %d posts, %d answers;"
            + " the worker's CPU time: %d ms and %d ms%n",
        JOBS,
        quiet.toMillis(),
        attacked.toMillis(),
        opened.get(),
        posted.get(),
        answered.get(),
        cpuQuiet.minus(cpuBefore).toMillis(),
        worker.daemon().cpuTime().minus(cpuQuiet).toMillis());
    assertTrue(connections < 400, () -> connections + " files and sockets are open");
    assertEquals(3L * JOBS, resultsByJob().values().stream().mapToLong(n -> n).sum());
    assertEquals(3 * JOBS, runs().size());
    await() // connections are still held until the server cuts them, and new ones closed at once
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> worker.page().health("/livez").equals("200 ok"));
    assertEquals(0, worker.page().json().at("/jobs/leases_lost").asInt());
    worker.daemon().sigterm();
    assertEquals(0, worker.daemon().awaitExit(SOON));
  }

  private static long openFiles(long pid) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.count();
    }
  }
}
