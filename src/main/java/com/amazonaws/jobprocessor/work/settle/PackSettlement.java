package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.InFlight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /** Sends the results of a pack that wants them together. */
  public Map<Job, Fate> succeed(Message pack, Map<Job, Outcome.Succeeded> successes)
      throws InterruptedException {
    Map<Job, Fate> fates = new HashMap<>();
    List<ResultPacks.Result> results = new ArrayList<>(successes.size());
    long bytes = 0;
    for (Map.Entry<Job, Outcome.Succeeded> entry : successes.entrySet()) {
      Job job = entry.getKey();
      Outcome.Succeeded success = entry.getValue();
      String text = success.result() == null ? "" : success.result();
      if (text.length() > SHORT || outputs.refusalOf(text, 0) != null) {
        fates.put(job, settlement.settle(job, success));
        continue;
      }
      job.succeeded(true);
      bytes += 2L * text.length();
      String line = outputs.writer().resultLine(job, success).write();
      results.add(new ResultPacks.Result(job, line, () -> outputs.writer().result(job, success)));
    }
    inFlight.weigh(pack, bytes);
    outputs.resultPacks().send(pack, results);
    for (ResultPacks.Result result : results) {
      fates.put(result.job(), settlement.sentResult(result.job(), result.sent(), false));
    }
    return fates;
  }
}
