package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with a message when all of its jobs are settled: the last of its calls. */
public final class MessageEnd {
  private final Visibility visibility;
  private final Deletes deletes;
  private final PayloadStore store;
  private final WorkerRuntime runtime;

  /** Ends messages of a backlog. */
  public MessageEnd(
      Visibility visibility, Deletes deletes, PayloadStore store, WorkerRuntime runtime) {
    this.visibility = visibility;
    this.deletes = deletes;
    this.store = store;
    this.runtime = runtime;
  }

  /** Renews the message's lease before its first job begins; false if it could not be renewed. */
  public boolean renew(Message message) throws InterruptedException {
    return visibility.renew(message);
  }

  /**
   * Deletes the message if all of its jobs have ended; gives it back, with the longest of the
   * delays, if one of them is to be delivered again; says nothing more if one was lost.
   *
   * @return true if it is deleted
   */
  public boolean end(Message message, List<Fate> fates) throws InterruptedException {
    boolean lost = false;
    @Nullable Duration delay = null;
    List<WorkEvent> told = new ArrayList<>();
    for (Fate fate : fates) {
      switch (fate) {
        case Fate.Ended _ -> {}
        case Fate.Lost _ -> lost = true;
        case Fate.Retry retry -> {
          delay = longer(delay, retry.delay());
          told.add(retry.told());
        }
        case Fate.GoesBack back -> {
          delay = longer(delay, back.delay());
          told.add(back.told());
        }
      }
    }
    if (!lost && delay == null && deletes.delete(message)) {
      deletePayload(message);
      return true;
    }
    if (!lost && delay != null && visibility.release(message, delay)) {
      told.forEach(runtime::tell);
    } else {
      tellLost(message, fates, !lost && delay == null);
    }
    return false;
  }

  /** What has ended is lost only with the delete of its message: it may be delivered again. */
  private void tellLost(Message message, List<Fate> fates, boolean allHaveEnded) {
    for (int i = 0; i < fates.size(); i++) {
      if (allHaveEnded || !(fates.get(i) instanceof Fate.Ended)) {
        runtime.tell(new WorkEvent.LeaseLost(message.jobs().get(i).id()));
      }
    }
  }

  private static Duration longer(@Nullable Duration one, Duration other) {
    return one == null || one.compareTo(other) < 0 ? other : one;
  }

  private void deletePayload(Message message) {
    if (message.isPointer() && message.jobs().stream().allMatch(Job::hasSucceeded)) {
      store.deleteLater(message.delivery().body());
    }
  }

  /** Calls, or entries of such, that wait for their turn. */
  public int waiting() {
    return visibility.waiting() + deletes.waiting();
  }

  /** The worker stops: from now on deletes do not linger. */
  public void hurry() {
    deletes.hurry();
  }
}
