package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.settle.RemainderWriter.Back;
import com.amazonaws.jobprocessor.work.settle.RemainderWriter.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends jobs of a pack back to the backlog, in smaller packs, so that the pack itself can be
 * deleted: those that are to be tried again, and those that were not begun.
 */
public final class Remainders {
  /** For so long a remainder is sent again and again if SQS says no for a reason that may pass. */
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private static final int MAX_SIDE_BY_SIDE = 20;

  /** So that no job of a pack that is taken apart runs before the pack is deleted. */
  private static final Duration APART = Duration.ofSeconds(5);

  private static final String SEND = "SendMessageBatch";

  private static final Logger log = LoggerFactory.getLogger(Remainders.class);

  /** The next pack will hardly fare better: so long its refusal need not be told. */
  private static final long REMINDER = Duration.ofMinutes(10).toNanos();

  private final String queue;
  private final MessageSender sender;
  private final RemainderWriter writer;
  private final WorkerRuntime runtime;
  private @Nullable String toldCode;
  private long toldAt;

  /**
   * Sends to the given queue, which is the backlog.
   *
   * @param table true if there is a job table, whose records go on
   */
  public Remainders(OutputQueue backlog, PayloadStore store, boolean table, WorkerRuntime runtime) {
    this.queue = backlog.name();
    this.sender = new MessageSender(backlog, store, MAX_WAIT, () -> 0, runtime);
    this.writer = new RemainderWriter(table);
    this.runtime = runtime;
  }

  /**
   * How long a pack of so many jobs waits that is taken apart: a second more for each round of
   * parts, since the delay counts from the first and SQS may be slow.
   */
  public static Duration delayApart(int jobs) {
    return APART.plusSeconds(jobs / MAX_SIDE_BY_SIDE);
  }

  /**
   * Sends jobs back, to be delivered after the delay; waits until SQS has them. If it will not have
   * them, the log says so.
   *
   * @return what came of those that it does not have, and which it has
   */
  Returned send(Message pack, List<Back> jobs, Duration delay) throws InterruptedException {
    int delaySecs = Math.toIntExact(cut(delay).toSeconds());
    Returned all = send(pack, jobs, pack.isDissolving(), delaySecs);
    switch (all.sent()) {
      case Sent.Refused no -> refused(no.code(), no.message());
      case Sent.GivenUp no -> refused(no.code(), no.message());
      case Sent.Accepted _, Sent.Expired _, Sent.Unknown _ -> {}
    }
    return all;
  }

  private void refused(String code, String words) {
    if (!isNews(code, runtime.now())) {
      return;
    }
    String right = new Outage.Failing(Service.SQS, SEND, queue, code).missingRight();
    log.atWarn()
        .addKeyValue("queue", queue)
        .addKeyValue("error", code)
        .addKeyValue("message", words)
        .log(
            "jobs of a pack cannot be sent back to the backlog"
                + (right == null ? "" : ", for which the worker needs the right " + right)
                + "; the pack goes back as it is, and another worker may run again what has ended");
  }

  private synchronized boolean isNews(String code, long now) {
    if (code.equals(toldCode) && now - toldAt < REMINDER) {
      return false;
    }
    toldCode = code;
    toldAt = now;
    return true;
  }

  /** What SQS has of a pack that was sent back in parts. */
  record Returned(Sent sent, List<Back> accepted) {
    private static Returned of(List<Returned> parts) {
      Sent sent = Sent.ACCEPTED;
      List<Back> accepted = new ArrayList<>();
      for (Returned part : parts) {
        sent = sent instanceof Sent.Accepted ? part.sent : sent;
        accepted.addAll(part.accepted);
      }
      return new Returned(sent, accepted);
    }
  }

  private Returned send(Message pack, List<Back> jobs, boolean apart, int delaySecs)
      throws InterruptedException {
    List<Part> parts = writer.write(pack, jobs, apart, delaySecs);
    return Returned.of(
        runtime
            .threads()
            .forAll("remainder", parts, MAX_SIDE_BY_SIDE, part -> send(pack, part, delaySecs)));
  }

  /** The queue may take less than SQS does: then halves of it may fit, or a line as it came. */
  private Returned send(Message pack, Part part, int delaySecs) throws InterruptedException {
    List<Back> jobs = part.jobs();
    Job first = jobs.getFirst().job();
    Sent sent = sender.send(first, part.message());
    if (sent instanceof Sent.Refused && jobs.size() > 1) {
      int half = jobs.size() / 2;
      return Returned.of(
          List.of(
              send(pack, jobs.subList(0, half), false, delaySecs),
              send(pack, jobs.subList(half, jobs.size()), false, delaySecs)));
    }
    OutgoingMessage shorter =
        sent instanceof Sent.Refused ? writer.asItCame(pack, jobs.getFirst(), delaySecs) : null;
    if (shorter != null && shorter.body().length() < part.message().body().length()) {
      sent = sender.send(first, shorter);
    }
    return new Returned(sent, sent instanceof Sent.Accepted ? jobs : List.of());
  }

  /** A delay as SQS takes it: whole seconds, and no more than a message may be delayed. */
  static Duration cut(Duration delay) {
    long seconds = delay.plusNanos(999_999_999).toSeconds();
    return Duration.ofSeconds(Math.min(seconds, OutgoingMessage.MAX_DELAY_SECS));
  }

  /** Messages that wait to be sent. */
  int waiting() {
    return sender.waiting();
  }
}
