package com.amazonaws.jobprocessor.status.button;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Who has given the token: at most {@value #MAX_SESSIONS}, each for half an hour. They end with the
 * process. Safe for use by several threads.
 */
final class Sessions {
  /** How long a session lasts. */
  static final Duration LASTS = Duration.ofMinutes(30);

  static final int MAX_SESSIONS = 16;

  private static final int RANDOM_BYTES = 32;

  private final MonotonicClock clock;
  private final SecureRandom random = new SecureRandom();
  private final Deque<Session> open = new ArrayDeque<>();

  /**
   * A session.
   *
   * @param id for the browser's cookie
   * @param formKey stands in each of its forms, and nowhere else: who sends a form has seen it
   */
  record Session(String id, String formKey, long until) {
    /** Nothing that would open it. */
    @Override
    public String toString() {
      return "Session";
    }
  }

  Sessions(MonotonicClock clock) {
    this.clock = clock;
  }

  /** Opens one; of too many the oldest ends. */
  synchronized Session open() {
    removeOld();
    while (open.size() >= MAX_SESSIONS) {
      open.removeFirst();
    }
    Session session = new Session(random(), random(), clock.nanoTime() + LASTS.toNanos());
    open.addLast(session);
    return session;
  }

  /** The session of an id; null if there is none, or it is over. */
  synchronized @Nullable Session find(String id) {
    removeOld();
    byte[] wanted = id.getBytes(US_ASCII);
    Session found = null;
    for (Session session : open) { // all of them: the time it takes tells nothing
      if (MessageDigest.isEqual(session.id().getBytes(US_ASCII), wanted)) {
        found = session;
      }
    }
    return found;
  }

  private void removeOld() {
    long now = clock.nanoTime();
    open.removeIf(session -> session.until() - now <= 0);
  }

  private String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
