package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.send.Batches;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Parcel;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Sends dead letters back, and deletes those that their backlogs have accepted. */
final class Resending implements LetterQueue.Action {
  private static final int MAX_COMPLAINTS = 20;

  private final Destinations destinations;
  private final Set<String> ids;
  private final Consumer<String> err;

  /** By the ids of the jobs that are sent back the job_message_id of the letter chosen. */
  private final Map<String, String> chosen = new HashMap<>();

  private final Set<String> sent = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private int count;
  private int packs;
  private int complaints;

  /**
   * For one run of the command.
   *
   * @param ids of the jobs to be sent back; null for all
   * @param err is told of those that are not
   */
  Resending(Destinations destinations, Set<String> ids, Consumer<String> err) {
    this.destinations = destinations;
    this.ids = ids;
    this.err = err;
  }

  /**
   * A job that has failed again meanwhile stays: or this would go on for as long as it fails. A
   * copy of a letter, which a worker's death can make, goes with it.
   */
  @Override
  public void take(Inbox inbox, List<Delivery> letters) throws CallFailed, InterruptedException {
    Map<String, List<Delivery>> byBacklog = new LinkedHashMap<>();
    List<Delivery> copies = new ArrayList<>();
    for (Delivery letter : letters) {
      String id = Messages.jobId(letter);
      if (ids != null && !ids.contains(id)) {
        continue;
      }
      String death = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
      String before = chosen.putIfAbsent(id, death);
      if (before == null) {
        choose(letter, byBacklog);
      } else if (before.equals(death) && !death.isEmpty() && !Messages.isPointer(letter)) {
        copies.add(letter);
      }
    }
    for (var some : byBacklog.entrySet()) {
      sendTo(some.getKey(), some.getValue(), inbox);
    }
    inbox.delete(copies.stream().filter(copy -> sent.contains(Messages.jobId(copy))).toList());
  }

  private void choose(Delivery letter, Map<String, List<Delivery>> byBacklog) {
    try {
      byBacklog.computeIfAbsent(destinations.of(letter), _ -> new ArrayList<>()).add(letter);
    } catch (Destinations.Refused e) {
      refuse(letter, e.getMessage());
    }
  }

  private void sendTo(String backlog, List<Delivery> letters, Inbox inbox)
      throws CallFailed, InterruptedException {
    Sender sender;
    try {
      sender = destinations.to(backlog);
    } catch (Destinations.Refused e) {
      letters.forEach(letter -> refuse(letter, e.getMessage()));
      return;
    }
    IdentityHashMap<Parcel, Delivery> parcels = new IdentityHashMap<>();
    Batches batches = new Batches();
    List<List<Parcel>> complete = new ArrayList<>();
    for (Delivery letter : letters) {
      Parcel parcel = Parcel.of(job(letter));
      parcels.put(parcel, letter);
      complete.addAll(batches.add(parcel));
    }
    if (!batches.isEmpty()) {
      complete.add(batches.rest());
    }
    for (List<Parcel> batch : complete) {
      send(sender, batch, parcels, inbox);
    }
  }

  private static Job job(Delivery letter) {
    boolean isPack = PackFormat.isPack(letter.attributes());
    Map<String, Attribute> attributes = new HashMap<>(letter.attributes());
    attributes
        .keySet()
        .removeIf(
            name -> MessageFormat.RESERVED.contains(name) && !name.equals(MessageFormat.JOB_ID));
    if (!isPack) {
      attributes.keySet().removeAll(PackFormat.RESERVED);
    } else if (isWorkers(letter)) {
      attributes.remove(MessageFormat.JOB_ID);
    }
    if (!isPack && attributes.size() < MessageFormat.MAX_ATTRIBUTES) {
      attributes.putIfAbsent(MessageFormat.JOB_ID, Attribute.of(Messages.jobId(letter)));
    }
    // The job's own id would be dropped in silence within five minutes of its first sending.
    String deduplicationId = letter.group() == null ? null : letter.messageId();
    return new Job(
        Messages.jobId(letter),
        0,
        new OutgoingMessage(letter.body(), attributes, letter.group(), deduplicationId));
  }

  /** True if the id is the one that a worker gives what has none: its MessageId. */
  private static boolean isWorkers(Delivery letter) {
    return Messages.jobId(letter).equals(Messages.text(letter, MessageFormat.JOB_MESSAGE_ID));
  }

  private void send(Sender sender, List<Parcel> batch, Map<Parcel, Delivery> letters, Inbox inbox)
      throws CallFailed, InterruptedException {
    Sender.Sent answer = sender.send(batch.stream().map(Parcel::message).toList());
    List<Delivery> taken = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      Delivery letter = letters.get(batch.get(i));
      switch (answer.outcomes().get(i)) {
        case Sender.Outcome.Taken _ -> taken.add(letter);
        case Sender.Outcome.NotTaken no -> refuse(letter, "it was not taken: " + no.reason());
        case Sender.Outcome.PerhapsTaken no ->
            refuse(letter, "it was perhaps taken, its dead letter stays: " + no.reason());
      }
    }
    inbox.delete(taken);
    for (Delivery letter : taken) {
      sent.add(Messages.jobId(letter));
      if (PackFormat.isPack(letter.attributes())) {
        packs++;
      } else {
        count++;
      }
    }
    if (answer.failure() != null) {
      throw answer.failure();
    }
  }

  private void refuse(Delivery letter, String reason) {
    refused.add(Messages.jobId(letter));
    complaints++;
    if (complaints <= MAX_COMPLAINTS) {
      err.accept("job " + Messages.jobId(letter) + " was not sent back: " + reason);
    } else if (complaints == MAX_COMPLAINTS + 1) {
      err.accept("... more of the same are counted only");
    }
  }

  /** How many jobs were sent back, those in packs not counted. */
  int count() {
    return count;
  }

  /** How many packs were sent back. */
  int packs() {
    return packs;
  }

  /** The jobs that were sent back. */
  Set<String> sent() {
    return sent;
  }

  /** The jobs that could not be sent back. */
  Set<String> refused() {
    return refused;
  }
}
