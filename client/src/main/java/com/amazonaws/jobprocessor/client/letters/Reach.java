package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.ClientException;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is within reach of whoever looks after dead letters.
 *
 * @param jobTable the workers' {@code job_table_name}; null without one
 * @param payloads the workers' payload bucket; null if none was named
 */
public record Reach(
    AwsSession session, Halt halt, @Nullable String jobTable, @Nullable PayloadObjects payloads) {

  /** The sender to a queue, if there is one of that name. */
  Optional<Sender> sender(String queue) throws CallFailed, InterruptedException {
    try {
      var queues = session.queues();
      Optional<SqsQueue> found = new Retry(halt).call(() -> queues.find(queue));
      return found.isPresent()
          ? Optional.of(new Sender(session.output(found.get()), halt, () -> {}))
          : Optional.empty();
    } catch (InvalidEnvironment e) {
      throw new ClientException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The records of a queue's jobs in a table. */
  Records records(String table, String queue) {
    try {
      return new Records(session.jobTable(table, queue), new Retry(halt));
    } catch (InvalidEnvironment e) {
      throw new ClientException(String.valueOf(e.getMessage()), e);
    }
  }
}
