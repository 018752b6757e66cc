package com.amazonaws.jobprocessor.status.button;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether somebody knows the token. A wrong one is answered a second later, and of many at
 * once most are not answered so; the right one always is at once, so that whoever guesses cannot
 * lock its owner out. What bounds guesses is the pace of the server and the token's length.
 */
final class Token {
  private static final Logger log = LoggerFactory.getLogger(Buttons.class);
  private static final long DELAY = Duration.ofSeconds(1).toNanos();
  private static final long SAID_EVERY = Duration.ofMinutes(1).toNanos();
  private static final int MAX_WAITING = 4;

  private final byte[] digest;
  private final MonotonicClock clock;
  private final AtomicInteger waiting = new AtomicInteger();
  private int unsaid;
  private @Nullable Long saidAt;

  /** What came of a guess. */
  enum Answer {
    RIGHT,
    WRONG,
    TOO_MANY
  }

  Token(String token, MonotonicClock clock) {
    this.digest = digest(token);
    this.clock = clock;
  }

  /** Compares in a time that depends on neither text's content. */
  Answer check(String given) throws InterruptedException {
    if (MessageDigest.isEqual(digest, digest(given))) {
      return Answer.RIGHT;
    }
    say();
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return Answer.TOO_MANY;
    }
    try {
      clock.sleep(DELAY);
    } finally {
      waiting.decrementAndGet();
    }
    return Answer.WRONG;
  }

  private synchronized void say() {
    unsaid++;
    long now = clock.nanoTime();
    if (saidAt == null || now - saidAt >= SAID_EVERY) {
      log.atWarn().addKeyValue("times", unsaid).log("a wrong token was given to the status page");
      saidAt = now;
      unsaid = 0;
    }
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
