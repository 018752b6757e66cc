package com.amazonaws.jobprocessor.client.send;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Puts jobs into messages, in their order: as many into each as the size of packs allows. A job
 * that is alone in its message is no pack.
 */
public final class Packer {
  private final Supplier<PackSize> sizes;
  private final boolean resultPack;
  private final int attributeBytes;
  private PackSize size;
  private List<Job> open = new ArrayList<>();
  private StringBuilder body = new StringBuilder();
  private int bodyBytes;
  private long packed;

  /**
   * For one submission.
   *
   * @param resultPack true if packs ask for packed results
   */
  public Packer(PackSize size, boolean resultPack) {
    this(() -> size, resultPack);
  }

  /** As the other, with sizes that are asked for each pack. */
  public Packer(Supplier<PackSize> sizes, boolean resultPack) {
    this.sizes = sizes;
    this.size = sizes.get();
    this.resultPack = resultPack;
    this.attributeBytes = MessageFormat.size("", attributes(PackFormat.MAX_JOBS));
  }

  /** Each job alone. */
  public static Packer none() {
    return new Packer(PackSize.ONE, false);
  }

  /** Takes a job; returns the messages that are complete with it: none, one or two. */
  List<Parcel> add(Job job) {
    List<Parcel> complete = new ArrayList<>();
    size = open.isEmpty() ? sizes.get() : size;
    String line = job.isPointer() || size.jobs(packed) == 1 ? null : line(job);
    int lineBytes = line == null ? 0 : MessageFormat.utf8Length(line);
    if (line == null || !fits(0, lineBytes)) {
      complete.addAll(rest());
      packed++;
      complete.add(Parcel.of(job));
      return complete;
    }
    if (!fits(bodyBytes, lineBytes)) {
      complete.addAll(rest());
    }
    open.add(job);
    body.append(line);
    bodyBytes += lineBytes;
    if (open.size() >= size.jobs(packed)) {
      complete.addAll(rest());
    }
    return complete;
  }

  private static String line(Job job) {
    return new JobLine(job.id(), job.message().body(), 0).write() + '\n';
  }

  private boolean fits(int bytes, int more) {
    return bytes + more + attributeBytes <= size.bytes();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** Ends the message that is open; empty if none is. */
  List<Parcel> rest() {
    if (open.isEmpty()) {
      return List.of();
    }
    Parcel parcel =
        open.size() == 1
            ? Parcel.of(open.get(0))
            : new Parcel(
                List.copyOf(open), new OutgoingMessage(body.toString(), attributes(open.size())));
    packed += open.size();
    open = new ArrayList<>();
    body = new StringBuilder();
    bodyBytes = 0;
    return List.of(parcel);
  }

  private Map<String, Attribute> attributes(int count) {
    Map<String, Attribute> attributes = PackFormat.attributes(count);
    if (resultPack) {
      attributes.put(PackFormat.RESULT_PACK, Attribute.of(PackFormat.VERSION));
    }
    return attributes;
  }
}
