package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.room.Suspects;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DrainTest {
  private static final Duration LEASE = Duration.ofSeconds(60);

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
    for (Delivery delivery : rig.backlog.receive(10, Duration.ofMillis(1), LEASE)) {
      rig.backlog.changeVisibility(
          List.of(new Backlog.VisibilityChange(delivery.receiptHandle(), 0)));
    }
  }

  /** The note of a suspect takes as long to write as nobody reads it. */
  private Path makeSlowNote(String messageId) throws Exception {
    Delivery delivery = new Delivery(messageId, "h", "b", Map.of(), 2);
    Job job = Message.of(delivery, new Lease(0, LEASE), 2).jobs().getFirst();
    Set<Path> before = notes();
    Path file;
    try (Suspects.Note _ = Objects.requireNonNull(new Suspects(folder, "todo", 1).note(job))) {
      file = notes().stream().filter(note -> !before.contains(note)).findFirst().orElseThrow();
    }
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    return file;
  }

  private Set<Path> notes() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("suspects"))) {
      return files.collect(Collectors.toSet());
    }
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
    Rig rig = new Rig(this::nanoTime, folder, 2, LEASE, 0, null);
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
    DrainDeadline deadline =
        DrainDeadline.patient(System.nanoTime() + Duration.ofSeconds(50).toNanos());
    Thread drain = Thread.ofPlatform().name("drain").start(() -> drain(worker, deadline));

    try {
      await().until(() -> looks.get() > 5);
      assertEquals(1, begun.size());
    } finally {
      letGo(note);
    }
    drain.join();

    assertEquals(2, rig.results.contents().size());
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(List.of(), rig.fatal);
  }

  /**
   * A note that is left would say that a worker died of it: not of a job that timed out, which has
   * had its attempt; but one that was held for twelve hours is not to be run for as long again.
   */
  @ParameterizedTest
  @CsvSource({"PT10S, PT10S, 0", "PT12H, PT11H58M, 1"})
  void what_ignores_its_interrupt_leaves_a_note_only_if_sqs_lends_it_no_longer(
      Duration timeout, Duration after, int notes) throws Exception {
    SettableClock clock = new SettableClock();
    Rig rig = new Rig(clock, folder, 1, Duration.ofHours(12), 0, timeout);
    rig.deadLetters.refuse(_ -> true);
    put(rig, 1);
    makeSuspects(rig);
    Worker worker = rig.worker(this::ignoreInterrupts);
    worker.start();
    await().until(() -> begun.size() == 1);
    assertEquals(1, notes().size());
    clock.advance(after);
    await().until(() -> attempt(worker).stopped() != null);

    long soon = clock.nanoTime() + Duration.ofSeconds(80).toNanos();
    Thread drain = Thread.ofPlatform().start(() -> drain(worker, DrainDeadline.judging(soon)));
    // Not so fast that the deadline comes before it is told to end.
    Rig.awaitAsTimePasses(clock, Duration.ofMillis(100), () -> !drain.isAlive());

    assertEquals(notes, notes().size());
    finish.countDown();
  }

  private static Attempt attempt(Worker worker) {
    return Objects.requireNonNull(worker.room.slots().running().getFirst().attempt());
  }

  private String ignoreInterrupts(String job) {
    begun.add(job);
    while (true) {
      try {
        finish.await();
        return job;
      } catch (InterruptedException e) {
        // deaf
      }
    }
  }

  /** The box is to go sooner than it was when the last results began to wait for SQS. */
  @Test
  void a_deadline_that_is_brought_forward_ends_the_wait_for_what_is_unsettled() throws Exception {
    SettableClock clock = new SettableClock();
    Rig rig = new Rig(clock, folder, 1, Duration.ofHours(1), 0, null);
    CountDownLatch answer = new CountDownLatch(1);
    rig.results.hangNext(answer);
    put(rig, 1);
    Worker worker = rig.worker(job -> job);
    worker.start();
    await().until(() -> rig.results.calls("send").size() == 1);
    DrainDeadline deadline = in(clock, Duration.ofMinutes(50));
    Thread drain = Thread.ofPlatform().start(() -> drain(worker, deadline));
    await().until(() -> isIn(drain, "awaitNone"));

    clock.advance(Duration.ofSeconds(20));
    deadline.bringForward(in(clock, Duration.ZERO));
    drain.join();

    assertEquals(1, rig.backlog.invisible());
    answer.countDown();
  }

  private static DrainDeadline in(SettableClock clock, Duration time) {
    return DrainDeadline.patient(clock.nanoTime() + time.toNanos());
  }

  private static boolean isIn(Thread thread, String method) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals(method));
  }

  /** Whoever ends the process when nothing is in flight any more has heard of every job. */
  @Test
  void what_goes_back_at_a_stop_is_told_with_how_long_it_ran_before_it_is_out_of_sight()
      throws Exception {
    SettableClock clock = new SettableClock();
    Rig rig = new Rig(clock, folder, 1, Duration.ofHours(1), 0, null);
    put(rig, 2);
    List<WorkEvent> given = new CopyOnWriteArrayList<>();
    List<Boolean> inFlight = new CopyOnWriteArrayList<>();
    AtomicReference<@Nullable Worker> made = new AtomicReference<>();
    Consumer<WorkEvent> events =
        event -> {
          if (event instanceof WorkEvent.GivenBack back) {
            given.add(event);
            inFlight.add(
                Objects.requireNonNull(made.get()).room.inFlight().all().stream()
                    .anyMatch(message -> message.id().equals(back.jobId())));
          }
        };
    Worker worker =
        new Worker(
            rig.settings,
            rig.ports,
            new Worker.Executor(
                job -> {
                  begun.add(job);
                  finish.await();
                  return job;
                },
                "com.example.Executor",
                getClass().getClassLoader()),
            new WorkerRuntime(clock, rig.threads, rig.outage, events),
            new Worker.Hooks(text -> text, Traces.NONE, _ -> {}, rig.watch));
    made.set(worker);
    worker.handler.accept(
        rig.backlog.receive(2, Duration.ofMillis(1), Duration.ofHours(1)),
        clock.nanoTime(),
        Duration.ofHours(1));
    worker.start();
    await().until(() -> begun.size() == 1);
    clock.advance(Duration.ofSeconds(2));
    await().until(() -> worker.load().inFlight() == 2);

    worker.drain(Duration.ZERO);

    String ran = begun.getFirst().equals("job 0") ? "todo-1" : "todo-2";
    String waited = ran.equals("todo-1") ? "todo-2" : "todo-1";
    assertEquals(
        Set.of(
            new WorkEvent.GivenBack(ran, "worker stops", Duration.ofSeconds(2)),
            new WorkEvent.GivenBack(waited, "worker stops", null)),
        Set.copyOf(given));
    assertEquals(List.of(true, true), inFlight);
    assertEquals(0, rig.backlog.invisible());
  }

  private static void drain(Worker worker, DrainDeadline deadline) {
    try {
      worker.drain(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
