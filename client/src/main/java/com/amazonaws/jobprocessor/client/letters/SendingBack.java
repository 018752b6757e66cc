package com.amazonaws.jobprocessor.client.letters;

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
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends dead letters back, and deletes those that their backlogs have accepted. */
public class SendingBack implements Letters.Action {
  private static final int MAX_COMPLAINTS = 20;

  private final Backlogs destinations;
  private final @Nullable Set<String> ids;
  private final SentBefore before;
  private final Consumer<String> err;

  /** By the ids of the jobs that are sent back the job_message_id of the letter chosen. */
  private final Map<String, String> chosen = new HashMap<>();

  private final Set<String> sent = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private int count;
  private int packs;
  private int again;
  private int complaints;

  /**
   * For one run.
   *
   * @param ids of the jobs to be sent back; null for all
   * @param err is told of those that are not
   * @param before knows which have been sent back before, by a run that ended too early
   */
  public SendingBack(
      Backlogs destinations, @Nullable Set<String> ids, Consumer<String> err, SentBefore before) {
    this.before = before;
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
      byBacklog.computeIfAbsent(destinations.of(letter), name -> new ArrayList<>()).add(letter);
    } catch (Backlogs.Refused e) {
      refuse(letter, String.valueOf(e.getMessage()));
    }
  }

  private void sendTo(String backlog, List<Delivery> letters, Inbox inbox)
      throws CallFailed, InterruptedException {
    Sender sender;
    try {
      sender = destinations.to(backlog);
    } catch (Backlogs.Refused e) {
      letters.forEach(letter -> refuse(letter, String.valueOf(e.getMessage())));
      return;
    }
    List<Delivery> gone = before.of(backlog, letters);
    inbox.delete(gone);
    gone.forEach(letter -> sent.add(Messages.jobId(letter)));
    again += gone.size();
    IdentityHashMap<Parcel, Delivery> parcels = new IdentityHashMap<>();
    Batches batches = new Batches();
    List<List<Parcel>> complete = new ArrayList<>();
    for (Delivery letter : letters) {
      if (gone.contains(letter)) {
        continue;
      }
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
      Delivery letter = Objects.requireNonNull(letters.get(batch.get(i)));
      Sender.Outcome outcome = answer.outcomes().get(i);
      if (outcome instanceof Sender.Outcome.NotTaken no) {
        refuse(letter, "it was not taken: " + no.reason());
      } else if (outcome instanceof Sender.Outcome.PerhapsTaken no) {
        refuse(letter, "it was perhaps taken, its dead letter stays: " + no.reason());
      } else {
        taken.add(letter);
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

  /** Is told of each letter that is not sent back. */
  protected void refused(String jobId, String reason) {
    // who wants more than a line has it so
  }

  private void refuse(Delivery letter, String reason) {
    refused.add(Messages.jobId(letter));
    refused(Messages.jobId(letter), reason);
    complaints++;
    if (complaints <= MAX_COMPLAINTS) {
      err.accept("job " + Messages.jobId(letter) + " was not sent back: " + reason);
    } else if (complaints == MAX_COMPLAINTS + 1) {
      err.accept("... more of the same are counted only");
    }
  }

  /** How many jobs were sent back, those in packs not counted. */
  public int count() {
    return count;
  }

  /** How many had been sent back before and were only deleted. */
  public int again() {
    return again;
  }

  /** How many packs were sent back. */
  public int packs() {
    return packs;
  }

  /** The jobs that were sent back. */
  public Set<String> sent() {
    return sent;
  }

  /** The jobs that could not be sent back. */
  public Set<String> refused() {
    return refused;
  }
}
