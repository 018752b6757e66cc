package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.JobExecutor;

/**
 * Reverses the job's text, character by character (code points, so that an emoji stays whole); a
 * text with white space in it fails, to show what becomes of failures. The default executor. Takes
 * no settings.
 */
public final class ReverseSpacelessString implements JobExecutor {
  /** For the executor loader. */
  public ReverseSpacelessString() {}

  @Override
  public String execute(String jobDefinition) {
    int[] characters = jobDefinition.codePoints().toArray();
    StringBuilder reversed = new StringBuilder(jobDefinition.length());
    for (int i = characters.length - 1; i >= 0; i--) {
      if (Character.isWhitespace(characters[i]) || Character.isSpaceChar(characters[i])) {
        throw new IllegalArgumentException(
            "the text has white space at character "
                + (i + 1)
                + ": only text without any is reversed");
      }
      reversed.appendCodePoint(characters[i]);
    }
    return reversed.toString();
  }
}
