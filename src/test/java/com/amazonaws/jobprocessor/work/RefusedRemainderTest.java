package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import com.amazonaws.jobprocessor.work.settle.Remainders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Packs whose rest the backlog does not take, and no job table. */
class RefusedRemainderTest {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Remainders.class);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Rig rig;

  @BeforeEach
  void build() {
    rig = new Rig(clock, folder, 4, LEASE, 2, null).hurry();
    log.list = Collections.synchronizedList(log.list);
    log.start();
    LOGGER.addAppender(log);
  }

  @AfterEach
  void detach() {
    LOGGER.detachAppender(log);
  }

  private void put(String... bodies) {
    List<String> lines = Stream.of(bodies).map(body -> new JobLine(null, body, 0).write()).toList();
    rig.backlog.put(
        new OutgoingMessage(String.join("\n", lines), PackFormat.attributes(bodies.length)));
  }

  /** Job a fails, whatever else succeeds. */
  private void end(SlotRun run) {
    rig.end(
        run,
        run.definition().equals("a")
            ? Outcome.Failed.forNow("x", "boom")
            : new Outcome.Succeeded("", Duration.ZERO));
  }

  /** Receives the pack, and ends the only job that is run of it. */
  private int attemptOfTheOnlyOne() throws Exception {
    rig.receive(1);
    SlotRun run = rig.take();
    int attempt = run.job().attempt();
    assertEquals("a", run.definition());
    end(run);
    rig.awaitNoneInFlight();
    return attempt;
  }

  private void assertDeadAfter(int attempts) {
    assertEquals(
        List.of(Attribute.of(Integer.toString(attempts))),
        rig.deadLetters.contents().stream()
            .map(letter -> letter.attributes().get("attempts"))
            .toList());
    assertEquals(List.of(), rig.backlog.contents());
  }

  /** It was once run as attempt 1 again and again. */
  @Test
  void a_job_that_fails_ends_after_its_attempts_nevertheless() throws Exception {
    rig.backlog.refuse(_ -> true);
    put("a", "b");
    rig.receive(1);
    end(rig.take());
    end(rig.take());
    rig.awaitNoneInFlight();

    assertEquals(2, attemptOfTheOnlyOne());
    assertEquals(3, attemptOfTheOnlyOne());

    assertDeadAfter(3);
    assertEquals(1, rig.results.contents().size());
  }

  @Test
  void so_it_does_as_the_only_one_of_its_pack() throws Exception {
    rig.backlog.refuse(_ -> true);
    put("a");

    assertEquals(1, attemptOfTheOnlyOne());
    assertEquals(2, attemptOfTheOnlyOne());
    assertEquals(3, attemptOfTheOnlyOne());

    assertDeadAfter(3);
  }

  @Test
  void what_has_failed_counts_in_a_pack_whose_lease_was_lost() throws Exception {
    put("a", "b");
    rig.receive(1);
    List<SlotRun> runs = List.of(rig.take(), rig.take());
    runs.stream().filter(run -> run.definition().equals("a")).forEach(this::end);
    clock.advance(LEASE);
    runs.stream().filter(run -> run.definition().equals("b")).forEach(this::end);
    rig.awaitNoneInFlight();
    rig.receive(1);

    List<SlotRun> again = List.of(rig.take(), rig.take());

    assertEquals(
        List.of("a 2", "b 1"),
        again.stream().map(run -> run.definition() + " " + run.job().attempt()).sorted().toList());
    again.forEach(this::end);
    rig.awaitNoneInFlight();
    assertEquals(2, JobLine.read(rig.backlog.contents().getFirst().body()).attempts());
  }

  /** Receives the pack as others have done too often. */
  private void takeApart() throws Exception {
    for (int i = 0; i < 4; i++) {
      rig.backlog.receive(1, Duration.ofMillis(1), Duration.ofSeconds(1));
      clock.advance(Duration.ofSeconds(2));
    }
    rig.receive(1);
    rig.awaitNoneInFlight();
  }

  /** Another part of the same remainder was once forgotten, and its job run again and again. */
  @Test
  void of_a_pack_that_is_taken_apart_what_the_backlog_has_taken_is_not_run_again()
      throws Exception {
    rig.backlog.refuse(message -> message.body().contains("bb"));
    put("c", "bb");
    takeApart();
    assertEquals(2, rig.backlog.contents().size(), "the pack, and one of its two parts");
    clock.advance(Duration.ofMinutes(1));

    rig.receive(1);
    rig.receive(1);
    rig.end(rig.take(), new Outcome.Succeeded("", Duration.ZERO));
    clock.advance(Duration.ofMinutes(1));
    rig.receive(2);
    rig.awaitNoneInFlight();

    assertEquals(1, rig.results.contents().size());
  }

  /** Its line has no room for an id, as the queue takes less than SQS does. */
  @Test
  void a_line_that_the_backlog_refuses_with_more_goes_back_as_it_came() throws Exception {
    rig.backlog.refuse(message -> message.body().contains("job_id"));
    put("c", "b");

    takeApart();

    assertEquals(
        List.of("{\"body\":\"b\"}", "{\"body\":\"c\"}"),
        rig.backlog.contents().stream().map(OutgoingMessage::body).sorted().toList());
  }

  @Test
  void the_log_says_it_once() throws Exception {
    rig.backlog.refuse(_ -> true);
    put("a");
    attemptOfTheOnlyOne();
    attemptOfTheOnlyOne();

    assertEquals(1, log.list.size(), log.list::toString);
    assertTrue(
        log.list.getFirst().getKeyValuePairs().toString().contains("shorter than 262144 bytes"));

    clock.advance(Duration.ofMinutes(10));
    attemptOfTheOnlyOne();
    put("a");
    attemptOfTheOnlyOne();
    assertEquals(2, log.list.size(), log.list::toString);
  }

  @Test
  void the_log_names_the_right_that_is_missing() throws Exception {
    put("a");
    rig.backlog.answerNext(
        Collections.nCopies(500, new Answer.Failed("AccessDenied", "no")).toArray(Answer[]::new));
    rig.receive(1);
    end(rig.take());
    awaitAsTimePasses(clock, Duration.ofSeconds(1), () -> !log.list.isEmpty());

    String text = log.list.getFirst().getFormattedMessage();
    assertTrue(text.contains("needs the right sqs:SendMessage;"), text);
  }
}
