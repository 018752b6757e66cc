package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.boss.plan.PackSize;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes messages of jobs: packs if the jobs are short, so that they cost fewer requests. */
final class Packing {
  /** So many answers tell how long a job takes. */
  private static final int ENOUGH_ANSWERS = 20;

  /** SQS bills by 64 KiB. */
  private static final int MAX_BYTES = 60 * 1024;

  private Packing() {}

  /**
   * A message and what is in it.
   *
   * @param parcels their places in the list that was packed
   */
  record Packed(OutgoingMessage message, List<Integer> parcels, int bytes) {
    boolean isPack() {
      return parcels.size() > 1;
    }
  }

  /** How many jobs go into a pack, by how long they take; 1 for no packs. */
  static int jobs(Results.Measured measured) {
    if (measured.count() < ENOUGH_ANSWERS) {
      return 1;
    }
    return PackSize.jobs(measured.meanMillis());
  }

  /** Packs jobs in their order. */
  static List<Packed> pack(List<Parcel> parcels, int maxJobs) {
    List<Packed> messages = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    int bytes = 0;
    for (int i = 0; i < parcels.size(); i++) {
      Parcel parcel = parcels.get(i);
      if (maxJobs == 1 || parcel.bytes() > MAX_BYTES / 2) {
        messages.add(single(parcel, i));
        continue;
      }
      String line = new JobLine(parcel.jobId(), parcel.payload(), 0).write();
      int size = MessageFormat.utf8Length(line) + 1;
      if (!lines.isEmpty() && (lines.size() == maxJobs || bytes + size > MAX_BYTES)) {
        messages.add(packed(parcels, lines, places));
        lines = new ArrayList<>();
        places = new ArrayList<>();
        bytes = 0;
      }
      lines.add(line);
      places.add(i);
      bytes += size;
    }
    if (!lines.isEmpty()) {
      messages.add(packed(parcels, lines, places));
    }
    return messages;
  }

  private static Packed packed(List<Parcel> parcels, List<String> lines, List<Integer> places) {
    if (places.size() == 1) {
      return single(parcels.get(places.getFirst()), places.getFirst());
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>(PackFormat.attributes(places.size()));
    attributes.put(PackFormat.RESULT_PACK, Attribute.of(PackFormat.VERSION));
    return packed(new OutgoingMessage(String.join("\n", lines), attributes), places);
  }

  static Packed single(Parcel parcel, int place) {
    return packed(
        new OutgoingMessage(
            parcel.payload(), Map.of(MessageFormat.JOB_ID, Attribute.of(parcel.jobId()))),
        List.of(place));
  }

  private static Packed packed(OutgoingMessage message, List<Integer> places) {
    return new Packed(message, places, MessageFormat.size(message.body(), message.attributes()));
  }

  /** Batches that SQS takes: up to ten messages, up to its limit of bytes. */
  static List<List<Packed>> batches(List<Packed> messages) {
    List<List<Packed>> batches = new ArrayList<>();
    List<Packed> batch = new ArrayList<>();
    int bytes = 0;
    for (Packed message : messages) {
      if (!batch.isEmpty()
          && (batch.size() == MessageFormat.MAX_BATCH
              || bytes + message.bytes() > MessageFormat.MAX_BYTES)) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(message);
      bytes += message.bytes();
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }
}
