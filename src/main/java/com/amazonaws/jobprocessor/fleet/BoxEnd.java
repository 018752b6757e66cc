package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.fleet.Takers.Taker;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.DrainDeadline;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done at each notice: the worker is drained to the notice's deadline, and then what
 * belongs to the notice. Drained, the process stays until it is stopped: systemd would start it
 * again, on a box that is about to go. If the box is not taken after all, the worker goes on.
 */
public final class BoxEnd implements Consumer<Notice> {
  /** How long before its end all that a box has had in hand is visible to others. */
  private static final Duration VISIBLE = Duration.ofSeconds(20);

  /** How long before its end a box gives back what still runs. */
  static final Duration BEFORE_THE_END = VISIBLE.plus(DrainDeadline.GIVING_BACK);

  private static final Logger log = LoggerFactory.getLogger(BoxEnd.class);

  /**
   * What the settings say.
   *
   * @param drainTimeout bounds every drain
   * @param onRebalance whether a rebalance recommendation ends this box
   */
  public record Plan(Duration drainTimeout, boolean onRebalance) {}

  /**
   * What is known of this instance.
   *
   * @param box by EC2 and Auto Scaling
   * @param notices by instance metadata
   * @param said what has been said of them
   */
  public record Means(OwnBox box, InstanceNotices notices, Said said) {}

  private final Plan plan;
  private final BoxWorker worker;
  private final OwnBox box;
  private final MonotonicClock clock;
  private final WorkThreads threads;
  private final Said said;
  private final Retirement retirement;
  private final AtomicBoolean saidDrained = new AtomicBoolean();
  private final Takers takers;
  private volatile @Nullable Long named;
  private volatile @Nullable Thread hookKeeper;

  /** No notice yet; starts no thread and makes no call. */
  public BoxEnd(
      Plan plan, BoxWorker worker, Means means, MonotonicClock clock, WorkThreads threads) {
    this.plan = plan;
    this.worker = worker;
    this.box = means.box();
    this.said = means.said();
    this.clock = clock;
    this.threads = threads;
    this.takers = new Takers(worker);
    this.retirement = new Retirement(box, means.notices(), clock, said);
  }

  /** From the beginning the worker waits for a notice that the instance is in service. */
  public void beginsInWarmPool() {
    takers.takes(Taker.WARM_POOL);
  }

  /** Does what a notice asks for, on threads of its own. */
  @Override
  public void accept(Notice notice) {
    switch (notice) {
      case Notice.Interruption interruption -> interrupted(interruption);
      case Notice.Survived _ -> survived();
      case Notice.ScaleIn _ -> scaledIn();
      case Notice.WarmPool pool -> warmed(pool);
      case Notice.InService _ -> inService();
      case Notice.Rebalance _ -> rebalanced();
    }
  }

  private void interrupted(Notice.Interruption notice) {
    takers.takes(Taker.EC2);
    long end = notice.at();
    String why = "spot interruption (" + notice.action() + ")";
    log.atWarn().addKeyValue("in_secs", secondsUntil(end)).log("{}: draining", why);
    Long before = named;
    if (before == null || end - before < 0) {
      named = end;
    }
    drainApart(why, earliest(end - BEFORE_THE_END.toNanos()), () -> drained(why));
  }

  private void survived() {
    log.info("the spot interruption is over");
    named = null;
    isOver(Taker.EC2);
  }

  private void scaledIn() {
    takers.takes(Taker.GROUP);
    String why = "Auto Scaling terminates this instance";
    log.warn("{}: draining", why);
    drainForGroup(why, HookKeeper.END, () -> drained(why));
  }

  private void warmed(Notice.WarmPool notice) {
    takers.takes(Taker.WARM_POOL);
    String why = warmPool(notice.state());
    log.info("{}: draining", why);
    drainForGroup(
        why,
        HookKeeper.BACK_TO_THE_POOL,
        () -> log.info("drained: takes no jobs until this instance is in service"));
  }

  /** Why a box in a warm pool takes no jobs, in a few words. */
  public static String warmPool(String state) {
    return "in the Auto Scaling group's warm pool (" + state + ")";
  }

  private void inService() {
    log.info("this instance leaves the warm pool");
    takers.leaves(Taker.ITSELF);
    isOver(Taker.WARM_POOL);
  }

  private void drainForGroup(String why, Predicate<String> hookComes, Runnable drained) {
    HookKeeper hooks = new HookKeeper(box, worker, clock, said, hookComes);
    hookKeeper = threads.startVirtual("lifecycle-hook", hooks::run);
    drainApart(
        why,
        inTime(),
        () -> {
          drained.run();
          hooks.drained();
        });
  }

