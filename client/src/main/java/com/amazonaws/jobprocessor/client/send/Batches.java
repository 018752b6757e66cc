package com.amazonaws.jobprocessor.client.send;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.util.ArrayList;
import java.util.List;

/** Collects messages into batches that SQS takes: ten, and 1 MiB together. */
public final class Batches {
  private final int max;
  private List<Parcel> open = new ArrayList<>();
  private int bytes;

  /** Batches of ten. */
  public Batches() {
    this(MessageFormat.MAX_BATCH);
  }

  private Batches(int max) {
    this.max = max;
  }

  /** Batches of one message. */
  static Batches ofOne() {
    return new Batches(1);
  }

  /** Takes a message; returns the batches that are complete with it: none, one or two. */
  public List<List<Parcel>> add(Parcel parcel) {
    List<List<Parcel>> complete = new ArrayList<>();
    int more = parcel.bytes();
    if (bytes + more > MessageFormat.MAX_BYTES && !open.isEmpty()) {
      complete.add(rest());
    }
    open.add(parcel);
    bytes += more;
    if (open.size() == max) {
      complete.add(rest());
    }
    return complete;
  }

  /** True if no batch is open. */
  public boolean isEmpty() {
    return open.isEmpty();
  }

  /** Ends the batch that is open, which may be empty. */
  public List<Parcel> rest() {
    List<Parcel> ended = open;
    open = new ArrayList<>();
    bytes = 0;
    return ended;
  }
}
