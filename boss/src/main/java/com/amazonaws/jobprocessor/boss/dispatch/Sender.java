package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends jobs to the backlog queue, a call after the other, and says what became of each. After a
 * call that fails no other is made.
 */
final class Sender {
  private final OutputQueue backlog;
  private boolean packsAreRefused;
  private @Nullable String failure;

  /** A sender. */
  Sender(OutputQueue backlog) {
    this.backlog = backlog;
  }

  /** What the last send has failed with, in one line; null if it has not. */
  @Nullable String failure() {
    return failure;
  }

  /**
   * Sends jobs.
   *
   * @param maxJobs in a pack
   * @param maySend asked before each call
   */
  List<Fate> send(List<Parcel> parcels, int maxJobs, BooleanSupplier maySend)
      throws InterruptedException {
    Fate[] fates = new Fate[parcels.size()];
    Arrays.fill(fates, Fate.LEFT);
    failure = null;
    List<Packing.Packed> messages = Packing.pack(parcels, packsAreRefused ? 1 : maxJobs);
    for (List<Packing.Packed> batch : Packing.batches(messages)) {
      if (failure != null || !maySend.getAsBoolean()) {
        break;
      }
      send(batch, fates);
    }
    return List.of(fates);
  }

  private void send(List<Packing.Packed> batch, Fate[] fates) throws InterruptedException {
    List<OutgoingMessage> messages = batch.stream().map(Packing.Packed::message).toList();
    try {
      List<Answer> answers = backlog.send(messages);
      for (int i = 0; i < batch.size(); i++) {
        note(batch.get(i), answers.get(i), fates);
      }
    } catch (CallFailed e) {
      if (e.kind() == CallFailed.Kind.REFUSED && batch.size() > 1) {
        for (Packing.Packed one : new ArrayList<>(batch)) {
          send(List.of(one), fates);
        }
      } else if (e.kind() == CallFailed.Kind.REFUSED) {
        note(batch.getFirst(), new Answer.Refused(e.code(), String.valueOf(e.getMessage())), fates);
      } else {
        failure = e.code() + ", " + e.getMessage();
      }
    }
  }

  private void note(Packing.Packed message, Answer answer, Fate[] fates) {
    Fate fate =
        switch (answer) {
          case Answer.Accepted yes -> Fate.sent(yes.messageId());
          case Answer.Refused _ when message.isPack() -> {
            // Which of its jobs is at fault is known when each goes alone.
            packsAreRefused = true;
            yield Fate.LEFT;
          }
          case Answer.Refused _ -> Fate.REFUSED;
          case Answer.Failed no -> {
            failure = no.code() + ", " + no.message();
            yield Fate.LEFT;
          }
        };
    message.parcels().forEach(place -> fates[place] = fate);
  }
}
