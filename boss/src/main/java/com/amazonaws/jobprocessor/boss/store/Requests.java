package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What was answered to requests with an Idempotency-Key, in the transaction that did what they
 * asked for.
 */
final class Requests {
  private Requests() {}

  /** What was answered before; empty if the key is ours now: another transaction waits for us. */
  static Optional<String> begin(Handle handle, String who, Tasks.Once once, Instant now)
      throws Tasks.KeyReused {
    int inserted =
        handle
            .createUpdate(
                "insert into request (who, request_key, hash, answer, created_at)"
                    + " values (:who, :key, :hash, '', :now) on conflict do nothing")
            .bind("who", who)
            .bind("key", once.key())
            .bind("hash", once.hash())
            .bind("now", now)
            .execute();
    if (inserted > 0) {
      return Optional.empty();
    }
    String[] before =
        handle
            .createQuery("select hash, answer from request where who = :who and request_key = :key")
            .bind("who", who)
            .bind("key", once.key())
            .map((row, _) -> new String[] {row.getString("hash"), row.getString("answer")})
            .one();
    if (!before[0].equals(once.hash())) {
      throw new Tasks.KeyReused();
    }
    return Optional.of(before[1]);
  }

  static void end(Handle handle, String who, Tasks.Once once, String answer) {
    handle
        .createUpdate("update request set answer = :answer where who = :who and request_key = :key")
        .bind("answer", answer)
        .bind("who", who)
        .bind("key", once.key())
        .execute();
  }
}
