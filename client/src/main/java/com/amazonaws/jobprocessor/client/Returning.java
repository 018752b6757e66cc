package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.letters.Backlogs;
import com.amazonaws.jobprocessor.client.letters.RecordedBefore;
import com.amazonaws.jobprocessor.client.letters.SendingBack;
import com.amazonaws.jobprocessor.client.letters.SentBefore;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The letters that one call sends back, and why some are not. */
final class Returning extends SendingBack {
  private final Map<String, String> reasons = new LinkedHashMap<>();

  private Returning(Backlogs backlogs, SentBefore before) {
    super(backlogs, null, line -> {}, before);
  }

  /**
   * Of a dead-letter queue.
   *
   * @param backlog where those go back to that name none; null if they are refused
   * @param table the job table; null without one
   */
  static Returning from(
      Aws aws, String deadLetters, @Nullable String backlog, @Nullable String table) {
    Retry retry = new Retry(Halt.never());
    Backlogs.Named named =
        new Backlogs.Named(
            deadLetters,
            true,
            backlog == null ? "" : backlog,
            backlog != null,
            "the builder's backlog",
            "the region");
    SentBefore before =
        table == null
            ? SentBefore.UNKNOWN
            : new RecordedBefore(
                queue -> aws.make(session -> session.jobTable(table, queue)), retry);
    return new Returning(new Backlogs(name -> sender(aws, retry, name), named), before);
  }

  private static Optional<Sender> sender(Aws aws, Retry retry, String name)
      throws CallFailed, InterruptedException {
    var queues = aws.make(session -> session.queues());
    return retry
        .call(() -> queues.find(name))
        .map(found -> new Sender(aws.make(s -> s.output(found)), Halt.never(), () -> {}));
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
