package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.boss.api.PayloadReader;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;

/** Reads results from the one bucket that was named at the start, and from no other. */
record BucketReader(Payloads bucket) implements PayloadReader {
  @Override
  public String read(String pointer) throws CannotRead, InterruptedException {
    try {
      return bucket.fetch(pointer);
    } catch (Payloads.Unreadable e) {
      throw new CannotRead(409, e.type() + ": " + e.getMessage());
    } catch (CallFailed e) {
      throw new CannotRead(502, "S3 does not give it: " + e.code() + ", " + e.getMessage());
    }
  }
}
