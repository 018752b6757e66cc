package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for notices every five seconds, as EC2's user guide ("Spot Instance interruption notices")
 * recommends, and tells of each once. A metadata service that does not answer is asked again.
 */
public final class NoticeWatch {
  private static final Logger log = LoggerFactory.getLogger(NoticeWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** What a notice without a readable time leaves: EC2 gives spot instances two minutes. */
  private static final Duration USUAL = Duration.ofMinutes(2);

  /** The second is of an instance in a warm pool. */
  private static final Set<String> ENDS = Set.of("Terminated", "Warmed:Terminated");

  private static final String WARMED = "Warmed:";

  /** A notice that is not there once may be there again. */
  private static final int GONE_AFTER = 2;

  /** For so long after its time the instance has not been taken: it will not be. */
  private static final Duration LATE = Duration.ofMinutes(10);

  /** A service that restarts, or a machine that is busy, is not worth a word. */
  private static final int SAID_AFTER = 3;

  private final InstanceNotices notices;
  private final Consumer<Notice> told;
  private final MonotonicClock clock;
  private final InstantSource wallClock;

  private InstanceNotices.@Nullable SpotAction interruption;
  private boolean interrupted;
  private long interruptedAt;
  private int gone;
  private boolean scaleIn;

  /** Whether it is in a warm pool, as told last; null if the first look is to tell of it anyway. */
  private @Nullable Boolean warm;

  private boolean rebalance;
  private int failures;

  /**
   * A watch that has not looked yet.
   *
   * @param told of each notice, and of an interruption again if it has changed; returns at once
   * @param waits true if the worker waits to be told that the instance is in service: it was in a
   *     warm pool when the process began, and may have left it before the first look
   * @param wallClock by which the times of notices are understood, once each
   */
  public NoticeWatch(
      InstanceNotices notices,
      Consumer<Notice> told,
      boolean waits,
      MonotonicClock clock,
      InstantSource wallClock) {
    this.notices = notices;
    this.told = told;
    this.warm = waits ? null : false;
    this.clock = clock;
    this.wallClock = wallClock;
  }

  /**
   * True if Auto Scaling keeps an instance in a warm pool, for later.
   *
   * @param state that it wants the instance to come to
   */
  public static boolean isWarm(String state) {
    return state.startsWith(WARMED) && !ENDS.contains(state);
  }

  /** Looks again and again, until interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      look();
      clock.sleep(EVERY.toNanos());
    }
  }

  /** Looks once. */
  void look() {
    IOException failure = first(ask(this::askSpot), ask(this::askGroup), ask(this::askRebalance));
    if (failure != null) {
      failed(failure);
    } else {
      if (failures >= SAID_AFTER) {
        log.info("instance metadata answers again; notices are seen again");
      }
      failures = 0;
    }
  }

  private interface Question {
    void ask() throws IOException;
  }

  private static @Nullable IOException ask(Question question) {
    try {
      question.ask();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static @Nullable IOException first(@Nullable IOException... failures) {
    for (IOException failure : failures) {
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  private void failed(IOException failure) {
    failures++;
    if (failures == SAID_AFTER) {
      log.atWarn()
          .addKeyValue("error", failure.getMessage())
          .log(
              "instance metadata does not answer: no notice that this instance is about to be taken"
                  + " can be seen; asking again every 5 s");
    }
  }

  private void askSpot() throws IOException {
    InstanceNotices.SpotAction action = notices.spotAction();
    gone = action == null ? gone + 1 : 0;
    if (action != null && !action.equals(interruption)) {
      interruption = action;
      interrupted = true;
      interruptedAt = clock.nanoTime() + left(action);
      told.accept(new Notice.Interruption(action.action(), interruptedAt));
    } else if (interrupted && (gone >= GONE_AFTER || isLate())) {
      interrupted = false;
      told.accept(new Notice.Survived());
    }
    if (gone >= GONE_AFTER) {
      interruption = null; // the same again is another one
    }
  }

  private boolean isLate() {
    return clock.nanoTime() - interruptedAt > LATE.toNanos();
  }

  /** Two minutes at most, before or after now: the wall clock may be wrong, and so may the time. */
  private long left(InstanceNotices.SpotAction action) {
    Instant time = action.time();
    if (action.action().equals("hibernate")) {
      return 0; // it begins at once, says the user guide
    }
    long usual = USUAL.toSeconds();
    long seconds = time == null ? usual : Duration.between(wallClock.instant(), time).toSeconds();
    return Duration.ofSeconds(Math.clamp(seconds, -usual, usual)).toNanos();
  }

  private void askGroup() throws IOException {
    if (scaleIn) {
      return;
    }
    String state = notices.targetState();
    if (state == null) {
      return;
    }
    if (ENDS.contains(state)) {
      scaleIn = true;
      told.accept(new Notice.ScaleIn());
    } else if (warm == null || isWarm(state) != warm) {
      warm = isWarm(state);
      told.accept(warm ? new Notice.WarmPool(state) : new Notice.InService());
    }
  }

  private void askRebalance() throws IOException {
    if (!rebalance && notices.rebalance()) {
      rebalance = true;
      told.accept(new Notice.Rebalance());
    }
  }
}
