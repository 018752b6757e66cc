package com.amazonaws.jobprocessor.config;

/**
 * One text of pairs and where it came from.
 *
 * @param name as messages call it: {@code user data}, {@code conf/job-processor.conf}
 * @param text the pairs, or a script or cloud-init document that carries them; may hold secrets
 */
public record Source(String name, String text) {
  /** The name and the size only: the text may hold secrets. */
  @Override
  public String toString() {
    return "Source[" + name + ", " + text.length() + " characters]";
  }
}
