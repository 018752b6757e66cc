package com.amazonaws.jobprocessor.boss.store;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a user of the pages may do; each includes those before it. */
public enum Role {
  /** May look at everything. */
  VIEWER,
  /** May make tasks, start and stop, retry, cancel, and say who is a user. */
  OPERATOR;

  /** As it is stored and shown. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of a text, if it is one. */
  public static Optional<Role> of(String text) {
    return Stream.of(values()).filter(role -> role.text().equals(text)).findFirst();
  }

  /** True if it includes the other. */
  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
