package com.amazonaws.jobprocessor.bench.sqs;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Answers receives, at once or when messages come; long polling is here. */
final class Receives {
  private static final int LONGEST_WAIT = 20;

  private final Digests digests;
  private final LongConsumer payload;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private boolean held;

  /**
   * Those of all queues.
   *
   * @param payload is told how many bytes each answer carries
   */
  Receives(Digests digests, LongConsumer payload) {
    this.digests = digests;
    this.payload = payload;
  }

  /** From now on, receives wait even if there are messages; until {@code false}. */
  void hold(boolean on) {
    held = on;
  }

  void receive(MessageQueue queue, JsonObject request, String caller, Reply reply, long now) {
    int max = request.number("MaxNumberOfMessages", 1);
    int seconds = request.number("WaitTimeSeconds", queue.attributes().waitSeconds());
    if (max < 1 || max > Batch.MOST || seconds < 0 || seconds > LONGEST_WAIT) {
      throw SqsError.invalidParameter("MaxNumberOfMessages or WaitTimeSeconds is out of range");
    }
    Waiting.Receive receive =
        new Waiting.Receive(
            queue,
            max,
            request.number("VisibilityTimeout", queue.attributes().visibilitySeconds()),
            request.texts("MessageAttributeNames"),
            !request.texts("AttributeNames").isEmpty()
                || !request.texts("MessageSystemAttributeNames").isEmpty());
    if (seconds == 0 || (!held && queue.hasVisible())) {
      answer(reply, receive, now);
    } else {
      waiting.add(new Waiting(reply, caller, receive, now + TimeUnit.SECONDS.toNanos(seconds)));
    }
  }

  private void answer(Reply reply, Waiting.Receive receive, long now) {
    List<Message> messages =
        held ? List.of() : receive.queue().receive(receive.max(), receive.visibilitySeconds(), now);
    payload.accept(messages.stream().mapToLong(Message::bytes).sum());
    StringBuilder json = new StringBuilder(messages.size() * 512 + 16).append('{');
    if (!messages.isEmpty()) {
      json.append("\"Messages\":[");
      for (Message message : messages) {
        message.write(json, receive.attributeNames(), receive.system(), digests);
      }
      json.append(']');
    }
    reply.ok(json.append('}').toString());
  }

  /** Answers what can be answered: there are messages, or the wait is over. */
  void serve(long now) {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> all = List.copyOf(waiting);
    waiting.clear(); // an answered connection may bring its next receive
    for (Waiting next : all) {
      if (!next.reply().isOpen()) {
        continue;
      }
      if (next.deadline() - now <= 0 || (!held && next.receive().queue().hasVisible())) {
        answer(next.reply(), next.receive(), now);
      } else {
        waiting.add(next);
      }
    }
  }

  /** The time of the first end of a wait, if it is before the given one; else that. */
  long nextDeadline(long before) {
    long next = before;
    for (Waiting one : waiting) {
      next = one.deadline() - next < 0 ? one.deadline() : next;
    }
    return next;
  }

  /** The callers of which at least one receive waits. */
  List<String> callers() {
    return waiting.stream()
        .filter(w -> w.reply().isOpen())
        .map(Waiting::caller)
        .distinct()
        .toList();
  }
}
