package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;

/** A job table each of whose calls is a step. */
public record WatchedJobTable(JobTable table, StuckWatch vitals) implements JobTable {
  @Override
  public String name() {
    return table.name();
  }

  @Override
  public Standing claim(ClaimRequest claim) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.step("job table: claim")) {
      return table.claim(claim);
    }
  }

  @Override
  public Standing takeOver(ClaimRequest claim, Standing.Held held)
      throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.step("job table: take over")) {
      return table.takeOver(claim, held);
    }
  }

  @Override
  public boolean renew(ClaimRequest claim) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.step("job table: renew")) {
      return table.renew(claim);
    }
  }

  @Override
  public boolean record(ClaimRequest claim, End end) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.step("job table: record")) {
      return table.record(claim, end);
    }
  }

  @Override
  public boolean release(ClaimRequest claim) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.step("job table: release")) {
      return table.release(claim);
    }
  }
}
