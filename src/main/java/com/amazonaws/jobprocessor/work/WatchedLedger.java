package com.amazonaws.jobprocessor.work;

/** A job table each of whose calls is a step. */
record WatchedLedger(Ledger table, Vitals vitals) implements Ledger {
  @Override
  public String name() {
    return table.name();
  }

  @Override
  public Standing claim(Claim claim) throws CallFailed, InterruptedException {
    try (Vitals.Step _ = vitals.step("job table: claim")) {
      return table.claim(claim);
    }
  }

  @Override
  public Standing takeOver(Claim claim, Standing.Held held)
      throws CallFailed, InterruptedException {
    try (Vitals.Step _ = vitals.step("job table: take over")) {
      return table.takeOver(claim, held);
    }
  }

  @Override
  public boolean renew(Claim claim) throws CallFailed, InterruptedException {
    try (Vitals.Step _ = vitals.step("job table: renew")) {
      return table.renew(claim);
    }
  }

  @Override
  public boolean record(Claim claim, End end) throws CallFailed, InterruptedException {
    try (Vitals.Step _ = vitals.step("job table: record")) {
      return table.record(claim, end);
    }
  }

  @Override
  public boolean release(Claim claim) throws CallFailed, InterruptedException {
    try (Vitals.Step _ = vitals.step("job table: release")) {
      return table.release(claim);
    }
  }
}
