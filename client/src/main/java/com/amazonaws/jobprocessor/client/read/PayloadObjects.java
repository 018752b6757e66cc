package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import java.util.Collection;
import java.util.Optional;

/** The objects of the payload bucket; what fails for a reason that may pass is tried again. */
public final class PayloadObjects {
  /** Why an object cannot be had, stored or copied. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason, Exception cause) {
      super(reason, cause);
    }
  }

  private final Payloads payloads;
  private final Retry retry;

  /** Those of a bucket. */
  public PayloadObjects(Payloads payloads, Retry retry) {
    this.payloads = payloads;
    this.retry = retry;
  }

  /** A call that brings a text. */
  private interface Texts {
    String make() throws Payloads.Unreadable, CallFailed, InterruptedException;
  }

  /** What a call says: a text, or that no other try can help. */
  private record Said(String text, Optional<Payloads.Unreadable> problem) {}

  /** What a pointer stands for. */
  public String fetch(String pointer) throws Unusable, InterruptedException {
    return text(() -> payloads.fetch(pointer));
  }

  /** The pointer to a new object with the same content. */
  public String copy(String pointer) throws Unusable, InterruptedException {
    return text(() -> payloads.copy(pointer));
  }

  /**
   * The pointer to a new object.
   *
   * @param text at most {@link Payloads#MAX_BYTES} of UTF-8
   */
  public String store(String text) throws Unusable, InterruptedException {
    return text(() -> payloads.store(text));
  }

  private String text(Texts call) throws Unusable, InterruptedException {
    try {
      Said said = retry.call(() -> once(call));
      if (said.problem().isPresent()) {
        Payloads.Unreadable problem = said.problem().get();
        throw new Unusable(problem.type() + ", " + problem.getMessage(), problem);
      }
      return said.text();
    } catch (CallFailed e) {
      throw new Unusable(e.code() + ", " + e.getMessage(), e);
    }
  }

  private static Said once(Texts call) throws CallFailed, InterruptedException {
    try {
      return new Said(call.make(), Optional.empty());
    } catch (Payloads.Unreadable e) {
      return new Said("", Optional.of(e));
    }
  }

  /**
   * Deletes objects that nothing points to any more; what is left is the lifecycle rule's.
   *
   * @return what to say of those that are left, if there are any
   */
  public Optional<String> delete(Collection<String> pointers) throws InterruptedException {
    int left = 0;
    String reason = "";
    for (String pointer : pointers) {
      try {
        retry.run(() -> payloads.delete(pointer));
      } catch (CallFailed e) {
        left++;
        reason = e.code() + ", " + e.getMessage();
      }
    }
    return left == 0
        ? Optional.empty()
        : Optional.of(
            (left == 1 ? "1 payload" : left + " payloads") + " left in the bucket: " + reason);
  }
}
