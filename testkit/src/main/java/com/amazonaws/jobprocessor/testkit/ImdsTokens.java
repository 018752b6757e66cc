package com.amazonaws.jobprocessor.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The session tokens of {@link FakeImds}. */
final class ImdsTokens {
  private static final int LONGEST_TTL = 21_600;

  private final InstantSource clock;
  private final Map<String, Instant> ends = new ConcurrentHashMap<>();
  private volatile int longest = LONGEST_TTL;

  ImdsTokens(InstantSource clock) {
    this.clock = clock;
  }

  /** A token, and for how many seconds it is valid. */
  record Token(String value, int ttl) {}

  /** A new token; null if it was not asked for as it has to be. */
  @Nullable Token issue(@Nullable String askedSeconds) {
    boolean isNumber = askedSeconds != null && askedSeconds.matches("\\d{1,6}");
    int asked = isNumber ? Integer.parseInt(askedSeconds) : 0;
    if (asked < 1 || asked > LONGEST_TTL) {
      return null;
    }
    Token token = new Token(UUID.randomUUID().toString(), Math.min(asked, longest));
    ends.put(token.value(), clock.instant().plusSeconds(token.ttl()));
    return token;
  }

  boolean isValid(@Nullable String token) {
    Instant end = token == null ? null : ends.get(token);
    return end != null && clock.instant().isBefore(end);
  }

  void longest(Duration time) {
    longest = (int) time.toSeconds();
  }

  void forget() {
    ends.clear();
  }
}
