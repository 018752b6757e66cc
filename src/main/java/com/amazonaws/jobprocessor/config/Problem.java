package com.amazonaws.jobprocessor.config;

/**
 * One reason why the worker does not start.
 *
 * @param key the setting, or the place of a text that is none
 * @param message the whole line for standard error, the key included: no line break, no control
 *     character, no secret
 */
public record Problem(String key, String message) {
  static Problem of(String key, String text) {
    return new Problem(key, key + ": " + text);
  }
}
