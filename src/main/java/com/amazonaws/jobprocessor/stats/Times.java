package com.amazonaws.jobprocessor.stats;

import java.time.Duration;

/**
 * How long things took: read off a histogram, so within a tenth or so.
 *
 * @param count of how many; all else is zero if there was none
 * @param p50 half of them took no longer
 * @param p95 nor did 95 of a hundred than this
 * @param p99 nor 99 of a hundred than this
 */
public record Times(long count, Duration mean, Duration p50, Duration p95, Duration p99) {}
