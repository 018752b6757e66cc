package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.read.Strangers;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of {@link Results}: receives, hands over, deletes and gives back. */
final class Collecting {
  /** What cannot be read may be readable later, or by somebody else. */
  private static final int UNREADABLE_SECS = 30;

  /** Another thread of ours hands over its copy; it will be known then. */
  private static final int IN_HAND_SECS = 2;

  /** What all calls share. */
  record Setup(
      @Nullable PayloadObjects payloads, boolean deadLetters, Results.@Nullable Listener told) {}

  /** What the call wants; of all jobs if {@code jobIds} is null. */
  record Wanted(@Nullable Set<String> jobIds, Results.Callback callback) {
    boolean isOurs(String jobId) {
      return jobIds == null || jobIds.contains(jobId);
    }
  }

  /** What becomes of a message; of a pack the last that holds for a part of it. */
  private enum Fate {
    /** Deleted. */
    DONE,
    /** Shown to its readers. */
    ANOTHERS,
    IN_HAND,
    UNREADABLE,
    /** Given back. */
    FAILED
  }

  /** Messages by what becomes of them. */
  private static final class Sorted {
    private final Map<Fate, List<Delivery>> messages = new EnumMap<>(Fate.class);

    List<Delivery> of(Fate fate) {
      return messages.computeIfAbsent(fate, f -> new ArrayList<>());
    }
  }

  private final Inbox inbox;
  private final Setup setup;
  private final HandedOver handed;
  private final Wanted wanted;
  private final Strangers strangers = new Strangers();
  private final Backoff waits = new Backoff();
  private Duration pause = Duration.ZERO;
  private long lastCame = System.nanoTime();
  private boolean comes = true;
  private long count;

  /** The failure that ends the call, since nobody else is told. */
  private @Nullable ClientException failure;

  Collecting(Inbox inbox, Setup setup, HandedOver handed, Wanted wanted) {
    this.inbox = inbox;
    this.setup = setup;
    this.handed = handed;
    this.wanted = wanted;
  }

  /** How many ends were handed over. */
  long count() {
    return count;
  }

  /**
   * For how many nanoseconds nothing has come; 0 until a receive brings nothing, however long it
   * takes to deal with what the last one has brought.
   */
  long quiet() {
    return comes ? 0 : System.nanoTime() - lastCame;
  }

  /** How long to wait before the next receive: nothing unless the callback wants none. */
  Duration pause() {
    return pause;
  }

  /**
   * Receives once and deals with what that brings.
   *
   * @param wait long polling
   */
  void next(Duration wait) throws CallFailed, InterruptedException {
    List<Delivery> messages = inbox.receive(strangers.patience(wait));
    Sorted fates = new Sorted();
    @Nullable InterruptedException interrupted = null;
    for (Delivery message : messages) {
      try {
        fates.of(failure == null && interrupted == null ? take(message) : Fate.FAILED).add(message);
      } catch (InterruptedException e) {
        interrupted = e;
        fates.of(Fate.FAILED).add(message);
      }
    }
    settle(fates, messages.size());
    comes = !messages.isEmpty();
    if (comes) {
      lastCame = System.nanoTime();
    }
    if (interrupted != null) {
      throw interrupted;
    }
    if (failure != null) {
      throw failure;
    }
    if (fates.of(Fate.FAILED).isEmpty() || !fates.of(Fate.DONE).isEmpty()) {
      waits.worked();
      pause = Duration.ZERO;
    } else {
      pause = Duration.ofNanos(waits.failed());
      inbox.settle(List.of(), strangers.hide(0, List.of())); // others do not wait for this pause
    }
  }

  private void settle(Sorted fates, int received) throws CallFailed, InterruptedException {
    List<Delivery> done = fates.of(Fate.DONE);
    inbox.settle(done, strangers.hide(received, fates.of(Fate.ANOTHERS)));
    deletePayloads(done);
    inbox.showIn(0, fates.of(Fate.FAILED));
    inbox.showIn(IN_HAND_SECS, fates.of(Fate.IN_HAND));
    inbox.showIn(UNREADABLE_SECS, fates.of(Fate.UNREADABLE));
  }

