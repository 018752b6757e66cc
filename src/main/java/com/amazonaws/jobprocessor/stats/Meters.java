package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Usage;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.util.function.LongSupplier;

/**
 * What a worker has used.
 *
 * @param requests to the queues, for messages
 * @param othersAnswered other calls of SQS that were answered with success
 * @param othersFailed those that were not
 * @param tableUnits write units that DynamoDB has charged
 */
public record Meters(
    Requests requests,
    LongSupplier othersAnswered,
    LongSupplier othersFailed,
    LongSupplier tableUnits,
    ObjectCounts objects) {
  /** Calls of SQS, for whatever. */
  long calls() {
    return requests.made() + others();
  }

  private long others() {
    return othersAnswered.getAsLong() + othersFailed.getAsLong();
  }

  /** What was used so far, the box itself and what is stored left out. */
  public Usage usage() {
    return Usage.NONE
        .plus(Item.RECEIVE, requests.billed(Request.RECEIVE))
        .plus(Item.SEND, requests.billed(Request.SEND))
        .plus(Item.DELETE, requests.billed(Request.DELETE))
        .plus(Item.RENEW, requests.billed(Request.CHANGE_VISIBILITY))
        .plus(Item.OTHER, others())
        .plus(Item.TABLE_WRITES, tableUnits.getAsLong())
        .plus(Item.PUT, objects.puts())
        .plus(Item.GET, objects.gets())
        .plus(Item.REMOVE, objects.deletes());
  }
}
