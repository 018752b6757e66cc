package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.List;

/** A call of SQS that takes a batch. */
interface BatchCall<E> {
  /** For the log, e.g. {@code SendMessageBatch}. */
  String action();

  /** For the log. */
  String queue();

  /** Makes the call: an answer for each entry, in their order. */
  List<Answer> send(List<E> batch) throws CallFailed, InterruptedException;
}
