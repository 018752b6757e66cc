package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;

/** Payloads each of whose calls, one request to S3, is counted. */
public record MeteredPayloads(Payloads payloads, ObjectCounts objects) implements Payloads {
  @Override
  public String fetch(String pointer) throws Unreadable, CallFailed, InterruptedException {
    objects.get();
    return payloads.fetch(pointer);
  }

  @Override
  public String store(String payload) throws CallFailed, InterruptedException {
    objects.put();
    return payloads.store(payload);
  }

  @Override
  public void delete(String pointer) throws CallFailed, InterruptedException {
    objects.delete();
    payloads.delete(pointer);
  }

  @Override
  public String copy(String pointer) throws Unreadable, CallFailed, InterruptedException {
    objects.put();
    return payloads.copy(pointer);
  }
}
