package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.letters.Backlogs;
import com.amazonaws.jobprocessor.client.letters.Reach;
import com.amazonaws.jobprocessor.client.letters.SendingBack;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The letters that one call sends back, and why some are not. */
final class Returning extends SendingBack {
  private final Map<String, String> reasons = new LinkedHashMap<>();

  /**
   * Of a dead-letter queue.
   *
   * @param backlogs that letters go back to
   */
  Returning(Reach reach, Backlogs backlogs) {
    super(reach, backlogs, line -> {});
  }

  /**
   * Where the letters of a queue go back to.
   *
   * @param backlog of letters that do not name theirs; null for none
   */
  static Backlogs backlogs(Reach reach, String queue, @Nullable String backlog) {
    return new Backlogs(
        reach,
        new Backlogs.Named(
            queue,
            true,
            backlog == null ? "" : backlog,
            backlog != null,
            "the builder's backlog",
            "the region"));
  }

  @Override
  protected void refused(String jobId, String reason) {
    reasons.put(jobId, reason);
  }

  /** By job id why a letter was not sent back. */
  Map<String, String> reasons() {
    return reasons;
  }
}
