package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import org.jspecify.annotations.Nullable;

/** Fetches payloads for the classes of this package. */
final class PayloadTexts {
  private PayloadTexts() {}

  /** What a fetch says: the text, or why no other try can help. */
  private record Fetched(String text, Payloads.@Nullable Unreadable problem) {}

  /**
   * What a pointer stands for.
   *
   * @throws ClientException if it cannot be had
   */
  static String fetch(Aws aws, Payloads payloads, String pointer) throws InterruptedException {
    Fetched fetched = aws.call("fetching from S3", () -> once(payloads, pointer));
    if (fetched.problem() != null) {
      throw new ClientException(
          "fetching from S3 failed: "
              + fetched.problem().type()
              + ", "
              + fetched.problem().getMessage(),
          fetched.problem());
    }
    return fetched.text();
  }

  private static Fetched once(Payloads payloads, String pointer)
      throws CallFailed, InterruptedException {
    try {
      return new Fetched(payloads.fetch(pointer), null);
    } catch (Payloads.Unreadable e) {
      return new Fetched("", e);
    }
  }
}
