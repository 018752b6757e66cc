package com.amazonaws.jobprocessor.work;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.message.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SuspectsTest {
  @TempDir Path folder;

  private Suspects suspects() {
    return new Suspects(folder, "todo", 2);
  }

  private static Job job(int attempt) {
    return new Job(
        new Delivery("m-1", "h", "b", Map.of(), attempt),
        new Lease(0, Duration.ofSeconds(60)),
        attempt,
        0);
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
    assertEquals(Suspects.Verdict.INNOCENT, suspects().judge(job(2)));
    assertEquals(Suspects.Verdict.SUSPECT, suspects().judge(job(3)));
    assertEquals(Suspects.Verdict.SUSPECT, suspects().judge(job(12)));
    assertEquals(
        Suspects.Verdict.KILLER, suspects().judge(job(13)), "more than 2(n+1)+8 times, n being 1");
  }

  @Test
  void a_note_is_there_while_the_job_runs_and_gone_afterwards() throws IOException {
    try (Suspects.Note _ = suspects().note(job(3))) {
      assertEquals(1, notes());
      assertEquals(
          Suspects.Verdict.RUNS_ELSEWHERE, suspects().judge(job(4)), "a live process holds it");
    }
    assertEquals(0, notes());
    assertEquals(Suspects.Verdict.SUSPECT, suspects().judge(job(4)));
  }

  @Test
  void a_note_that_nobody_holds_was_left_by_a_dead_worker() throws IOException {
    Suspects.Note left = suspects().note(job(3));
    requireNonNull(left.channel()).close(); // as the system does when the process dies

    assertEquals(Suspects.Verdict.KILLER, suspects().judge(job(4)));
    assertEquals(Suspects.Verdict.SUSPECT, new Suspects(folder, "other-queue", 2).judge(job(4)));

    suspects().clear(job(4));
    assertEquals(0, notes());
  }

  @Test
  void a_state_folder_that_cannot_be_written_keeps_no_job_from_running() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Suspects suspects = new Suspects(file, "todo", 2);

    try (Suspects.Note note = suspects.note(job(3))) {
      assertTrue(Files.notExists(note.file()));
    }
    assertEquals(Suspects.Verdict.SUSPECT, suspects.judge(job(3)));
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
        suspects.note(job(3)).close();
      }
    } finally {
      logger.detachAppender(lines);
    }

    assertEquals(1, lines.list.size());
  }

  @Test
  void a_note_that_was_given_up_is_another_workers() throws IOException {
    Suspects ours = suspects();
    Suspects.Note note = ours.note(job(3));
    ours.giveUp(job(3));
    Suspects.Note theirs = suspects().note(job(3));

    note.close();

    assertTrue(Files.exists(theirs.file()));
    theirs.close();
    assertTrue(Files.notExists(theirs.file()));
  }
}
