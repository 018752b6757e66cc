package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;

/** Payloads each of whose calls, one request to S3, is counted if it has left this machine. */
public record MeteredPayloads(Payloads payloads, ObjectCounts objects) implements Payloads {
  @Override
  public String fetch(String pointer, int maxBytes)
      throws Unreadable, CallFailed, InterruptedException {
    boolean sent = true;
    try {
      return payloads.fetch(pointer, maxBytes);
    } catch (CallFailed e) {
      sent = e.sent();
      throw e;
    } finally {
      count(sent, objects::get);
    }
  }

  @Override
  public String store(String payload) throws CallFailed, InterruptedException {
    boolean sent = true;
    try {
      return payloads.store(payload);
    } catch (CallFailed e) {
      sent = e.sent();
      throw e;
    } finally {
      count(sent, objects::put);
    }
  }

  @Override
  public void delete(String pointer) throws CallFailed, InterruptedException {
    boolean sent = true;
    try {
      payloads.delete(pointer);
    } catch (CallFailed e) {
      sent = e.sent();
      throw e;
    } finally {
      count(sent, objects::delete);
    }
  }

  @Override
  public String copy(String pointer) throws Unreadable, CallFailed, InterruptedException {
    boolean sent = true;
    try {
      return payloads.copy(pointer);
    } catch (CallFailed e) {
      sent = e.sent();
      throw e;
    } finally {
      count(sent, objects::put);
    }
  }

  private static void count(boolean sent, Runnable counter) {
    if (sent) {
      counter.run();
    }
  }
}
