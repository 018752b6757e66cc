package com.amazonaws.jobprocessor.bench.sqs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Requests with entries that succeed or fail each for itself. */
final class Batch {
  static final int MOST = 10;

  private Batch() {}

  /** What is done with an entry; what it appends goes into the entry's success. */
  interface Each {
    void accept(JsonObject entry, StringBuilder success);
  }

  /**
   * Does all entries.
   *
   * @throws SqsError if the batch as a whole is refused
   */
  static String each(JsonObject request, Each each) {
    List<JsonObject> entries = request.objects("Entries");
    check(entries);
    StringBuilder successful = new StringBuilder("{\"Successful\":[");
    StringBuilder failed = new StringBuilder("[");
    for (JsonObject entry : entries) {
      StringBuilder success = new StringBuilder("{");
      Json.member(success, "Id", entry.need("Id"));
      try {
        each.accept(entry, success);
        Json.separate(successful).append(success).append('}');
      } catch (SqsError e) {
        fail(Json.separate(failed), entry.need("Id"), e);
      }
    }
    return successful.append("],\"Failed\":").append(failed).append("]}").toString();
  }

  private static void fail(StringBuilder failed, String id, SqsError error) {
    failed.append('{');
    Json.member(failed, "Id", id);
    Json.name(failed, "SenderFault").append("true");
    Json.member(failed, "Code", error.type());
    Json.member(failed, "Message", error.text());
    failed.append('}');
  }

  private static void check(List<JsonObject> entries) {
    if (entries.isEmpty()) {
      throw SqsError.batch("EmptyBatchRequest", "there are no entries");
    }
    if (entries.size() > MOST) {
      throw SqsError.batch("TooManyEntriesInBatchRequest", "more than " + MOST + " entries");
    }
    Set<String> ids = new HashSet<>();
    int bytes = 0;
    for (JsonObject entry : entries) {
      if (!ids.add(entry.need("Id"))) {
        throw SqsError.batch("BatchEntryIdsNotDistinct", "an Id is there twice");
      }
      bytes += Actions.bytes(entry);
    }
    if (bytes > Actions.LARGEST) {
      throw SqsError.batch("BatchRequestTooLong", bytes + " bytes are over " + Actions.LARGEST);
    }
  }
}
