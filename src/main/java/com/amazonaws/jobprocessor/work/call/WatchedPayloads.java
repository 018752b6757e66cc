package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import java.time.Duration;

/** A payload store each of whose calls is a step. */
public record WatchedPayloads(Payloads store, StuckWatch vitals) implements Payloads {
  /** Twice what a transfer of 64 MiB may take. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Override
  public String fetch(String pointer, int maxBytes)
      throws Unreadable, CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.within("payload bucket: fetch", LIMIT)) {
      return store.fetch(pointer, maxBytes);
    }
  }

  @Override
  public String store(String payload) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.within("payload bucket: store", LIMIT)) {
      return store.store(payload);
    }
  }

  @Override
  public void delete(String pointer) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.within("payload bucket: delete", LIMIT)) {
      store.delete(pointer);
    }
  }

  @Override
  public String copy(String pointer) throws Unreadable, CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.within("payload bucket: copy", LIMIT)) {
      return store.copy(pointer);
    }
  }
}
