package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A process that goes wrong when its next job is in the pipe, and has not been read. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class PersistentCommandReplacedIT {
  private static final String TOLD = "a process of the command is replaced: ";

  @TempDir Path folder;

  private final Logger log = (Logger) LoggerFactory.getLogger(PersistentCommand.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.list = new CopyOnWriteArrayList<>(); // other tests may write beside this one
    lines.setContext(log.getLoggerContext());
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    log.detachAppender(lines);
  }

  private static String run(PersistentCommand executor, String job) throws Exception {
    return String.valueOf(executor.execute(job, Jobs.job()));
  }

  /** The first process answers a job, and does so when it has another; the next one echoes. */
  private PersistentCommand atTheSecondJob(String script) throws IOException {
    return new Commands(folder)
        .shell(
            "echo $$ >> pids; if [ -e begun ]; then "
                + Commands.echo()
                + "; fi; touch begun; read -r line; echo '{\"result\":\"first\"}';"
                + " exec bash -c 'until read -t 0; do sleep 0.02; done; "
                + script
                + "'");
  }

  private void assertOnlyTheProcessPays(PersistentCommand executor, String told) throws Exception {
    assertEquals("first", run(executor, "one"));
    assertEquals("two", run(executor, "two"));
    assertEquals("three", run(executor, "three"));
    assertEquals(2, Files.readAllLines(folder.resolve("pids")).size());
    assertEquals(List.of(TOLD + told), told());
  }

  private List<String> told() {
    String me = Thread.currentThread().getName();
    return lines.list.stream()
        .filter(line -> line.getThreadName().equals(me))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"result\":\"b\"}",
        "{\"job_id\":\"other\",\"result\":\"b\"}",
        "Done.",
        "Done.\n"
      })
  void a_late_second_answer_is_not_the_next_jobs(String second) throws Exception {
    Files.writeString(folder.resolve("second"), " \n" + second);
    try (PersistentCommand executor = atTheSecondJob("cat second; exec sleep 1000")) {
      assertOnlyTheProcessPays(
          executor, "it printed output that no job asked for: " + Excerpt.of(second.strip()));
    }
  }

  /** However it takes its end, it does not do the job that another process does then. */
  @Test
  void one_that_is_replaced_does_not_read_on() throws Exception {
    String script = "trap \"read -r line; touch read\" TERM; echo late; sleep 1000 & wait";
    try (PersistentCommand executor = atTheSecondJob(script)) {
      assertOnlyTheProcessPays(executor, "it printed output that no job asked for: \"late\"");
    }
    assertTrue(Files.notExists(folder.resolve("read")));
  }

  @Test
  void the_end_of_one_is_told() throws Exception {
    try (PersistentCommand executor = atTheSecondJob("exit 3")) {
      assertOnlyTheProcessPays(executor, "it ended between two jobs: exit status 3");
    }
  }
}
