package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this instance of its own accord: in an Auto Scaling group with one less desired in the same
 * call, so that it is not replaced; else by EC2.
 */
final class Retirement {
  private static final Logger log = LoggerFactory.getLogger(BoxEnd.class);

  private static final String DESCRIBE = "DescribeAutoScalingInstances";
  private static final String END_IN_GROUP = "TerminateInstanceInAutoScalingGroup";
  private static final String END = "TerminateInstances";

  /** For calls that are throttled, or that EC2 answers with an error of its own. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Why a box stays that its group would replace. */
  static final String AT_MINIMUM = "its Auto Scaling group is at its minimum size";

  private static final Duration SOON = Duration.ofMinutes(5);
  private static final Duration MUCH_LATER = Duration.ofHours(1);

  /** What came of it. */
  sealed interface Result {
    /** The instance ends. */
    record Ends() implements Result {}

    /**
     * It stays.
     *
     * @param again trying again before so long would change nothing
     * @param why a sentence without its point
     */
    record Stays(Duration again, String why) implements Result {}
  }

  private final OwnBox box;
  private final InstanceNotices notices;
  private final MonotonicClock clock;
  private final Said said;
  private final ReentrantLock one = new ReentrantLock();
  private boolean ends;

  /** The call that is made, or was made last: the one to name if it fails. */
  private String action = DESCRIBE;

  Retirement(OwnBox box, InstanceNotices notices, MonotonicClock clock, Said said) {
    this.box = box;
    this.notices = notices;
    this.clock = clock;
    this.said = said;
  }

  /**
   * Whether the group would let the instance go, as far as can be told without trying: asked before
   * work is given back for it.
   */
  boolean isKept() throws InterruptedException {
    try {
      OwnBox.Membership membership = box.membership();
      boolean kept = membership != null && box.isAtMinimum(membership.group());
      if (kept) {
        sayAtMinimum();
      }
      return kept;
    } catch (CallFailed e) {
      return false; // the call itself will tell
    }
  }

  /** Waits as long as the group would replace the instance: more of its boxes may be launched. */
  void awaitMayEnd(String why) throws InterruptedException {
    for (boolean said = false; isKept(); said = true) {
      if (!said) {
        log.info("{}: draining when the Auto Scaling group is above its minimum", why);
      }
      clock.sleep(SOON.toNanos());
    }
  }

  private void sayAtMinimum() {
    said.once("the Auto Scaling group is at its minimum: this instance stays and takes jobs");
  }

  /** The instance has come back, from its group's warm pool: it can be ended once more. */
  void isOver() {
    one.lock();
    try {
      ends = false;
    } finally {
      one.unlock();
    }
  }

  /**
   * Ends the instance, or finds out why not; says so, once for each reason. Whoever wants that as
   * well meanwhile waits for what comes of it; of an instance that ends no second call is made,
   * which would be refused.
   */
  Result end(String why) throws InterruptedException {
    one.lockInterruptibly();
    try {
      Result result = ends ? new Result.Ends() : tryToEnd(why);
      ends = result instanceof Result.Ends;
      return result;
    } finally {
      one.unlock();
    }
  }

  private Result tryToEnd(String why) throws InterruptedException {
    Backoff backoff = new Backoff();
    long until = clock.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return endOnce(why);
      } catch (CallFailed e) {
        if (isFinal(e) || until - clock.nanoTime() < 0) {
          said.failed(action, e, "this instance cannot end itself; it stays and takes jobs");
          return new Result.Stays(isFinal(e) ? MUCH_LATER : SOON, Refusals.words(action, e));
        }
      }
      backoff.pause(clock);
    }
  }

  private Result endOnce(String why) throws CallFailed, InterruptedException {
    OwnBox.GroupAnswer answer = isInGroup() ? endInGroup() : OwnBox.GroupAnswer.NO_MEMBER;
    return switch (answer) {
      case ENDS -> ends(why, "this instance is terminated, with one less desired in its group");
      case AT_MINIMUM -> {
        sayAtMinimum();
        yield new Result.Stays(SOON, AT_MINIMUM);
      }
      case NO_MEMBER -> {
        action = END;
        box.end();
        said.worked(action);
        yield ends(why, "this instance is terminated");
      }
    };
  }

  private OwnBox.GroupAnswer endInGroup() throws CallFailed, InterruptedException {
    action = END_IN_GROUP;
    OwnBox.GroupAnswer answer = box.endInGroup();
    said.worked(action);
    return answer;
  }

  private static Result ends(String why, String text) {
    log.atInfo().addKeyValue("why", why).log(text);
    return new Result.Ends();
  }

  /**
   * Without the right to ask, instance metadata tells: it has a target state of group's instances
   * only. In doubt it is one: a group replaces what EC2 ends.
   */
  private boolean isInGroup() throws CallFailed, InterruptedException {
    action = DESCRIBE;
    try {
      boolean is = box.membership() != null;
      said.worked(action);
      return is;
    } catch (CallFailed e) {
      if (!Said.isDenied(e)) {
        throw e;
      }
    }
    try {
      return notices.targetState() != null;
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Denied, or refused for a reason that does not pass by itself, such as termination protection.
   */
  private static boolean isFinal(CallFailed failure) {
    return Said.isDenied(failure) || failure.code().equals("OperationNotPermitted");
  }
}
