package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the results of a pack's jobs together, if the pack wants that: whatever is ready when the
 * previous send returns, up to 64 KiB a message; a larger one goes alone.
 */
final class ResultPacks {
  /** Messages that are sent side by side; they share batches. */
  private static final int MAX_SIDE_BY_SIDE = 20;

  /** A result, and what came of it. */
  static final class Result {
    private final Job job;
    private final String line;
    private final int bytes;
    private final Supplier<OutgoingMessage> single;
    private volatile @Nullable Sent sent;

    /**
     * A result that is ready.
     *
     * @param single the same as a message of its own
     */
    Result(Job job, String line, Supplier<OutgoingMessage> single) {
      this.job = job;
      this.line = line;
      this.bytes = MessageFormat.utf8Length(line) + 1;
      this.single = single;
    }

    Job job() {
      return job;
    }

    /** What came of it; once {@link #send} has returned. */
    Sent sent() {
      return Objects.requireNonNull(sent);
    }
  }

  /** The results of one pack: one send at a time. */
  private static final class Lane {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private List<Result> ready = new ArrayList<>();
    private boolean sending;
    private int users;
  }

  private final MessageSender sender;
  private final WorkThreads threads;
  private final Map<Message, Lane> lanes = new HashMap<>();

  ResultPacks(MessageSender sender, WorkThreads threads) {
    this.sender = sender;
    this.threads = threads;
  }

  /** Sends results of a pack, with others of it that are ready; waits until all are sent. */
  void send(Message pack, List<Result> results) throws InterruptedException {
    Lane lane = enter(pack);
    lane.lock.lock();
    try {
      lane.ready.addAll(results);
      while (!areSent(results)) {
        if (lane.sending) {
          lane.returned.await();
        } else {
          sendReady(lane);
        }
      }
    } finally {
      lane.lock.unlock();
      leave(pack, lane);
    }
  }

  private static boolean areSent(List<Result> results) {
    for (Result result : results) {
      if (result.sent == null) {
        return false;
      }
    }
    return true;
  }

  private synchronized Lane enter(Message pack) {
    Lane lane = lanes.computeIfAbsent(pack, _ -> new Lane());
    lane.users++;
    return lane;
  }

  private synchronized void leave(Message pack, Lane lane) {
    lane.users--;
    if (lane.users == 0) {
      lanes.remove(pack);
    }
  }

  /** Sends what is ready; the lock is not held meanwhile. */
  private void sendReady(Lane lane) throws InterruptedException {
    List<Result> batch = lane.ready;
    lane.ready = new ArrayList<>();
    lane.sending = true;
    lane.lock.unlock();
    try {
      threads.forAll("results", messages(batch), MAX_SIDE_BY_SIDE, this::send);
    } finally {
      lane.lock.lock();
      lane.sending = false;
      for (Result result : batch) {
        if (result.sent == null) {
          result.sent = Sent.UNKNOWN;
        }
      }
      lane.returned.signalAll();
    }
  }

  private static List<List<Result>> messages(List<Result> results) {
    int frame = MessageFormat.size("", PackFormat.attributes(PackFormat.MAX_JOBS));
    List<List<Result>> messages = new ArrayList<>();
    int room = 0;
    for (Result result : results) {
      if (messages.isEmpty() || result.bytes > room) {
        messages.add(new ArrayList<>());
        room = PackFormat.MAX_RESULT_PACK_BYTES - frame;
      }
      messages.getLast().add(result);
      room -= result.bytes;
    }
    return messages;
  }

  /** If a pack is refused, or a line is too long for a message, each result is sent by itself. */
  private Sent send(List<Result> results) throws InterruptedException {
    int length = results.size();
    for (Result result : results) {
      length += result.line.length();
    }
    StringBuilder body = new StringBuilder(length);
    for (Result result : results) {
      body.append(result.line).append('\n');
    }
    body.setLength(body.length() - 1);
    OutgoingMessage message =
        new OutgoingMessage(body.toString(), PackFormat.attributes(results.size()));
    Sent sent =
        MessageSender.size(message) <= MessageFormat.MAX_BYTES
            ? sender.send(results.getFirst().job, message)
            : new Sent.Refused("", "");
    if (sent instanceof Sent.Refused) {
      threads.forAll("result", results, MAX_SIDE_BY_SIDE, this::sendAlone);
    } else {
      results.forEach(result -> result.sent = sent);
    }
    return sent;
  }

  private Sent sendAlone(Result result) throws InterruptedException {
    Sent sent = sender.sendOrStore(result.job, result.single.get());
    result.sent = sent;
    return sent;
  }
}
