package com.amazonaws.jobprocessor.executors;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.amazonaws.jobprocessor.JobContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a process prints on standard error, as the log has it. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ErrorLinesTest {
  private static final String ANSWER = "echo '{\"result\":\"x\"}'";

  @TempDir Path folder;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private volatile Duration eachTakes = Duration.ZERO;
  private final Logger log = (Logger) LoggerFactory.getLogger("stderr");
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          LockSupport.parkNanos(eachTakes.toNanos());
          Map<String, String> context = event.getMDCPropertyMap();
          lines.add(
              context.getOrDefault("job_id", "-")
                  + " "
                  + context.getOrDefault("attempt", "-")
                  + " "
                  + event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.setContext(log.getLoggerContext());
    appender.start();
    log.addAppender(appender);
    log.setAdditive(false);
    log.setLevel(Level.INFO);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(appender);
    log.setAdditive(true);
    log.setLevel(null);
  }

  private PersistentCommand shell(String script) throws Exception {
    return new Commands(folder).shell(script);
  }

  private static void run(PersistentCommand executor, String id) throws Exception {
    assertEquals("x", executor.execute(id, new JobContext(id, "m", 2, Map.of())));
  }

  /** The last of them comes as the answer does, and belongs to its own job all the same. */
  @Test
  void each_line_is_its_jobs() throws Exception {
    String script =
        "trap '' TERM; echo starting >&2; while read -r line; do n=$((n+1)); echo \"a $n\" >&2;"
            + " printf \"b $n\" >&2; echo '{\"result\":\"x\"}'; done; echo bye >&2";
    try (PersistentCommand executor = shell(script)) {
      for (int i = 1; i <= 50; i++) {
        run(executor, "job-" + i);
      }
    }
    await().atMost(40, SECONDS).until(() -> lines.size() == 102);
    assertEquals("job-1 2 starting", lines.getFirst());
    for (int i = 1; i <= 50; i++) {
      assertEquals("job-" + i + " 2 a " + i, lines.get(2 * i - 1));
      assertEquals("job-" + i + " 2 b " + i, lines.get(2 * i));
    }
    assertTrue(lines.getLast().endsWith("bye"), lines.getLast());
  }

  private static String brief(String line) {
    return line.substring(0, Math.min(11, line.length())) + ": " + line.length();
  }

  /** The reader has taken 16 KiB of what the first has printed when the answer comes. */
  @Test
  void a_slow_log_neither_cuts_a_line_nor_gives_it_to_the_next_job() throws Exception {
    eachTakes = Duration.ofMillis(400);
    String script =
        "n=0; while read -r line; do n=$((n+1)); { echo \"a $n\"; head -c 60000 /dev/zero"
            + " | tr '\\0' $n; echo; } > all; cat all >&2; "
            + ANSWER
            + "; done";
    try (PersistentCommand executor = shell("cd " + folder + "; " + script)) {
      run(executor, "job-1");
      run(executor, "job-2");
    }
    await().atMost(40, SECONDS).until(() -> lines.size() >= 4);
    assertEquals(
        List.of("job-1 2 a 1: 11", "job-1 2 111: 8200", "job-2 2 a 2: 11", "job-2 2 222: 8200"),
        lines.stream().map(ErrorLinesTest::brief).toList());
  }

  @Test
  void three_hundred_lines_a_minute_are_logged_and_the_rest_is_counted() throws Exception {
    try (PersistentCommand executor =
        shell("while read -r line; do seq 1 400 >&2; " + ANSWER + "; done")) {
      run(executor, "job-1");
      run(executor, "job-2");
    }
    await().atMost(40, SECONDS).until(() -> lines.size() == 301);
    assertEquals("job-1 2 300", lines.get(299));
    assertTrue(
        lines.get(300).endsWith(" 500 more lines of standard error were left out"), lines.get(300));
  }

  /** Else there would be no bound where each job has a process of its own. */
  @Test
  void a_process_has_no_more_lines_than_the_one_before_has_left() throws Exception {
    try (PersistentCommand executor =
        new Commands(folder)
            .shell("read -r line; seq 1 200 >&2; " + ANSWER, "max_jobs_per_process", "1")) {
      for (int i = 1; i <= 3; i++) {
        run(executor, "job-" + i);
        await().atMost(40, SECONDS).until(() -> executor.processes() == 0);
      }
    }
    await().atMost(40, SECONDS).until(() -> lines.size() >= 302);
    assertEquals("job-2 2 100", lines.get(299));
    assertEquals("job-2 2 100 more lines of standard error were left out", lines.get(300));
    assertEquals("- - 200 more lines of standard error were left out", lines.get(301));
  }

  @Test
  void a_line_has_eight_kibibytes_at_most_and_any_bytes() throws Exception {
    try (PersistentCommand executor =
        shell(
            "while read -r line; do head -c 100000 /dev/zero | tr '\\0' a >&2; echo >&2;"
                + " printf 'caf\\351\\r\\n' >&2; "
                + ANSWER
                + "; done")) {
      run(executor, "job-1");
    }
    await().atMost(40, SECONDS).until(() -> lines.size() == 2);
    assertEquals("job-1 2 " + "a".repeat(8 * 1024), lines.get(0));
    assertEquals("job-1 2 caf\uFFFD", lines.get(1));
  }
}
