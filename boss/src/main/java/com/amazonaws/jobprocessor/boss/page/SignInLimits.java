package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Buckets;
import com.amazonaws.jobprocessor.message.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How often somebody may try to sign in: by address and by name. Whoever guesses a name's password
 * cannot lock its owner out: a browser in which the owner has signed in before has tries of its own
 * (device cookies, as OWASP describes them).
 */
final class SignInLimits {
  private static final int TRIES = 10;

  private final Buckets addresses = new Buckets(TRIES, Duration.ofSeconds(5));
  private final Buckets names = new Buckets(TRIES, Duration.ofSeconds(10));
  private final Buckets devices = new Buckets(TRIES, Duration.ofSeconds(10));

  /** All strangers together: more cost more processor time than there is to spare. */
  private final Buckets all = new Buckets(60, Duration.ofMillis(250));

  /** Takes a try of a stranger; returns how long to wait, zero if it may be made. */
  Duration takeStranger(String address, String name, Instant now) {
    Duration wait = addresses.take(address, now);
    if (wait.isZero()) {
      wait = names.take(key(name), now);
    }
    return wait.isZero() ? all.take("", now) : wait;
  }

  /** Takes a try of a browser that the user has signed in with before. */
  Duration takeDevice(String device, Instant now) {
    return devices.take(Printable.sha256(device), now);
  }

  /** The password was right. */
  void right(String address, String name) {
    addresses.giveBack(address);
    names.giveBack(key(name));
  }

  /** Of the same length whatever was sent. */
  private static String key(String name) {
    return Printable.sha256(name.toLowerCase(Locale.ROOT));
  }
}
