package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Usage;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;

/**
 * What a worker has used.
 *
 * @param calls all to SQS, those of {@code requests} included
 * @param tableCalls all to DynamoDB, with the units that it has charged
 */
record Meters(Requests requests, SqsCalls calls, SqsCalls tableCalls, ObjectCounts objects) {
  /** What was used so far, the box itself and what is stored left out. */
  Usage usage() {
    return Usage.NONE
        .plus(Item.RECEIVE, requests.billed(Request.RECEIVE))
        .plus(Item.SEND, requests.billed(Request.SEND))
        .plus(Item.DELETE, requests.billed(Request.DELETE))
        .plus(Item.RENEW, requests.billed(Request.CHANGE_VISIBILITY))
        .plus(Item.OTHER, Math.max(0, calls.made() - requests.made()))
        .plus(Item.TABLE_WRITES, tableCalls.units())
        .plus(Item.PUT, objects.puts())
        .plus(Item.GET, objects.gets())
        .plus(Item.REMOVE, objects.deletes());
  }
}
