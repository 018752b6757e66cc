package com.amazonaws.jobprocessor.cli;

/** Tells of the lines that are submitted to whoever waits for their ends. */
final class RunLines implements Submitting.Watcher {
  private final Awaited awaited;
  private final JobLog log;
  private final JobLogDone done;

  /**
   * For one run.
   *
   * @param done what need not be run again
   */
  RunLines(Awaited awaited, JobLog log, JobLogDone done) {
    this.awaited = awaited;
    this.log = log;
    this.done = done;
  }

  @Override
  public String problem(JobLines.Line line) {
    try {
      done.isDone(line.number(), line.text());
      return null;
    } catch (Bucket.Unusable e) {
      return e.getMessage();
    }
  }

  @Override
  public boolean begins(JobLines.Line line) throws Bucket.Unusable {
    if (done.isDone(line.number(), line.text())) {
      return false;
    }
    awaited.begins(line.number());
    log.begins(awaited.id(line.number()), line.text());
    return true;
  }

  @Override
  public void refused(long line) {
    awaited.refused(line);
    log.refused(awaited.id(line));
  }
}
