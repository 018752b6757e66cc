package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.InFlight;
import com.amazonaws.jobprocessor.work.room.PackRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Settles jobs of a pack that nobody has claimed in a job table, as many as can be at a time. */
public final class PackSettlement {
  /** A text that is shorter fits a message of its own, whatever its characters. */
  private static final int SHORT = MessageFormat.MAX_BYTES / 4;

  private final Settlement settlement;
  private final Outputs outputs;
  private final InFlight inFlight;

  PackSettlement(Settlement settlement, Outputs outputs, InFlight inFlight) {
    this.settlement = settlement;
    this.outputs = outputs;
    this.inFlight = inFlight;
  }

  /** True if a message must be sent for the outcome, and its answer waited for. */
  public boolean waitsForAnswer(Job job, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded _, Outcome.SucceededBefore _, Outcome.DeadBefore _ -> true;
      case Outcome.Failed failure -> settlement.isForGood(job, failure);
      case Outcome.GivenBack _,
          Outcome.Unavailable _,
          Outcome.LeaseOver _,
          Outcome.TakenOver _,
          Outcome.DoneBefore _ ->
          false;
    };
  }

  /** True if the outcome is a result that may travel with others, and a message could carry. */
  public boolean mayTravel(Outcome outcome) {
    return outcome instanceof Outcome.Succeeded success
        && textOf(success).length() <= SHORT
        && outputs.refusalOf(textOf(success), 0) == null;
  }

  private static String textOf(Outcome.Succeeded success) {
    return success.result() == null ? "" : success.result();
  }

  /**
   * Sends the results of a pack that wants them together.
   *
   * @param successes those of its jobs that {@link #mayTravel}
   * @param fates what becomes of each is set, at its place
   */
  public void succeed(Message pack, List<PackRun.Ended> successes, AtomicReferenceArray<Fate> fates)
      throws InterruptedException {
    List<ResultPacks.Result> results = new ArrayList<>(successes.size());
    long bytes = 0;
    for (PackRun.Ended end : successes) {
      Job job = end.job();
      Outcome.Succeeded success = (Outcome.Succeeded) end.outcome();
      job.succeeded(true);
      bytes += 2L * textOf(success).length();
      String line = outputs.writer().resultLine(job, success).write();
      results.add(new ResultPacks.Result(job, line, () -> outputs.writer().result(job, success)));
    }
    inFlight.weigh(pack, bytes);
    try {
      outputs.resultPacks().send(pack, results);
      for (ResultPacks.Result result : results) {
        Job job = result.job();
        fates.set(job.place(), settlement.sentResult(job, result.sent(), false));
      }
    } finally {
      inFlight.unweigh(pack, bytes);
    }
  }
}
