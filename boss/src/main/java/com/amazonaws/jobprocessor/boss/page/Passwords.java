package com.amazonaws.jobprocessor.boss.page;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords by argon2id, with the memory and passes that OWASP's Password Storage
 * Cheat Sheet names as least: 19 MiB, 2, 1. So many at a time that sign-ins never take more memory.
 */
final class Passwords {
  /** Characters: what is asked of the user. */
  static final int MIN_LENGTH = 12;

  /** Characters: what is hashed at most. */
  static final int MAX_LENGTH = 256;

  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int MAX_AT_ONCE = 2;

  private final SecureRandom random = new SecureRandom();
  private final Semaphore places = new Semaphore(MAX_AT_ONCE, true);
  private final Argon2Function function;

  /** What is checked where there is no password: it takes as long. */
  private final String nobodys;

  /** With the cost that keeps guessers out. */
  Passwords() {
    this(MEMORY_KIB, PASSES);
  }

  /** With another cost: tests, which guess nothing, would spend their time on it. */
  Passwords(int memoryKib, int passes) {
    function = Argon2Function.getInstance(memoryKib, passes, 1, HASH_BYTES, Argon2.ID);
    nobodys = hash("nobody's password");
  }

  /** Why a password cannot be taken, in a sentence. */
  static Optional<String> problem(String password, String again, String name) {
    int length = password.codePointCount(0, password.length());
    if (!password.equals(again)) {
      return Optional.of("The two passwords are not the same.");
    }
    if (length < MIN_LENGTH || length > MAX_LENGTH) {
      return Optional.of(
          "A password has " + MIN_LENGTH + " to " + MAX_LENGTH + " characters; words will do.");
    }
    if (password.equalsIgnoreCase(name) || password.chars().distinct().count() < 4) {
      return Optional.of("This password is easy to guess. Take some words.");
    }
    return Optional.empty();
  }

  /** The hash of a password, with what is needed to check it. */
  String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    places.acquireUninterruptibly();
    try {
      return function.hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult();
    } finally {
      places.release();
    }
  }

  /**
   * True if it is the password of a hash.
   *
   * @param hash null for a user that has none: takes as long, and is false
   */
  boolean matches(String password, @Nullable String hash) {
    if (password.length() > MAX_LENGTH * 2) {
      return false;
    }
    places.acquireUninterruptibly();
    try {
      boolean same = function.check(password, hash == null ? nobodys : hash);
      return same && hash != null;
    } finally {
      places.release();
    }
  }
}
