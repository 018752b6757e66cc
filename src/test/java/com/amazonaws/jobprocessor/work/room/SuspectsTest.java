package com.amazonaws.jobprocessor.work.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.work.job.ClaimLease;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Messages;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SuspectsTest {
  @TempDir Path folder;

  private Suspects suspects() {
    return new Suspects(folder, "todo", 2);
  }

  private static Job job(int attempt) {
    Delivery delivery = new Delivery("m-1", "h", "b", Map.of(), attempt);
    return Messages.of(delivery, attempt, () -> 0).jobs().getFirst();
  }

  /** As the job table has it, which knows of deaths. */
  private static Job claimed(int attempt, int deaths) {
    Job job = job(attempt);
    ClaimRequest request =
        new ClaimRequest(
            job.id(), "m-1", ClaimRequest.Payload.of("b"), null, "token", Messages.LEASE, false);
    job.claimed(new ClaimLease(request, 0), attempt, deaths);
    return job;
  }

  private long notes() throws IOException {
    Path notes = folder.resolve("suspects");
    if (!Files.exists(notes)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(notes)) {
      return files.count();
    }
  }

  @Test
  void a_job_within_its_attempts_is_innocent_and_one_beyond_is_a_suspect() {
    assertEquals(Suspects.Verdict.INNOCENT, suspects().judge(job(2), false));
    assertEquals(Suspects.Verdict.SUSPECT, suspects().judge(job(3), false));
    assertEquals(Suspects.Verdict.SUSPECT, suspects().judge(job(12), false));
    assertEquals(
        Suspects.Verdict.KILLER,
        suspects().judge(job(13), false),
        "more than 2(n+1)+8 times, n being 1");
  }

  /** Without a death a last attempt is as innocent as the first, and what failed is no suspect. */
  @Test
  void with_the_job_table_deaths_make_a_suspect_at_the_last_attempt() {
    assertFalse(suspects().isSuspect(claimed(2, 0)));
    assertTrue(suspects().isSuspect(claimed(1, 1)), "as a claim that was no attempt has it");
    assertFalse(new Suspects(folder, "todo", 3).isSuspect(claimed(2, 1)));
    assertFalse(new Suspects(folder, "todo", 3).isSuspect(claimed(1, 1)));
    assertTrue(suspects().isSuspect(claimed(2, 1)));
    assertEquals(Suspects.Verdict.INNOCENT, suspects().judge(claimed(5, 0), false));
    assertEquals(Suspects.Verdict.KILLER, suspects().judge(claimed(13, 1), false));
  }

  @Test
  void a_suspect_that_finds_no_place_goes_back_for_longer_each_time() {
    assertEquals(Duration.ofMinutes(1), suspects().delay(job(3)));
    assertEquals(Duration.ofMinutes(2), suspects().delay(job(4)));
    assertEquals(Duration.ofMinutes(1 << 10), suspects().delay(job(100)));
  }

  @Test
  void a_note_is_there_while_the_job_runs_and_gone_afterwards() throws IOException {
    try (Suspects.Note _ = suspects().note(job(3))) {
      assertEquals(1, notes());
      assertEquals(
          Suspects.Verdict.RUNS_ELSEWHERE,
          suspects().judge(job(4), false),
          "a live process holds it");
    }
    assertEquals(0, notes());
    assertEquals(Suspects.Verdict.SUSPECT, suspects().judge(job(4), false));
  }

  /** The file of another worker, which found its job in the same moment. */
  @Test
  void a_suspect_that_another_worker_has_begun_meanwhile_is_not_ours_to_run() throws IOException {
    Suspects other = suspects();
    Suspects ours = suspects();
    assertEquals(Suspects.Verdict.SUSPECT, ours.judge(job(3), false));

    try (Suspects.Note _ = other.note(job(3))) {
      assertNull(ours.note(job(3)));
      assertEquals(1, notes());
    }
    requireNonNull(ours.note(job(4))).close();
    assertEquals(0, notes());
  }

  @Test
  void a_note_left_by_a_worker_that_died_since_the_look_is_judged_at_the_next() throws IOException {
    Suspects ours = suspects();
    assertEquals(Suspects.Verdict.SUSPECT, ours.judge(job(3), false));
    leaveANote();

    assertNull(ours.note(job(3)));

    assertEquals(Suspects.Verdict.KILLER, ours.judge(job(4), false));
  }

  /** Its worker has only just made the file. */
  @Test
  void an_empty_file_is_no_note() throws IOException {
    Path file = leaveANote();
    Files.writeString(file, "");

    assertEquals(Suspects.Verdict.SUSPECT, suspects().judge(job(3), false));
    try (Suspects.Note note = suspects().note(job(3))) {
      assertEquals(file, requireNonNull(note).file());
    }
  }

  /** Closing any channel of a file drops all locks that its process has on it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void a_look_at_a_note_of_this_process_leaves_its_lock() throws Exception {
    try (Suspects.Note note = suspects().note(job(3))) {
      assertEquals(Suspects.Verdict.RUNS_ELSEWHERE, suspects().judge(job(4), false));
      assertEquals("locked", inAnotherProcess(Looker.class, requireNonNull(note).file()));

      assertNull(suspects().note(job(4)));
      assertEquals("locked", inAnotherProcess(Looker.class, note.file()));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_note_of_another_process_is_neither_waited_for_nor_run_beside() throws Exception {
    Suspects ours = suspects();
    Path file = leaveANote();
    Process other = start(Holder.class, file);
    try {
      assertEquals('!', other.getInputStream().read());

      assertEquals(Suspects.Verdict.RUNS_ELSEWHERE, ours.judge(job(3), false));
      assertNull(assertTimeoutPreemptively(Duration.ofSeconds(10), () -> ours.note(job(3))));
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private static Process start(Class<?> program, Path file) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path classes = Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
    return new ProcessBuilder(
            java.toString(), "-cp", classes.toString(), program.getName(), file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String inAnotherProcess(Class<?> program, Path file) throws Exception {
    return new String(start(program, file).getInputStream().readAllBytes(), UTF_8);
  }

  /** A process that says of a file whether it is {@code locked} or {@code free}. */
  static final class Looker {
    private Looker() {}

    public static void main(String[] file) throws IOException {
      try (FileChannel channel = FileChannel.open(Path.of(file[0]), StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        System.out.print(lock == null ? "locked" : "free");
      }
    }
  }

  /** A process that locks a file until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] file) throws Exception {
      try (FileChannel channel = FileChannel.open(Path.of(file[0]), StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        System.out.print("!");
        System.out.flush();
        System.in.read();
      }
    }
  }

  /** As a worker does that dies of its job. */
  private Path leaveANote() throws IOException {
    Path file;
    try (Suspects.Note note = suspects().note(job(3))) {
      file = requireNonNull(note).file();
    }
    return Files.writeString(file, "message_id=m-1\n");
  }

  @Test
  void a_note_that_nobody_holds_was_left_by_a_dead_worker() throws IOException {
    leaveANote();

    assertEquals(Suspects.Verdict.KILLER, suspects().judge(job(4), false));
    assertEquals(
        Suspects.Verdict.SUSPECT, new Suspects(folder, "other-queue", 2).judge(job(4), false));

    suspects().clear(job(4));
    assertEquals(0, notes());
  }

  @Test
  void a_state_folder_that_cannot_be_written_keeps_no_job_from_running() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Suspects suspects = new Suspects(file, "todo", 2);

    try (Suspects.Note note = suspects.note(job(3))) {
      assertTrue(Files.notExists(requireNonNull(note).file()));
    }
    assertEquals(Suspects.Verdict.SUSPECT, suspects.judge(job(3), false));
  }

  @Test
  void that_no_note_can_be_written_is_told_once() throws IOException {
    Logger logger = (Logger) LoggerFactory.getLogger(Suspects.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      Suspects suspects = new Suspects(Files.writeString(folder.resolve("f"), ""), "todo", 2);
      for (int i = 0; i < 100; i++) {
        requireNonNull(suspects.note(job(3))).close();
      }
    } finally {
      logger.detachAppender(lines);
    }

    assertEquals(1, lines.list.size());
  }

  @Test
  void a_note_that_was_given_up_is_another_workers() throws IOException {
    Suspects ours = suspects();
    Suspects.Note note = requireNonNull(ours.note(job(3)));
    ours.giveUp(job(3));
    Suspects.Note theirs = requireNonNull(suspects().note(job(3)));

    note.close();

    assertTrue(Files.exists(theirs.file()));
    theirs.close();
    assertTrue(Files.notExists(theirs.file()));
  }

  /** Two slots of two workers of this process, and of one, thousands of times. */
  @Test
  void of_those_that_begin_a_suspect_in_the_same_moment_one_has_the_note() throws Exception {
    List<Suspects> workers = List.of(suspects(), suspects());
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger beside = new AtomicInteger();
    AtomicInteger had = new AtomicInteger();
    List<Thread> slots = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Suspects worker = workers.get(i % 2);
      slots.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; round < 50; round++) {
                      worker.judge(job(3), false);
                      try (Suspects.Note note = worker.note(job(3))) {
                        if (note != null) {
                          had.incrementAndGet();
                          beside.addAndGet(holders.getAndIncrement());
                          holders.decrementAndGet();
                        }
                      }
                    }
                  }));
    }
    for (Thread slot : slots) {
      slot.join();
    }

    assertEquals(0, beside.get());
    assertTrue(had.get() > 0);
    assertEquals(0, notes());
    assertEquals(Suspects.Verdict.SUSPECT, suspects().judge(job(3), false));
  }
}
