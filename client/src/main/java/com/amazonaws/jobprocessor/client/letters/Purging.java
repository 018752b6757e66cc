package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Deletes dead letters for good, and with the payload bucket the objects that they point to; not
 * those of letters that have been sent back before, since their jobs may have the same object.
 */
public final class Purging implements Letters.Action {
  private final Reach reach;
  private final Predicate<Delivery> which;
  private final Consumer<String> err;
  private long deleted;
  private long objectsLeft;

  /**
   * For one run.
   *
   * @param which are deleted; asked once for each letter
   * @param err is told of objects that cannot be deleted
   */
  public Purging(Reach reach, Predicate<Delivery> which, Consumer<String> err) {
    this.reach = reach;
    this.which = which;
    this.err = err;
  }

  @Override
  public void take(Inbox inbox, List<Delivery> letters) throws CallFailed, InterruptedException {
    List<Delivery> meant = letters.stream().filter(which).toList();
    List<Delivery> objects = meant.stream().filter(Messages::isPointer).toList();
    List<String> pointers = new ArrayList<>();
    SentBefore before = new SentBefore(reach);
    for (Delivery letter : objects) {
      String backlog = Messages.text(letter, MessageFormat.BACKLOG);
      if (backlog.isEmpty() || before.of(backlog, List.of(letter)).isEmpty()) {
        pointers.add(letter.body());
      }
    }
    inbox.delete(meant);
    deleted += meant.size();
    PayloadObjects payloads = reach.payloads();
    if (payloads == null) {
      objectsLeft += objects.size();
    } else {
      payloads.delete(pointers).ifPresent(err);
    }
  }

  /** How many letters were deleted. */
  public long deleted() {
    return deleted;
  }

  /** How many objects were left in the bucket since none was named. */
  public long objectsLeft() {
    return objectsLeft;
  }
}
