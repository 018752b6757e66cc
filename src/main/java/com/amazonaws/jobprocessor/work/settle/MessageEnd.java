package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.room.RecentMessages;
import com.amazonaws.jobprocessor.work.settle.RemainderWriter.Back;
import java.util.List;

/** What is done with a message when all of its jobs are settled: the last of its calls. */
public final class MessageEnd {
  private final Visibility visibility;
  private final Deletes deletes;
  private final Remainders remainders;
  private final PayloadStore store;
  private final RecentMessages recent;
  private final WorkerRuntime runtime;

  /** Ends messages of a backlog. */
  public MessageEnd(
      Visibility visibility,
      Deletes deletes,
      Remainders remainders,
      PayloadStore store,
      RecentMessages recent,
      WorkerRuntime runtime) {
    this.visibility = visibility;
    this.deletes = deletes;
    this.remainders = remainders;
    this.store = store;
    this.recent = recent;
    this.runtime = runtime;
  }

  /** Renews the message's lease before its first job begins; false if it could not be renewed. */
  public boolean renew(Message message) throws InterruptedException {
    return visibility.renew(message);
  }

  /**
   * Deletes the message if all of its jobs have ended. Of a pack those that are to be delivered
   * again are sent back first, in a smaller one; a single job, or a pack of which nothing has ended
   * and nothing was tried, is given back as it is. Says nothing more if a job was lost.
   *
   * @param fates of the message's jobs, in their order
   * @return true if it is deleted
   */
  public boolean end(Message message, List<Fate> fates) throws InterruptedException {
    Fates all = new Fates(message.jobs(), fates);
    if (all.isAnyLost()) {
      lost(message, all);
      return false;
    }
    if (all.haveEnded()) {
      return delete(message);
    }
    if (!message.isPack() || (all.isNothingToSay() && !message.isDissolving())) {
      giveBack(message, all);
      return false;
    }
    return sendBack(message, all) && delete(message);
  }

  private void giveBack(Message message, Fates fates) throws InterruptedException {
    if (message.isPackOfSeveral()) {
      recent.wasNoAttempt(message.id());
    }
    if (visibility.release(message, fates.delay())) {
      fates.told().forEach(runtime::tell);
    } else {
      lost(message, fates);
    }
  }

  /**
   * Jobs that are to be tried again wait as long as the one that waits longest; those that were not
   * begun do not wait for them.
   */
  private boolean sendBack(Message pack, Fates fates) throws InterruptedException {
    for (Fates.Group group : fates.groups()) {
      Remainders.Returned returned = remainders.send(pack, group.jobs(), group.delay());
      Sent sent = returned.sent();
      remember(pack, returned.accepted().stream().map(Back::job).toList());
      if (sent instanceof Sent.Refused || sent instanceof Sent.GivenUp) {
        // Better that some run twice than that one is lost.
        remember(pack, fates.ended());
        count(fates);
        giveBack(pack, fates);
        return false;
      }
      if (!(sent instanceof Sent.Accepted)) {
        lost(pack, fates);
        return false;
      }
    }
    fates.toldInGroups().forEach(runtime::tell);
    return true;
  }

  private boolean delete(Message message) throws InterruptedException {
    if (!deletes.delete(message)) {
      remember(message, message.jobs());
      // What has ended is lost only with the delete of its message: it may be delivered again.
      message.jobs().forEach(job -> runtime.tell(new WorkEvent.LeaseLost(job.id())));
      return false;
    }
    if (message.isPack()) {
      recent.finished(message.id());
    }
    if (message.isPointer() && message.jobs().stream().allMatch(Job::hasSucceeded)) {
      store.deleteLater(message.delivery().body());
    }
    return true;
  }

  private void lost(Message message, Fates fates) {
    remember(message, fates.ended());
    count(fates);
    fates.unended().forEach(job -> runtime.tell(new WorkEvent.LeaseLost(job.id())));
  }

  /** A pack that comes again has jobs that need not be run. */
  private void remember(Message message, List<Job> done) {
    if (message.isPack()) {
      done.forEach(job -> recent.finished(job.key()));
    }
  }

  /** Of a pack that comes again as it was, the lines do not tell of the attempts made here. */
  private void count(Fates fates) {
    for (Back back : fates.tried()) {
      if (back.job().line() != null) {
        recent.hadAttempts(back.job(), back.attempts());
      }
    }
  }

  /** Calls, or entries of such, that wait for their turn. */
  public int waiting() {
    return visibility.waiting() + deletes.waiting() + remainders.waiting();
  }

  /** The worker stops: from now on deletes do not linger. */
  public void hurry() {
    deletes.hurry();
  }
}
