package com.amazonaws.jobprocessor.boss.page;

import java.util.Map;

/**
 * What a page says has just been done, by the word that the URL has for it: a form leads to a page,
 * and only what is written here can be made to stand on it.
 */
final class Notices {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("started", "The dispatch is started."),
          Map.entry("paused", "The dispatch is paused. What is in the queue is still worked on."),
          Map.entry("hours", "The hours are set."),
          Map.entry("pace", "The limits are set."),
          Map.entry("tasks", "The tasks are made."),
          Map.entry("role", "The role is changed; the user must sign in again."),
          Map.entry("disabled", "The user cannot sign in any more."),
          Map.entry("enabled", "The user can sign in again."),
          Map.entry("password", "The password is set."),
          Map.entry("retried", "The task will run again."),
          Map.entry("cancelled", "The task is cancelled."),
          Map.entry("undone", "The operation is taken back; nothing was changed."),
          Map.entry("stopped", "The operation is stopped; what it has done stays done."));

  private Notices() {}

  /** The sentence for a word; empty if there is none. */
  static String text(String word) {
    return TEXTS.getOrDefault(word, "");
  }
}
