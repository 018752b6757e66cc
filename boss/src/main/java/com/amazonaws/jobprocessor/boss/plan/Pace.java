package com.amazonaws.jobprocessor.boss.plan;

/**
 * What the workers do now, as measured by their answers.
 *
 * @param boxes workers that have answered lately; 0 if none has
 * @param perSecond tasks that all of them end in a second
 */
public record Pace(int boxes, double perSecond) {
  /** Nobody has answered lately. */
  public static final Pace NONE = new Pace(0, 0);

  /** True if there is something to go by. */
  public boolean isMeasured() {
    return boxes > 0 && perSecond > 0;
  }
}