  private void isOver(Taker taker) {
    takers.leaves(taker);
    threads.startPlatform("box-stays", this::goOn);
  }

  /**
   * Has a drained worker take jobs again; not if EC2 or Auto Scaling takes the box, which may have
   * begun while its end was refused: calls may take half a minute.
   */
  private boolean goOn() throws InterruptedException {
    boolean again = takers.goOn();
    if (again) {
      saidDrained.set(false);
      retirement.isOver();
      log.info("takes jobs again");
    }
    return again;
  }

  private void rebalanced() {
    if (!plan.onRebalance()) {
      log.info("EC2 recommends to rebalance this spot instance: ignored, as on_rebalance says");
    } else if (!takers.isTaken()) {
      threads.startPlatform("rebalance", this::rebalance);
    }
  }

  private void rebalance() throws InterruptedException {
    String why = "rebalance recommendation";
    do {
      retirement.awaitMayEnd(why);
      if (takers.isTaken() || !takers.takes(Taker.REBALANCE)) {
        return; // it is ended anyway
      }
      log.warn("{}: draining", why);
    } while (drainAndEnd(Taker.REBALANCE, why, _ -> {}) && retirement.isKept());
  }

  /**
   * Ends this box as somebody has asked for: the worker is drained, then the instance is
   * terminated, on a thread of its own.
   *
   * @param stays is told null now, and later why the box stays, if it does
   * @return false if it is ending already
   */
  public boolean endAsked(Consumer<@Nullable String> stays) {
    if (takers.isTaken() || !takers.takes(Taker.ASKED)) {
      return false;
    }
    stays.accept(null);
    threads.startPlatform("end-asked", () -> endAndTell(stays));
    return true;
  }

  private void endAndTell(Consumer<@Nullable String> stays) throws InterruptedException {
    if (retirement.isKept()) {
      stays.accept(Retirement.AT_MINIMUM);
      takers.leaves(Taker.ASKED);
      goOn();
      return;
    }
    log.warn("this box is to end, as requested on the page: draining");
    drainAndEnd(Taker.ASKED, "asked for on the page", stays);
  }

  /** Returns true if the box stays. */
  private boolean drainAndEnd(Taker trying, String why, Consumer<@Nullable String> stays)
      throws InterruptedException {
    worker.drain(why, DrainDeadline.judging(inTime()));
    // If it is taken, EC2 or Auto Scaling ends it, or it has ended itself meanwhile.
    Retirement.@Nullable Result result = takers.isTaken() ? null : retirement.end(why);
    if (result instanceof Retirement.Result.Ends) {
      takers.takes(Taker.ITSELF);
      drained(why);
    }
    takers.leaves(trying);
    goOn(); // or another thread does
    if (result instanceof Retirement.Result.Stays kept && !takers.isTaken()) {
      stays.accept(kept.why());
      return true;
    }
    return false;
  }

  /**
   * Ends this box, whose worker has paused since it has been idle; for {@link IdleEnd}.
   *
   * @return how long it stays at least if it cannot be ended; null if it ends
   */
  public @Nullable Duration endIdle() throws InterruptedException {
    if (takers.isTaken()) {
      return null;
    }
    String why = "idle";
    return switch (retirement.end(why)) {
      case Retirement.Result.Stays stays -> stays.again();
      case Retirement.Result.Ends _ -> {
        takers.takes(Taker.ITSELF);
        worker.drain(why, DrainDeadline.judging(inTime()));
        drained(why);
        yield null;
      }
    };
  }

  /**
   * Waits until a lifecycle hook that this box's end waits for is completed: for the stop of the
   * process, after the drain.
   *
   * @param patience how long at most
   */
  public void awaitHook(Duration patience) throws InterruptedException {
    Thread keeper = hookKeeper;
    if (keeper != null) {
      keeper.join(patience);
    }
  }

  private long inTime() {
    return clock.nanoTime() + plan.drainTimeout().toNanos();
  }

  private long earliest(long end) {
    long bound = inTime();
    return end - bound < 0 ? end : bound;
  }

  private void drainApart(String why, long deadline, Runnable then) {
    threads.startPlatform(
        "box-end",
        () -> {
          worker.drain(why, DrainDeadline.judging(deadline));
          then.run();
          goOn();
        });
  }

  private void drained(String why) {
    if (saidDrained.compareAndSet(false, true)) {
      var line = log.atInfo().addKeyValue("why", why);
      Long end = named;
      if (end != null) {
        line = line.addKeyValue("secs_to_spare", secondsUntil(end));
      }
      line.log("drained: takes no jobs until it is stopped");
    }
  }

  private long secondsUntil(long end) {
    return Duration.ofNanos(end - clock.nanoTime()).toSeconds();
  }
}
