package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.machine.Carriers;
import com.amazonaws.jobprocessor.stats.JobLog;
import com.amazonaws.jobprocessor.stats.WorkerStats;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.util.function.Consumer;

/**
 * Who is told of each event. A class of its own instead of {@link Consumer#andThen}: the start
 * archive holds nothing of a lambda's methods, so the costly compiler would take the whole chain
 * once in each worker, 0.2 s of CPU and 20 MB.
 */
record EventReceivers(WorkerStats stats, JobLog jobLog, Carriers carriers)
    implements Consumer<WorkEvent> {
  @Override
  public void accept(WorkEvent event) {
    stats.accept(event);
    jobLog.accept(event);
    if (event instanceof WorkEvent.Requested) {
      carriers.request();
    }
  }
}
