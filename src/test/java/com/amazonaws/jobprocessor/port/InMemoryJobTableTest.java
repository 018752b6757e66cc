package com.amazonaws.jobprocessor.port;

import org.jspecify.annotations.Nullable;

public class InMemoryJobTableTest extends JobTableContract {
  private final InMemoryJobTable ledger = new InMemoryJobTable("i-1", wallClock);
  private final InMemoryJobTable other = ledger.of("i-2");

  @Override
  protected JobTable ledger() {
    return ledger;
  }

  @Override
  protected JobTable otherLedger() {
    return other;
  }

  @Override
  protected void setState(String jobId, String state) {
    ledger.setState(jobId, state);
  }

  @Override
  protected void submit(String jobId, String definition, @Nullable String pointer) {
    ledger.submit(jobId, definition, pointer);
  }

  @Override
  protected void expire(String jobId) {
    ledger.expire(jobId);
  }
}
