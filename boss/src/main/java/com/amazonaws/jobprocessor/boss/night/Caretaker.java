package com.amazonaws.jobprocessor.boss.night;

import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.store.Measures;
import com.amazonaws.jobprocessor.boss.store.Night;
import com.amazonaws.jobprocessor.boss.store.Night.Brought;
import com.amazonaws.jobprocessor.boss.store.Night.State;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.amazonaws.jobprocessor.fleet.Refused;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to the boxes of the windows. An order is written down before it is given: a boss that dies
 * in between leaves it to the next one, which gives it again with the same client token.
 */
public final class Caretaker implements Nights.Care {
  private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);

  private static final String NO_BOXES = "no boxes for the hours";

  /** Boxes are measured for so long, once they may work, before more are asked for. */
  private static final Duration MEASURED = Duration.ofMinutes(5);

  /** What was refused is tried again after so long. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** Boxes are counted so often: they vanish when spot capacity is taken, or when they idle. */
  private static final Duration COUNT = Duration.ofMinutes(1);

  /** Nothing has been open for so long: more may come in a moment. */
  private static final Duration DRAINED = Duration.ofMinutes(1);

  private final WindowBoxes boxes;
  private final Rules rules;
  private final BoxNeed need;
  private final InstantSource clock;
  private final Map<Long, Instant> counts = new HashMap<>();
  private String uncounted = "";

  /**
   * How many, and for how long.
   *
   * @param database first part of the client tokens, the same for all bosses of a database
   * @param fixed so many boxes a window; 0 for as many as the planner says
   * @param max no more than these
   * @param slots tasks at the same time on a box
   * @param boot until a box takes tasks
   * @param endWithin minutes after the hours boxes are ended, whatever they are still at
   */
  public record Rules(
      String database, int fixed, int max, int slots, Duration boot, Duration endWithin) {}

  /** Sees to boxes; the outlook says how many are needed. */
  public Caretaker(
      WindowBoxes boxes,
      Rules rules,
      Supplier<Outlook> outlook,
      Measures measures,
      InstantSource clock) {
    this.boxes = boxes;
    this.rules = rules;
    this.need = new BoxNeed(rules, outlook, measures, clock);
    this.clock = clock;
  }

  @Override
  public Brought take(Night night, Nights.Situation situation) throws InterruptedException {
    Brought now = night.brought();
    boolean mayBring = night.isPresent() && situation.open() && !situation.paused();
    return switch (now.state()) {
      case NONE, ENDED -> mayBring ? more(night, now, situation) : now;
      case ASKED -> asked(night, mayBring, situation);
      case UP -> {
        if (isOver(night, situation.out())) {
          yield end(night, situation.others());
        }
        Brought counted = count(night);
        yield mayBring ? more(night, counted, situation) : counted;
      }
    };
  }

  /** Gives an order that was written down, if it is of use yet. */
  private Brought asked(Night night, boolean mayBring, Nights.Situation situation)
      throws InterruptedException {
    Brought before = night.brought();
    if (!night.isPresent() || isDrained(night) || need.isTooLate(night)) {
      // Nobody knows whether they were started: they are counted and ended as if they were.
      return with(before, State.UP, before.boxes(), "");
    }
    if (!mayBring) {
      return before;
    }
    return isWithin(before.at(), AGAIN) ? bring(night) : again(night, situation.endedAt());
  }

  /** What was refused, or left by a boss that died, may be more than is needed by now. */
  private Brought again(Night night, @Nullable Instant endedAt) throws InterruptedException {
    Brought before = night.brought();
    try {
      int there = boxes.there(tokens(night));
      int more = need.lacking(before, there, endedAt);
      // If there are more than before it was given after all, whatever has come of it.
      if (there > before.boxes() || more <= 0) {
        return with(before, State.UP, there, "");
      }
      return more < before.wanted() || there < before.boxes()
          ? order(before, there, more)
          : bring(night);
    } catch (Refused e) {
      return refused(before, NO_BOXES, e);
    }
  }

  private Brought order(Brought before, int there, int more) {
    Instant at = clock.instant();
    return new Brought(
        State.ASKED, before.step() + 1, more, there, "", at, before.boxSecondsUntil(at));
  }

  /** What is there of those that were brought. */
  private Brought count(Night night) throws InterruptedException {
    Brought before = night.brought();
    // EC2 lists boxes some seconds after it has launched them.
    if (isWithin(before.at(), COUNT) || !isDue(night)) {
      return before;
    }
    try {
      int there = boxes.there(tokens(night));
      if (there != before.boxes()) {
        LOG.info(
            "{} boxes of the hours until {} are there, and {} were",
            there,
            night.closesAt(),
            before.boxes());
      }
      if (there < before.boxes()) {
        need.someHaveGone();
      }
      uncounted = "";
      return before.counted(there, clock.instant());
    } catch (Refused e) {
      if (!uncounted.equals(e.why())) {
        LOG.warn("the boxes cannot be counted: {}", e.why());
        uncounted = e.why();
      }
      return before;
    }
  }

  /** True once in a while for a night. */
  private boolean isDue(Night night) {
    Instant last = counts.get(night.id());
    if (last != null && isWithin(last, COUNT)) {
      return false;
    }
    counts.put(night.id(), clock.instant());
    return true;
  }

  /** What boxes do is measured for a while before more are asked for. */
  private boolean isMeasuring(Brought now, @Nullable Instant letGoAt) {
    boolean measured = rules.fixed() == 0 && now.state() == State.UP && now.boxes() > 0;
    // Until all that is measured is of those that are there: with the names of others in it, or
    // with time in which some were not there yet, each would seem to be slow.
    Duration mixed = measured ? Outlooks.RECENT : MEASURED;
    return (now.step() > 0 && isWithin(now.at(), rules.boot().plus(mixed)))
        || (measured && letGoAt != null && isWithin(letGoAt, MEASURED));
  }

  /** Writes an order down, if more are needed than are there. */
  private Brought more(Night night, Brought before, Nights.Situation situation)
      throws InterruptedException {
    if (isMeasuring(before, situation.letGoAt())) {
      return before;
    }
    Instant endedAt = situation.endedAt();
    // A group may have some from the hours before, which are ours from now on.
    boolean takesOver = situation.others() && before.state() != State.UP;
    if (need.isTooLate(night)
        || (!takesOver && need.lacking(before, before.boxes(), endedAt) <= 0)) {
      return before;
    }
    // Those that were just counted need no second look.
    if (before.state() != State.UP && !isDue(night)) {
      return before;
    }
    try {
      int there = before.state() == State.UP ? before.boxes() : boxes.there(tokens(night));
      int more = need.lacking(before, there, endedAt);
      if (more > 0) {
        return order(before, there, more);
      }
      return takesOver && there > 0 ? with(before, State.UP, there, "") : before;
    } catch (Refused e) {
      return refused(before, NO_BOXES, e);
    }
  }

  private Brought bring(Night night) throws InterruptedException {
    Brought before = night.brought();
    if (!before.note().isEmpty() && isWithin(before.at(), AGAIN)) {
      return before;
    }
    int total = before.boxes() + before.wanted();
    try {
      WindowBoxes.Started started =
          boxes.bring(new WindowBoxes.Order(token(night, before.step()), before.wanted(), total));
      int there = before.boxes() + started.boxes();
      LOG.info("{} boxes for the hours until {}", there, night.closesAt());
      return with(before, State.UP, there, started.fewer());
    } catch (Refused e) {
      return refused(before, NO_BOXES, e);
    }
  }

  private boolean isOver(Night night, boolean out) {
    if (!night.isPresent()) {
      return !out || !isWithin(night.closesAt(), rules.endWithin());
    }
    return isDrained(night);
  }

  private boolean isDrained(Night night) {
    Instant drained = night.drainedAt();
    return drained != null && !isWithin(drained, DRAINED);
  }

  private Brought end(Night night, boolean others) throws InterruptedException {
    Brought before = night.brought();
    if (!before.note().isEmpty() && isWithin(before.at(), AGAIN)) {
      return before;
    }
    try {
      boxes.end(tokens(night), others);
      counts.remove(night.id());
      LOG.info("the boxes of the hours until {} are ended", night.closesAt());
      return with(before, State.ENDED, 0, "");
    } catch (Refused e) {
      return refused(before, "the boxes cannot be ended", e);
    }
  }

  private Brought refused(Brought before, String what, Refused e) {
    if (!before.note().equals(e.why())) {
      LOG.warn("{}, which is tried again: {}", what, e.why());
    }
    return with(before, before.state(), before.boxes(), e.why());
  }

  private Brought with(Brought before, State state, int count, String note) {
    Instant at = clock.instant();
    return new Brought(
        state, before.step(), before.wanted(), count, note, at, before.boxSecondsUntil(at));
  }

  private List<String> tokens(Night night) {
    return IntStream.rangeClosed(1, night.brought().step())
        .mapToObj(step -> token(night, step))
        .toList();
  }

  private String token(Night night, int step) {
    return "boss-" + rules.database() + "-" + night.id() + "-" + step;
  }

  private boolean isWithin(Instant moment, Duration time) {
    Instant now = clock.instant();
    // What is to come was noted before the clock was set back: nobody waits for it.
    return now.isBefore(moment.plus(time)) && !moment.minus(time).isAfter(now);
  }
}
