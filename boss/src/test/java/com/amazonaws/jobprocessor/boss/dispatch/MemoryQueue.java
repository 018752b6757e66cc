package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A queue in memory that answers as a test wants. */
final class MemoryQueue implements OutputQueue, Backlog {
  final List<List<OutgoingMessage>> calls = new ArrayList<>();
  final List<Delivery> waiting = new ArrayList<>();
  final List<String> deleted = new ArrayList<>();
  Function<OutgoingMessage, Answer> answer = message -> Answer.ACCEPTED;
  @Nullable CallFailed failure;

  /** The job id that a message has, or an empty one. */
  static String jobId(OutgoingMessage message) {
    Attribute id = message.attributes().get(MessageFormat.JOB_ID);
    return id == null || id.text() == null ? "" : id.text();
  }

  static CallFailed failed(CallFailed.Kind kind) {
    return new CallFailed("Code", "why", kind, new IllegalStateException());
  }

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public List<Answer> send(List<OutgoingMessage> messages) throws CallFailed {
    calls.add(messages);
    if (failure != null) {
      throw failure;
    }
    return messages.stream().map(answer).toList();
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease) {
    List<Delivery> some = List.copyOf(waiting.subList(0, Math.min(max, waiting.size())));
    return some;
  }

  @Override
  public List<Answer> changeVisibility(List<VisibilityChange> changes) {
    throw new AssertionError("nobody asks for it");
  }

  @Override
  public List<Answer> delete(List<String> receiptHandles) {
    deleted.addAll(receiptHandles);
    waiting.removeIf(message -> receiptHandles.contains(message.receiptHandle()));
    return receiptHandles.stream().map(handle -> Answer.ACCEPTED).toList();
  }
}
