package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.OutputQueue;
import java.util.List;
import java.util.function.Consumer;

/**
 * A queue that hands what is sent to it to a reader in this process.
 *
 * @param reader is called by several threads
 */
record LocalQueue(String name, Consumer<List<Delivery>> reader) implements OutputQueue {
  @Override
  public List<Answer> send(List<OutgoingMessage> messages) {
    reader.accept(
        messages.stream()
            .map(message -> new Delivery("", "", message.body(), message.attributes(), 1))
            .toList());
    return messages.stream().map(_ -> Answer.ACCEPTED).toList();
  }
}
