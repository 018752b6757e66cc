package com.amazonaws.jobprocessor;

import java.util.Map;

/** An executor that takes settings: the pairs {@code executor.NAME=value} of the user data. */
public interface Configurable {
  /**
   * Called once, after the constructor and before the first job; {@code --check} calls it as well,
   * so do not start threads or open connections here.
   *
   * @param settings the values by NAME, without the prefix {@code executor.}; empty if there are
   *     none
   * @throws IllegalArgumentException if a setting is missing, unknown or out of range: the message
   *     is shown to the user as one line, and the worker does not start; further problems may be
   *     added as suppressed exceptions of this class, a line each
   * @throws Exception if the executor cannot work for another reason; shown in the same way
   */
  void configure(Map<String, String> settings) throws Exception;
}
