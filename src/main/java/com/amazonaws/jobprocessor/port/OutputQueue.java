package com.amazonaws.jobprocessor.port;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import java.util.List;

/**
 * Port: a queue that messages are sent to; one for results and one for dead letters. No call is
 * repeated inside.
 */
public interface OutputQueue {
  /** The queue's name, for the log. */
  String name();

  /**
   * Sends messages.
   *
   * @param messages 1 to 10, together at most {@link MessageFormat#MAX_BYTES}
   * @return an answer for each message, in their order
   * @throws CallFailed if there is no answer (the messages may have been accepted), or if the batch
   *     was refused as a whole
   */
  List<Answer> send(List<OutgoingMessage> messages) throws CallFailed, InterruptedException;
}