  private Fate take(Delivery message) throws InterruptedException {
    if (setup.deadLetters()) {
      return wanted.isOurs(Messages.jobId(message))
          ? handLetter(message, JobEnd.ofLetter(message, message.body()))
          : takeJobsOfPack(message);
    }
    JobResult.Contents contents = JobResult.in(message);
    Fate all = Fate.DONE;
    for (JobResult result : contents.readable()) {
      Fate fate =
          !wanted.isOurs(result.jobId())
              ? Fate.ANOTHERS
              : failure != null
                  ? Fate.FAILED
                  : hand(
                      message,
                      JobEnd.of(result, result.body()),
                      end -> HandedOver.marks(result, end.body()));
      all = fate.compareTo(all) > 0 ? fate : all;
    }
    for (JobResult.Unreadable part : contents.unreadable()) {
      if (wanted.jobIds() != null) {
        return all == Fate.DONE ? Fate.ANOTHERS : all;
      }
      String where = part.line() == 0 ? "" : "line " + part.line() + ": ";
      cannotRead(message.messageId(), new ClientException(where + part.why()));
      all = all == Fate.FAILED ? all : Fate.UNREADABLE;
    }
    return all;
  }

  /** Of a refused pack, which stays: it can be sent back only as a whole. */
  private Fate takeJobsOfPack(Delivery letter) throws InterruptedException {
    Fate all = Fate.ANOTHERS;
    for (Messages.PackedJob job : Messages.packedJobs(letter)) {
      if (wanted.isOurs(job.id())) {
        Fate fate = failure != null ? Fate.FAILED : handLetter(letter, JobEnd.ofLine(letter, job));
        all = fate.compareTo(all) > 0 ? fate : all;
      }
    }
    return all;
  }

  private Fate handLetter(Delivery letter, JobEnd end) throws InterruptedException {
    return hand(letter, end, each -> HandedOver.marks(letter, each));
  }

  private Fate hand(Delivery message, JobEnd end, Function<JobEnd, List<String>> marking)
      throws InterruptedException {
    return Messages.isPointer(message)
        ? once(marking.apply(end), () -> fetchAndHand(message, end, marking))
        : once(marking.apply(end), () -> call(end));
  }

  private interface Handing {
    Fate hand() throws InterruptedException;
  }

  /** Hands over what is not known yet, by the marks of what its message says. */
  private Fate once(List<String> marks, Handing handing) throws InterruptedException {
    HandedOver.Standing standing = handed.begin(marks);
    if (standing != HandedOver.Standing.NEW) {
      return standing == HandedOver.Standing.DONE ? Fate.DONE : Fate.IN_HAND;
    }
    Fate fate = Fate.FAILED;
    try {
      fate = handing.hand();
    } finally {
      handed.ended(marks, fate == Fate.DONE);
    }
    return fate;
  }

  /** The copy of what was deleted has no payload any more; another may have one of its own. */
  private Fate fetchAndHand(Delivery message, JobEnd end, Function<JobEnd, List<String>> marking)
      throws InterruptedException {
    JobEnd whole;
    try {
      whole = fetch(message, end);
    } catch (ClientException e) {
      cannotRead(end.jobId(), e);
      return Fate.UNREADABLE;
    }
    return once(marking.apply(whole), () -> call(whole));
  }

  private Fate call(JobEnd end) throws InterruptedException {
    try {
      wanted.callback().accept(end);
      count++;
      return Fate.DONE;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      String what = "the callback failed for job " + end.jobId() + ": " + e;
      tell(end.jobId(), e, new ClientException(what, e));
      return Fate.FAILED;
    }
  }

  private void cannotRead(String jobId, ClientException e) {
    tell(jobId, e, new ClientException("job " + jobId + " cannot be read: " + e.getMessage(), e));
  }

  private void tell(String jobId, Exception e, ClientException inWords) {
    Results.Listener told = setup.told();
    if (told != null) {
      told.failed(jobId, e);
    } else if (failure == null) {
      failure = inWords;
    }
  }

  private JobEnd fetch(Delivery message, JobEnd end) throws InterruptedException {
    PayloadObjects payloads = setup.payloads();
    if (payloads == null) {
      throw new ClientException("it is in S3, and no payload bucket was named");
    }
    String body = Aws.fetch(payloads, message.body());
    return new JobEnd(end.jobId(), body, end.attempts(), end.took(), end.workerId(), end.failure());
  }

  private void deletePayloads(List<Delivery> deleted) throws InterruptedException {
    PayloadObjects payloads = setup.payloads();
    if (payloads != null) {
      // what is left is the bucket's lifecycle rule's
      payloads.delete(deleted.stream().filter(Messages::isPointer).map(Delivery::body).toList());
    }
  }
}
