package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.send.Batches;
import com.amazonaws.jobprocessor.client.send.Parcel;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sends dead letters back, and deletes those that their backlogs have accepted.
 *
 * <p>With the payload bucket, a job in S3 gets an object of its own: the letter's is deleted after
 * the letter, and whoever meets the letter once more after a death in between may do with it as he
 * likes. Without the bucket, letter and job share the object; with a job table the letter stays
 * then.
 */
public class SendingBack implements Letters.Action {
  private static final int MAX_COMPLAINTS = 20;

  private static final String SHARED =
      "its definition is in S3; with a job table, name the payload bucket as well, so that the job"
          + " gets an object of its own";

  private static final String MAY_BE_A_COPY =
      "its definition is in S3, and it may be a copy: another of this id died of the same message";

  private static final String MAY_HAVE_FAILED_AGAIN =
      "another of this id was met first, and this one does not say of which message it died: it may"
          + " have failed again meanwhile; send it back once more if it is to run";

  private final Backlogs destinations;
  private final Reach reach;
  private final SentBefore before;
  private final Consumer<String> err;
  private final MetLetters met = new MetLetters();
  private final Set<String> sent = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private int count;
  private int packs;
  private int again;
  private int failedAgain;
  private int complaints;

  /**
   * For one run.
   *
   * @param err is told of those that are not sent back
   */
  public SendingBack(Reach reach, Backlogs destinations, Consumer<String> err) {
    this.reach = reach;
    this.before = new SentBefore(reach);
    this.destinations = destinations;
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
      switch (met.meet(letter)) {
        case NEW -> choose(letter, byBacklog);
        case COPY -> copies.add(letter);
        case COPY_IN_S3 -> refuse(letter, MAY_BE_A_COPY);
        case FAILED_AGAIN -> failedAgain++;
        case UNCERTAIN -> refuse(letter, MAY_HAVE_FAILED_AGAIN);
      }
    }
    for (var some : byBacklog.entrySet()) {
      sendTo(some.getKey(), some.getValue(), inbox);
    }
    inbox.delete(copies.stream().filter(met::mayGo).toList());
  }

  /** True if a letter is the copy of another, as a worker makes one that dies before its delete. */
  public static boolean isCopy(Delivery letter, Delivery of) {
    String died = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
    return !died.isEmpty()
        && !Messages.isPointer(of)
        && died.equals(Messages.text(of, MessageFormat.JOB_MESSAGE_ID))
        && Messages.jobId(letter).equals(Messages.jobId(of))
        && letter.body().equals(of.body());
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
    List<Delivery> open = withoutSentBefore(inbox, backlog, letters);
    List<Return> returns = new ArrayList<>();
    for (Delivery letter : open) {
      if (wouldShareObject(letter)) {
        refuse(letter, SHARED);
        continue;
      }
      try {
        returns.add(new Return(letter, withOwnObject(letter), false));
      } catch (PayloadObjects.Unusable e) {
        refuse(letter, "its payload cannot be copied: " + e.getMessage());
      }
    }
    send(sender, returns, inbox);
  }

  /**
   * Sends a job with another definition for a letter, unless that has been done before.
   *
   * @param edited of {@link Edits}
   * @return true if it was sent, now or before
   */
  public boolean sendEdited(Inbox inbox, String backlog, Delivery letter, Delivery edited)
      throws CallFailed, InterruptedException {
    try {
      Sender sender = destinations.to(backlog);
      if (withoutSentBefore(inbox, backlog, List.of(edited)).isEmpty()) {
        deleteObjects(List.of(letter, edited));
      } else {
        send(sender, List.of(new Return(letter, edited, true)), inbox);
      }
    } catch (Backlogs.Refused e) {
      refuse(edited, String.valueOf(e.getMessage()));
    }
    return sent.contains(Messages.jobId(edited));
  }

  /**
   * Deletes those letters that have been sent back before, by a run that ended too early. Their
   * objects stay: they may be the jobs'.
   *
   * @return the others
   */
  public List<Delivery> withoutSentBefore(Inbox inbox, String backlog, List<Delivery> letters)
      throws CallFailed, InterruptedException {
    List<Delivery> gone = before.of(backlog, letters);
    inbox.delete(gone);
    for (Delivery letter : gone) {
      sent.add(Messages.jobId(letter));
      met.gone(letter);
    }
    again += gone.size();
    return letters.stream().filter(letter -> !gone.contains(letter)).toList();
  }

  /** Whoever names the job table wants each job once, whatever dies: the object has to be known. */
  private boolean wouldShareObject(Delivery letter) {
    return reach.jobTable() != null && reach.payloads() == null && Messages.isPointer(letter);
  }

  private Delivery withOwnObject(Delivery letter)
      throws PayloadObjects.Unusable, InterruptedException {
    PayloadObjects payloads = reach.payloads();
    return payloads != null && Messages.isPointer(letter)
        ? Edits.with(letter, payloads.copy(letter.body()), letter.attributes())
        : letter;
  }

  private void send(Sender sender, List<Return> returns, Inbox inbox)
      throws CallFailed, InterruptedException {
    IdentityHashMap<Parcel, Return> parcels = new IdentityHashMap<>();
    Batches batches = new Batches();
    List<List<Parcel>> complete = new ArrayList<>();
    for (Return one : returns) {
      Parcel parcel = Parcel.of(one.job());
      parcels.put(parcel, one);
      complete.addAll(batches.add(parcel));
    }
    if (!batches.isEmpty()) {
      complete.add(batches.rest());
    }
    for (List<Parcel> batch : complete) {
      send(sender, batch, parcels, inbox);
    }
  }

  private void send(Sender sender, List<Parcel> batch, Map<Parcel, Return> returns, Inbox inbox)
      throws CallFailed, InterruptedException {
    Sender.Sent answer = sender.send(batch.stream().map(Parcel::message).toList());
    List<Return> taken = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      Return one = Objects.requireNonNull(returns.get(batch.get(i)));
      Sender.Outcome outcome = answer.outcomes().get(i);
      if (outcome instanceof Sender.Outcome.NotTaken no) {
        refuse(one.sent(), "it was not taken: " + no.reason());
        deleteUnless(one.letter(), one.sent());
      } else if (outcome instanceof Sender.Outcome.PerhapsTaken no) {
        refuse(one.sent(), "it was perhaps taken, its dead letter stays: " + no.reason());
      } else if (outcome instanceof Sender.Outcome.Taken yes) {
        met.sent(yes.messageId());
        taken.add(one);
      }
    }
    inbox.delete(taken.stream().map(Return::letter).toList());
    for (Return one : taken) {
      sent.add(one.jobId());
      met.gone(one.letter());
      if (one.isPack()) {
        packs++;
      } else {
        count++;
      }
      deleteUnless(one.sent(), one.letter());
    }
    if (answer.failure() != null) {
      throw answer.failure();
    }
  }

  /** Deletes the object of a message that is gone, unless the other has the same. */
  private void deleteUnless(Delivery other, Delivery gone) throws InterruptedException {
    if (!other.body().equals(gone.body())) {
      deleteObjects(List.of(gone));
    }
  }

  private void deleteObjects(List<Delivery> gone) throws InterruptedException {
    PayloadObjects payloads = reach.payloads();
    if (payloads != null) {
      payloads
          .delete(gone.stream().filter(Messages::isPointer).map(Delivery::body).toList())
          .ifPresent(err);
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

  /** How many letters stay since their jobs were sent back by this run, and have failed again. */
  public int failedAgain() {
    return failedAgain;
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
