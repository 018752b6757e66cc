package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Usd;
import com.amazonaws.jobprocessor.stats.Outlook.Span;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When the backlog would be empty if boxes like this one were started now, and what they would cost
 * until then.
 *
 * @param boxes how many more, from 1
 * @param done from now; about when, and between when and when
 * @param dollars for these boxes, from their start to the end; null if the price of such a box is
 *     not known
 */
public record MoreBoxes(int boxes, Span done, @Nullable Usd dollars) {
  private static final int[] STEPS = {1, 2, 5, 10};
  private static final int MAX_BOXES = 10_000;

  /** Boxes that bring the end no nearer than that are not worth a line. */
  private static final double WORTH_IT = 0.98;

  /** So many boxes that the backlog hardly shrinks are no help, either. */
  private static final Duration FOREVER = Duration.ofDays(3_650);

  /** EC2 bills Linux instances by the second, but a minute at least (EC2's page of prices). */
  private static final Duration MIN_BILLED = Duration.ofMinutes(1);

  private static final int HOUR_MILLIS = 3_600_000;

  /** Taken for a box's way from its start to its first job where it is not known. */
  public static final Duration USUAL_BOOT = Duration.ofSeconds(90);

  /**
   * What a further box would be, by what this one is.
   *
   * @param jobsPerSecond that it brings to an end
   * @param meanJobs how many jobs a message carries in the mean
   * @param oneJob how long a job takes
   * @param boot from its start to its first job
   * @param hour dollars an hour; null if it is not known
   */
  public record NewBox(
      double jobsPerSecond,
      double meanJobs,
      Duration oneJob,
      Duration boot,
      @Nullable BigDecimal hour) {
    /** In a minute with fewer jobs, how long they take tells more than how many have ended. */
    private static final int MANY_JOBS = 30;

    /** One like the worker's, unless too little is known of it yet. */
    public static Optional<NewBox> like(Snapshot now) {
      Times runs = now.jobs().runs().lastHour();
      double perSecond = jobsPerSecond(now, runs);
      Duration boot = now.who().bootTime();
      return perSecond > 0
          ? Optional.of(
              new NewBox(
                  perSecond,
                  now.queues().meanJobs(),
                  runs.mean(),
                  boot == null ? USUAL_BOOT : boot,
                  now.spending().get().boxHour()))
          : Optional.empty();
    }

    private double messagesPerSecond() {
      return jobsPerSecond / meanJobs;
    }

    private static double jobsPerSecond(Snapshot now, Times runs) {
      double lastMinute = now.jobs().history().jobsPerSecond();
      Counts counts = now.counts();
      double attempts = counts.jobs() + counts.of(Count.RETRIED);
      if (lastMinute * 60 >= MANY_JOBS || runs.mean().isZero() || attempts == 0) {
        return lastMinute;
      }
      double busySlots = now.slots().count() * now.slots().busyShare();
      return busySlots / Outlook.seconds(runs.mean()) * counts.jobs() / attempts;
    }
  }

  /** For a few numbers of boxes that would help; none if the backlog needs none, or it is empty. */
  public static List<MoreBoxes> of(Outlook outlook, NewBox box) {
    boolean canHelp =
        switch (outlook.trend()) {
          case EMPTY, UNKNOWN, OLD -> false;
          case SHRINKING, STEADY, GROWING -> true;
        };
    if (!canHelp) {
      return List.of();
    }
    // Against a backlog that grows it takes so many for it to shrink at all.
    double least = Math.floor(Math.max(0, -outlook.drained()) / box.messagesPerSecond()) + 1;
    List<MoreBoxes> all = new ArrayList<>();
    Duration before = outlook.emptyIn().map(Span::about).orElse(null);
    for (int step : STEPS) {
      if (least * step > MAX_BOXES) {
        break;
      }
      MoreBoxes more = with((int) (least * step), outlook, box);
      Duration done = more.done().about();
      if (done.compareTo(FOREVER) > 0) {
        continue;
      }
      if (before != null && done.toMillis() > before.toMillis() * WORTH_IT) {
        break;
      }
      all.add(more);
      before = done;
    }
    return List.copyOf(all);
  }

  private static MoreBoxes with(int boxes, Outlook outlook, NewBox box) {
    double boot = Outlook.seconds(box.boot());
    double left =
        Math.max(0, outlook.messages() - outlook.drained() * Outlook.seconds(outlook.age()));
    double leftAfterBoot = left - outlook.drained() * boot;
    double perSecond = outlook.drained() + boxes * box.messagesPerSecond();
    Span done =
        leftAfterBoot <= 0
            ? Span.of(left, outlook.drained(), outlook.margin())
            : Span.of(leftAfterBoot, perSecond, outlook.margin())
                .after(box.boot())
                .atLeast(box.boot().plus(box.oneJob()));
    return new MoreBoxes(boxes, done, dollars(boxes, done.about(), box.hour()));
  }

  private static @Nullable Usd dollars(int boxes, Duration time, @Nullable BigDecimal hour) {
    if (hour == null) {
      return null;
    }
    Duration billed = time.compareTo(MIN_BILLED) > 0 ? time : MIN_BILLED;
    BigDecimal hours =
        BigDecimal.valueOf(billed.toMillis())
            .divide(BigDecimal.valueOf(HOUR_MILLIS), MathContext.DECIMAL64);
    return new Usd(hour.multiply(hours).multiply(BigDecimal.valueOf(boxes)));
  }
}
