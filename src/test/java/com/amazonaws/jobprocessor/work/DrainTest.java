package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DrainTest {
  @TempDir Path folder;
  private final AtomicInteger looks = new AtomicInteger();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final CountDownLatch finish = new CountDownLatch(1);

  /** Counts how often the drain looks at it. */
  private long nanoTime() {
    if (Thread.currentThread().getName().equals("drain")) {
      looks.incrementAndGet();
    }
    return System.nanoTime();
  }

  private static void put(Rig rig, int jobs) throws Exception {
    for (int i = 0; i < jobs; i++) {
      rig.backlog.put("job " + i);
    }
  }

  /** From now on each is received for the second time, and has one attempt. */
  private static void makeSuspects(Rig rig) throws Exception {
    for (Delivery delivery :
        rig.backlog.receive(10, Duration.ofMillis(1), Duration.ofSeconds(60))) {
      rig.backlog.changeVisibility(
          List.of(new Backlog.VisibilityChange(delivery.receiptHandle(), 0)));
    }
  }

  /** The note of a suspect takes as long to write as nobody reads it. */
  private Path makeSlowNote(String messageId) throws Exception {
    Delivery delivery = new Delivery(messageId, "h", "b", Map.of(), 2);
    Job job = new Job(delivery, new Lease(0, Duration.ofSeconds(60)), 2, 0);
    Path file;
    try (Suspects.Note note = new Suspects(folder, "todo", 1).note(job)) {
      file = Objects.requireNonNull(note).file();
    }
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    return file;
  }

  private static void letGo(Path note) throws IOException {
    if (Files.exists(note)) {
      try (InputStream reader = Files.newInputStream(note)) {
        reader.read();
      }
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_drain_waits_for_a_job_that_a_slot_has_taken_and_not_yet_begun() throws Exception {
    Rig rig = new Rig(this::nanoTime, folder, 2, Duration.ofSeconds(60), 0, null);
    put(rig, 2);
    makeSuspects(rig);
    Worker worker =
        rig.worker(
            job -> {
              begun.add(job);
              finish.await();
              return job;
            });
    worker.start();
    await().until(() -> begun.size() == 1 && rig.backlog.calls("receive").size() >= 3);
    Path note = makeSlowNote(begun.getFirst().equals("job 0") ? "todo-2" : "todo-1");
    finish.countDown();
    await().until(() -> rig.results.contents().size() == 1 && worker.load().running() == 1);
    Thread drain =
        Thread.ofPlatform().name("drain").start(() -> drain(worker, Duration.ofSeconds(50)));

    try {
      await().until(() -> looks.get() > 20);
      assertEquals(1, begun.size());
    } finally {
      letGo(note);
    }
    drain.join();

    assertEquals(2, rig.results.contents().size());
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(List.of(), rig.fatal);
  }

  private static void drain(Worker worker, Duration patience) {
    try {
      worker.drain(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
