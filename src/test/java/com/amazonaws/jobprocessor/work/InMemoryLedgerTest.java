package com.amazonaws.jobprocessor.work;

class InMemoryLedgerTest extends LedgerContract {
  private final InMemoryLedger ledger = new InMemoryLedger("i-1", wallClock);
  private final InMemoryLedger other = ledger.of("i-2");

  @Override
  protected Ledger ledger() {
    return ledger;
  }

  @Override
  protected Ledger otherLedger() {
    return other;
  }
}
