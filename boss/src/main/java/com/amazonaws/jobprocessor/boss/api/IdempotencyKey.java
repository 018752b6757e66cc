package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Tasks;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** The header by which a request may be made again with the same effect, for a day. */
final class IdempotencyKey {
  private static final int MAX_KEY = 255;

  private IdempotencyKey() {}

  /**
   * What makes the request one of a kind; null if it has no key.
   *
   * @param digest of all that it asks for
   */
  static Tasks.@Nullable Once of(Context request, String digest) {
    String key = request.header("Idempotency-Key");
    if (key == null) {
      return null;
    }
    if (key.isBlank() || key.length() > MAX_KEY) {
      throw Problem.badRequest("Idempotency-Key must have 1 to " + MAX_KEY + " characters");
    }
    return new Tasks.Once(key, digest);
  }

  static Problem reused() {
    return new Problem(422, "the Idempotency-Key was used for another request");
  }
}
