package com.amazonaws.jobprocessor.boss.plan;

/**
 * How many jobs go into a message: the dispatch makes such packs, and the costs reckon with them.
 */
public final class PackSize {
  /** A pack is no more than so many milliseconds of work, so that boxes share what there is. */
  private static final double PACK_MILLIS = 2_000;

  private static final int MAX_JOBS = 100;

  private PackSize() {}

  /**
   * Jobs of a pack; 1 for no packs.
   *
   * @param meanMillis of a job
   */
  public static int jobs(double meanMillis) {
    return (int) Math.clamp(PACK_MILLIS / Math.max(1, meanMillis), 1, MAX_JOBS);
  }
}
