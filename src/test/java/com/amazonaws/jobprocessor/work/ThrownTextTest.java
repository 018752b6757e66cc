package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.room.RecentMessages;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker keeps of what executors throw. */
class ThrownTextTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<WeakReference<Throwable>> thrown =
      Collections.synchronizedList(new ArrayList<>());

  /** It fails with a message as large as a job may be. */
  private final JobExecutor fails =
      _ -> {
        IllegalStateException boom = new IllegalStateException("answer: " + "y".repeat(1_000_000));
        thrown.add(new WeakReference<>(boom));
        throw boom;
      };

  private Rig rig(int retries) {
    return new Rig(clock, folder, 2, Duration.ofMinutes(10), retries, null).hurry();
  }

  private void awaitNoneIsKept() {
    await()
        .until(
            () -> {
              System.gc();
              return thrown.stream().allMatch(one -> one.refersTo(null));
            });
  }

  /** A thousand of them once filled the heap, and ended the worker. */
  @Test
  void a_pack_in_hand_keeps_nothing_of_what_its_jobs_have_thrown_but_a_few_words()
      throws Exception {
    Rig rig = rig(1);
    String line = new JobLine(null, "a", 0).write();
    rig.backlog.put(new OutgoingMessage(line + "\n" + line, PackFormat.attributes(2)));
    rig.receive(1);
    SlotRun one = rig.take();
    SlotRun other = rig.take();

    rig.run(one, fails);
    awaitNoneIsKept();

    rig.run(other, fails);
    await().until(() -> rig.told(WorkEvent.Retried.class).size() == 2);
    for (WorkEvent.Retried retried : rig.told(WorkEvent.Retried.class)) {
      String message = retried.failure().message();
      assertTrue(message.startsWith("answer: y") && message.length() <= 1024, message);
    }
    awaitNoneIsKept();
  }

  @Test
  void a_failure_whose_dead_letter_is_refused_is_remembered_in_a_few_words() throws Exception {
    Rig rig = rig(0);
    rig.deadLetters.refuse(_ -> true);
    SlotRun run = rig.take("a");
    Job job = run.job();

    rig.run(run, fails);
    rig.awaitNoneInFlight();

    RecentMessages.Unsent unsent = Objects.requireNonNull(rig.room.recent().unsent(job));
    assertTrue(unsent.failure().message().length() <= 1024);
    awaitNoneIsKept();
  }

  /** It is shown on the status page, in its JSON and by systemd. */
  @Test
  void why_an_executor_is_unavailable_is_said_in_a_few_words() throws Exception {
    Rig rig = rig(0);
    rig.run(
        rig.take("a"),
        _ -> {
          throw new ExecutorUnavailable("no license" + "!".repeat(5_000_000));
        });
    rig.awaitNoneInFlight();

    String why = Objects.requireNonNull(rig.room.health().why());
    assertTrue(why.startsWith("no license!") && why.length() <= 1024, why);
  }

  @Test
  void the_frame_is_of_the_executors_own_code() {
    ThrownText words = new ThrownText(text -> text, "com.example.jobs.Thumbs", Traces.NONE);
    RuntimeException boom = new RuntimeException("boom");
    boom.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.lib.Json", "read", "Json.java", 7),
          new StackTraceElement("com.example.jobs.Reading", "read", "Reading.java", 8)
        });

    assertEquals("boom; at com.example.jobs.Reading.read(Reading.java:8)", words.all(boom));
  }

  @Test
  void a_secret_is_taken_out_before_the_text_is_cut() {
    ThrownText words = new ThrownText(text -> text.replace("hunter22", "****"), "x.X", Traces.NONE);

    for (int i = 480; i < 530; i++) {
      Throwable boom = new IllegalStateException("x".repeat(i) + "hunter22" + "y".repeat(1_000));
      assertFalse(words.all(boom).contains("hunt") || words.message(boom).contains("hunt"));
    }
  }
}
