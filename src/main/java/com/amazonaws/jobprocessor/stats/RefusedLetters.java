package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.work.call.WorkEvent.DeadLetterRefused;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines about dead letters that their queue refuses: each job's first at once, 60 a minute; the
 * rest by the minute, in SQS's own words.
 */
final class RefusedLetters {
  private static final Logger log = LoggerFactory.getLogger(RefusedLetters.class);
  private static final int MAX_LINES = 60;
  private static final int MAX_REASONS = 20;
  private static final int MAX_JOBS = 10_000;

  private final UnaryOperator<String> shown;
  private final Map<Reason, Integer> unlogged = new LinkedHashMap<>();
  private final Map<String, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_JOBS;
        }
      };
  private int logged;

  private record Reason(String queue, String code, String message) {
    /** What further reasons without end are summed as. */
    private Reason other() {
      return new Reason(queue, "other", "for other reasons");
    }
  }

  /**
   * Nothing was refused yet.
   *
   * @param shown makes a text fit for the log
   */
  RefusedLetters(UnaryOperator<String> shown) {
    this.shown = shown;
  }

  void log(DeadLetterRefused letter) {
    Reason reason = new Reason(letter.queue(), letter.code(), shown.apply(letter.message()));
    synchronized (this) {
      if (logged >= MAX_LINES || told.putIfAbsent(letter.failure().jobId(), true) != null) {
        boolean known = unlogged.size() < MAX_REASONS || unlogged.containsKey(reason);
        unlogged.merge(known ? reason : reason.other(), 1, Integer::sum);
        return;
      }
      logged++;
    }
    log.atWarn()
        .addKeyValue("job_id", letter.failure().jobId())
        .addKeyValue("queue", reason.queue())
        .addKeyValue("error", reason.code())
        .addKeyValue("message", reason.message())
        .addKeyValue("retry_after_secs", letter.delay().toSeconds())
        .log("the dead-letter queue refuses a dead letter; the job goes back to the backlog");
  }

  void nextMinute() {
    Map<Reason, Integer> sums;
    synchronized (this) {
      logged = 0;
      sums = new LinkedHashMap<>(unlogged);
      unlogged.clear();
    }
    sums.forEach(
        (reason, count) ->
            log.atWarn()
                .addKeyValue("queue", reason.queue())
                .addKeyValue("error", reason.code())
                .addKeyValue("message", reason.message())
                .addKeyValue("refused", count)
                .log(
                    "dead letters were refused in the last minute; their jobs stay in the backlog"));
  }
}
