package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import com.amazonaws.jobprocessor.boss.store.Throughput;
import com.amazonaws.jobprocessor.boss.store.Throughput.Minute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How it stands at a moment: what the overview shows and refreshes.
 *
 * @param numbers of the tasks; null while they are being counted
 * @param batches the newest
 */
record Pulse(
    Instant at, @Nullable Numbers numbers, Settings.Dispatch set, List<Census.Batch> batches) {
  /** Nothing that is older stands on a page without saying so. */
  static final Duration OLD = Duration.ofSeconds(2);

  private static final String NOT_YET = "–";
  private static final String COUNTING = "being counted";

  /**
   * What takes long to find out where there are many tasks.
   *
   * @param counts of the tasks, which may be a little older
   * @param outlook of the planner, which says when all is done
   * @param minutes what ended in each of the last
   */
  record Numbers(Census.Counts counts, Outlook outlook, List<Minute> minutes) {}

  /** A number with its name. */
  record Tile(String name, String state, String value, String detail) {}

  private long count(TaskState state) {
    return numbers == null ? 0 : numbers.counts().total().getOrDefault(state.text(), 0L);
  }

  /** Tasks that have not ended. */
  long open() {
    return count(TaskState.WAITING) + count(TaskState.SENDING) + count(TaskState.DISPATCHED);
  }

  /** True if there are no tasks. */
  boolean isEmpty() {
    return numbers != null && all(numbers.counts()) == 0;
  }

  private static long all(Census.Counts counts) {
    return counts.total().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The numbers, by state. */
  List<Tile> tiles() {
    return List.of(
        tile("Waiting", TaskState.WAITING, "to go out"),
        tile("With the workers", TaskState.DISPATCHED, "in the queue or running" + sending()),
        tile("Succeeded", TaskState.SUCCEEDED, share(TaskState.SUCCEEDED)),
        tile("Failed", TaskState.FAILED, share(TaskState.FAILED)),
        tile("Unanswered", TaskState.UNANSWERED, "a person must decide"),
        tile("Cancelled", TaskState.CANCELLED, "taken out"));
  }

  private Tile tile(String name, TaskState state, String detail) {
    return new Tile(name, state.text(), words(count(state)), detail);
  }

  /** Those that are in no list of this tile, nor of another. */
  private String sending() {
    long sending = count(TaskState.SENDING);
    return sending == 0 ? "" : "; " + Words.count(sending) + " on their way there";
  }

  private String words(long count) {
    return numbers == null ? NOT_YET : Words.count(count);
  }

  private String share(TaskState state) {
    if (numbers == null) {
      return COUNTING;
    }
    long all = all(numbers.counts());
    return all == 0 ? "none yet" : Words.percent(count(state) / (double) all) + " of all";
  }

  /** How fast it goes, in a few words. */
  String rate() {
    if (numbers == null) {
      return NOT_YET;
    }
    double rate = Throughput.perSecond(numbers.minutes(), at);
    if (rate == 0) {
      return "0";
    }
    return rate >= 1 ? Words.number(rate) + "/s" : Words.number(rate * 60) + "/min";
  }

  /** When all will be done. */
  Optional<Instant> end() {
    return numbers == null || open() == 0 || set.paused()
        ? Optional.empty()
        : Optional.ofNullable(numbers.outlook().plan().doneAt());
  }

  /** Why there is no estimate, in a few words. */
  String noEnd() {
    if (numbers == null) {
      return "the tasks are being counted";
    }
    if (open() == 0) {
      return isEmpty() ? "no tasks yet" : "all done";
    }
    if (set.paused()) {
      return "paused";
    }
    return numbers.outlook().pace().isMeasured()
        ? "not in sight"
        : "too few have ended lately to tell";
  }

  /** What the dispatch does: a word that is also a class of the style sheet. */
  String mood() {
    if (set.paused()) {
      return "warning";
    }
    return set.hours().isOpen(at) ? "good" : "calm";
  }

  /** The same in words. */
  String dispatch() {
    if (set.paused()) {
      return "Paused";
    }
    return set.hours().isOpen(at) ? "Dispatching" : "Closed";
  }

  /** When the hours change that, if they do. */
  String until() {
    if (set.paused()) {
      return "No task goes out until somebody starts it.";
    }
    String zone = set.hours().zone().getId();
    if (set.hours().isOpen(at)) {
      return set.hours()
          .nextClosing(at)
          .map(end -> "The hours end " + Words.relative(end, at) + ", at " + local(end) + ".")
          .orElse("At every hour of the week.");
    }
    return set.hours()
        .nextOpening(at)
        .map(
            start ->
                "Opens " + Words.relative(start, at) + ", at " + local(start) + " " + zone + ".")
        .orElse("There are no hours in which tasks may go out.");
  }

  private String local(Instant instant) {
    return instant.atZone(set.hours().zone()).toLocalTime().toString().substring(0, 5);
  }

  /** How old the counts are, if they will be old before the next pulse; else empty. */
  String age() {
    if (numbers == null) {
      return "the tasks are being counted";
    }
    Instant counted = numbers.counts().at();
    return Duration.between(counted, at).plus(Pulses.EVERY).compareTo(OLD) <= 0
        ? ""
        : "counted " + Words.relative(counted, at.plusMillis(999));
  }

  Chart chart() {
    return Chart.of(numbers == null ? List.of() : numbers.minutes(), at);
  }

  /** What there is in place of a chart with nothing in it. */
  String noChart() {
    return numbers == null
        ? "The tasks are being counted."
        : "When tasks end, they are drawn here.";
  }

  /** The batches with how far they are. */
  List<Progress> progress() {
    return batches.stream().map(batch -> Progress.of(batch, numbers)).toList();
  }

  /**
   * How far a batch is, in words.
   *
   * @param good the share that succeeded, as SVG has it
   * @param bad the share that failed or needs a person
   */
  record Progress(
      Census.Batch batch, String ended, String failed, String percent, String good, String bad) {
    static Progress of(Census.Batch batch, @Nullable Numbers numbers) {
      return numbers == null
          ? new Progress(batch, NOT_YET, NOT_YET, COUNTING, "0", "0")
          : of(batch, numbers.counts().of(batch.id()), numbers.counts().at());
    }

    private static Progress of(Census.Batch batch, Map<String, Long> counts, Instant countedAt) {
      long succeeded = counts.getOrDefault(TaskState.SUCCEEDED.text(), 0L);
      long failed = counts.getOrDefault(TaskState.FAILED.text(), 0L);
      long cancelled = counts.getOrDefault(TaskState.CANCELLED.text(), 0L);
      long kept = counts.values().stream().mapToLong(Long::longValue).sum();
      // What is not kept any more has ended; the counts may be older than the batch.
      boolean counted = kept > 0 || batch.createdAt().isBefore(countedAt);
      long gone = counted ? Math.max(0, batch.tasks() - kept) : 0;
      long ended = succeeded + failed + cancelled + gone;
      return new Progress(
          batch,
          Words.count(ended),
          Words.count(failed),
          Words.percent(batch.tasks() == 0 ? 1 : ended / (double) batch.tasks()),
          share(succeeded, batch.tasks()),
          share(succeeded + failed, batch.tasks()));
    }

    private static String share(long part, long all) {
      return String.format(Locale.ROOT, "%.1f", all == 0 ? 0 : Math.min(100.0, part * 100.0 / all));
    }
  }
}
