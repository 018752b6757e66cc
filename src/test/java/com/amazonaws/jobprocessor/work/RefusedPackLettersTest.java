package com.amazonaws.jobprocessor.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of packs whose dead letters the queue does not take, and no job table. */
class RefusedPackLettersTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private Rig rig;

  @BeforeEach
  void refuseLetters() {
    rig = new Rig(clock, folder, 4, Duration.ofMinutes(10), 0, null).hurry();
    rig.deadLetters.refuse(_ -> true);
  }

  private void put(String... lines) {
    rig.backlog.put(
        new OutgoingMessage(String.join("\n", lines), PackFormat.attributes(lines.length)));
  }

  private static String line(String body) {
    return new JobLine(null, body, 0).write();
  }

  /** As long as it takes, at most three receives. */
  private List<Long> secondsUntilItComesAgain() throws Exception {
    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rig.receive(1);
      rig.awaitNoneInFlight();
      Duration delay = rig.told(WorkEvent.DeadLetterRefused.class).getLast().delay();
      seconds.add(delay.toSeconds());
      clock.advance(delay);
    }
    return seconds;
  }

  @Test
  void what_is_no_job_comes_later_each_time() throws Exception {
    put("nonsense");

    assertEquals(List.of(30L, 60L, 120L), secondsUntilItComesAgain());
  }

  @Test
  void a_job_that_has_failed_comes_later_each_time_and_is_not_run_again() throws Exception {
    put(line("a"));
    rig.receive(1);
    rig.end(rig.take(), Outcome.Failed.forGood("x", "boom"));
    rig.awaitNoneInFlight();
    clock.advance(Duration.ofSeconds(30));

    assertEquals(List.of(60L, 120L, 240L), secondsUntilItComesAgain());
  }

  /** The pack that it comes back in has another MessageId. */
  @Test
  void a_job_whose_neighbours_have_ended_is_not_run_again() throws Exception {
    put(line("a"), line("b"), line("c"));
    rig.receive(1);
    for (int i = 0; i < 3; i++) {
      SlotRun run = rig.take();
      rig.end(
          run,
          run.definition().equals("b")
              ? Outcome.Failed.forGood("x", "boom")
              : new Outcome.Succeeded(run.definition(), Duration.ZERO));
    }
    rig.awaitNoneInFlight();
    assertEquals(
        List.of(
            "{\"job_id\":\"todo-1/2\",\"attempts\":1,\"job_origin\":\"todo-1/2\",\"body\":\"b\"}"),
        rig.backlog.contents().stream().map(OutgoingMessage::body).toList());

    clock.advance(Duration.ofSeconds(30));
    rig.deadLetters.refuse(_ -> false);
    rig.receive(1);
    rig.awaitNoneInFlight();

    OutgoingMessage letter = rig.deadLetters.contents().getFirst();
    assertEquals("b", letter.body());
    assertEquals(Attribute.of("boom"), letter.attributes().get("error_message"));
    assertEquals(Attribute.of("1"), letter.attributes().get("attempts"));
    assertEquals(List.of(), rig.backlog.contents());
  }

  /** Each time a neighbour's letter is taken, the rest goes on in another message. */
  @Test
  void a_letter_that_is_refused_again_is_no_attempt_and_comes_later_each_time() throws Exception {
    put(line("a"), line("b"), line("c"));
    rig.receive(1);
    for (int i = 0; i < 3; i++) {
      SlotRun run = rig.take();
      rig.end(
          run,
          run.definition().equals("a")
              ? new Outcome.Succeeded("a", Duration.ZERO)
              : Outcome.Failed.forGood("x", run.definition()));
    }
    rig.awaitNoneInFlight();
    assertEquals(2, rig.told(WorkEvent.DeadLetterRefused.class).size());

    clock.advance(Duration.ofSeconds(30));
    rig.deadLetters.refuse(letter -> !letter.body().equals("c"));
    assertEquals(List.of(60L, 120L, 240L), secondsUntilItComesAgain());

    assertEquals(
        List.of(
            "{\"job_id\":\"todo-1/2\",\"attempts\":1,\"job_origin\":\"todo-1/2\",\"body\":\"b\"}"),
        rig.backlog.contents().stream().map(OutgoingMessage::body).toList());
    assertEquals(
        List.of(Attribute.of("1")),
        rig.deadLetters.contents().stream()
            .map(letter -> letter.attributes().get("attempts"))
            .toList());
  }

  /** Its line says an id that no job may have, so that it is known by where it first stood. */
  @Test
  void a_job_with_a_bad_id_is_the_same_one_in_each_pack_that_it_goes_back_in() throws Exception {
    put(line("good"), "{\"job_id\":\"\",\"body\":\"b\"}", "{\"job_id\":\"\\n\",\"body\":\"c\"}");
    rig.receive(1);
    endAllOf(1);
    assertEquals(
        List.of(
            "{\"job_origin\":\"todo-1/2\",\"job_id\":\"\",\"body\":\"b\"}\n"
                + "{\"job_origin\":\"todo-1/3\",\"job_id\":\"\\n\",\"body\":\"c\"}"),
        rig.backlog.contents().stream().map(OutgoingMessage::body).toList());

    clock.advance(Duration.ofSeconds(30));
    rig.deadLetters.refuse(letter -> !letter.body().equals("b"));
    assertEquals(List.of(60L, 120L, 240L), secondsUntilItComesAgain());
    rig.deadLetters.refuse(_ -> false);
    rig.receive(1);
    rig.awaitNoneInFlight();

    assertEquals(
        List.of("b todo-1/2", "c todo-1/3"),
        rig.deadLetters.contents().stream()
            .map(letter -> letter.body() + " " + text(letter, "job_id"))
            .toList());
    assertEquals(List.of(), rig.backlog.contents());
  }

  /** Its dead letter's body is the line, on which nothing can be noted. */
  @Test
  void a_line_that_is_no_job_goes_back_as_it_is() throws Exception {
    put(line("good"), "{\"job_id\":7,\"body\":\"b\"}");
    rig.receive(1);
    endAllOf(1);

    assertEquals(
        List.of("{\"job_id\":7,\"body\":\"b\"}"),
        rig.backlog.contents().stream().map(OutgoingMessage::body).toList());
  }

  private static @Nullable String text(OutgoingMessage message, String attribute) {
    Attribute value = message.attributes().get(attribute);
    return value == null ? null : value.text();
  }

  private void endAllOf(int jobs) {
    for (int i = 0; i < jobs; i++) {
      SlotRun run = rig.take();
      rig.end(
          run,
          switch (run.definition()) {
            case "bad" -> Outcome.Failed.forGood("x", "boom");
            case "good" -> new Outcome.Succeeded("", Duration.ZERO);
            default -> Outcome.GivenBack.now("worker stops");
          });
    }
    rig.awaitNoneInFlight();
  }

  @Test
  void a_pack_of_which_nothing_has_ended_is_at_once_visible_to_others() throws Exception {
    put(line("bad"), line("unbegun"), line("other"));
    rig.receive(1);
    endAllOf(3);

    assertEquals(0, rig.backlog.invisible());
    rig.receive(1);
    assertEquals(
        List.of("bad", "unbegun", "other"), rig.message().jobs().stream().map(Job::body).toList());
  }

  @Test
  void those_that_were_not_begun_do_not_wait_with_it() throws Exception {
    put(line("bad"), line("unbegun"), line("good"));
    rig.receive(1);
    endAllOf(3);

    assertEquals(1, rig.backlog.invisible());
    rig.receive(1);
    assertEquals(List.of("unbegun"), rig.message().jobs().stream().map(Job::body).toList());
    endAllOf(1);
    rig.backlog.receive(10, Duration.ofMillis(1), Duration.ofHours(1));

    assertEquals(
        "{\"job_id\":\"todo-1/1\",\"attempts\":1,\"job_origin\":\"todo-1/1\",\"body\":\"bad\"}",
        rig.backlog.contents().stream()
            .filter(message -> message.delaySecs() == 30)
            .map(OutgoingMessage::body)
            .findFirst()
            .orElse(""));
  }

  /** A line may say as many as there may be. */
  @Test
  void there_are_never_more_attempts_than_a_line_may_say() throws Exception {
    put(new JobLine("j", "a", PackFormat.MAX_ATTEMPTS).write(), line("b"));
    rig.receive(1);
    for (int i = 0; i < 2; i++) {
      SlotRun run = rig.take();
      rig.end(
          run,
          run.definition().equals("a")
              ? Outcome.Failed.forNow("x", "boom")
              : new Outcome.Succeeded("b", Duration.ZERO));
    }
    rig.awaitNoneInFlight();

    OutgoingMessage rest = rig.backlog.contents().getFirst();
    assertEquals(PackFormat.MAX_ATTEMPTS, JobLine.read(rest.body()).attempts());
  }
}
