package com.amazonaws.jobprocessor.bench.sqs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A standard queue, which happens to keep the order. The time of each call is given, in nanoseconds
 * of {@link System#nanoTime}.
 */
final class MessageQueue {
  private record Timer(long due, Message message, int generation) {}

  private final String name;
  private final QueueAttributes attributes;
  private final Digests digests;
  private final @Nullable Sink sink;
  private final List<Message> messages = new ArrayList<>();
  private final ArrayDeque<Message> visible = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::due));
  private int inFlight;
  private int delayed;
  private int deleted;
  private int expired;
  private int staleDeletes;
  private long lastArrivalNanos;

  MessageQueue(String name, QueueAttributes attributes, Digests digests) {
    this(name, attributes, digests, null);
  }

  /**
   * A queue.
   *
   * @param sink counts what is sent, instead of which nothing is kept; null for a usual queue
   */
  MessageQueue(String name, QueueAttributes attributes, Digests digests, @Nullable Sink sink) {
    this.name = name;
    this.attributes = attributes;
    this.digests = digests;
    this.sink = sink;
  }

  @Nullable Sink sink() {
    return sink;
  }

  String name() {
    return name;
  }

  QueueAttributes attributes() {
    return attributes;
  }

  Message send(String body, List<Attribute> messageAttributes, int delaySeconds, long now) {
    Message message = new Message(messages.size(), body, digests.ofBody(body), messageAttributes);
    lastArrivalNanos = now;
    if (sink != null) {
      sink.add(body, messageAttributes);
      return message;
    }
    messages.add(message);
    if (delaySeconds > 0) {
      message.state = Message.State.DELAYED;
      delayed++;
      time(message, now, delaySeconds);
    } else {
      visible.add(message);
    }
    return message;
  }

  private void time(Message message, long now, int seconds) {
    message.due = now + TimeUnit.SECONDS.toNanos(seconds);
    timers.add(new Timer(message.due, message, message.generation));
  }

  boolean hasVisible() {
    return !visible.isEmpty();
  }

  /** Takes up to so many messages, which are then in flight. */
  List<Message> receive(int max, int visibilitySeconds, long now) {
    List<Message> taken = new ArrayList<>(Math.min(max, visible.size()));
    int count = Math.min(max, visible.size());
    while (taken.size() < count) {
      Message message = visible.remove();
      message.receives++;
      message.generation++;
      if (message.receives == 1) {
        message.firstReceivedMillis = System.currentTimeMillis();
      }
      message.state = Message.State.IN_FLIGHT;
      inFlight++;
      taken.add(message);
      time(message, now, visibilitySeconds);
    }
    return taken;
  }

  /** Deletes the message, also by a handle of an earlier receive, as standard queues mostly do. */
  void delete(String handle) {
    int[] read = Message.readHandle(handle);
    Message message = find(read[0]);
    if (message.state == Message.State.DELETED) {
      return;
    }
    if (message.generation != read[1]) {
      staleDeletes++;
    }
    switch (message.state) {
      case IN_FLIGHT -> inFlight--;
      case DELAYED -> delayed--;
      default -> visible.remove(message);
    }
    change(message, Message.State.DELETED);
    deleted++;
  }

  private Message find(int index) {
    if (index < 0 || index >= messages.size()) {
      throw SqsError.invalidHandle();
    }
    return messages.get(index);
  }

  private static void change(Message message, Message.State state) {
    message.state = state;
    message.generation++;
  }

  /** Changes the time for which a message that is in flight stays so; its handle stays good. */
  void changeVisibility(String handle, int seconds, long now) {
    int[] read = Message.readHandle(handle);
    Message message = find(read[0]);
    if (message.state != Message.State.IN_FLIGHT || message.generation != read[1]) {
      throw SqsError.notInFlight();
    }
    if (seconds > 0) {
      time(message, now, seconds);
    } else {
      inFlight--;
      show(message);
    }
  }

  private void show(Message message) {
    change(message, Message.State.VISIBLE);
    visible.add(message);
  }

  /** Makes visible whatever is due. */
  void expire(long now) {
    for (Timer timer = timers.peek();
        timer != null && timer.due() - now <= 0;
        timer = timers.peek()) {
      timers.remove();
      Message message = timer.message();
      if (message.generation != timer.generation() || message.due != timer.due()) {
        continue;
      }
      if (message.state == Message.State.DELAYED) {
        delayed--;
      } else {
        inFlight--;
        expired++;
      }
      show(message);
    }
  }

  /** The time of the next expiry, if it is before the given one; else that. */
  long nextExpiry(long before) {
    Timer timer = timers.peek();
    return timer != null && timer.due() - before < 0 ? timer.due() : before;
  }

  QueueState state() {
    return new QueueState(
        messages.size(),
        visible.size(),
        inFlight,
        delayed,
        deleted,
        expired,
        staleDeletes,
        lastArrivalNanos);
  }

  List<Message> everything() {
    return List.copyOf(messages);
  }

  static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1;
      }
    }
    return length;
  }
}
