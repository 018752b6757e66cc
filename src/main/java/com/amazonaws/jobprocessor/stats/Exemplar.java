package com.amazonaws.jobprocessor.stats;

import java.time.Instant;

/**
 * A job for which a bucket of a histogram stands.
 *
 * @param jobId may hold any character that SQS allows, and be long
 * @param seconds its length
 * @param at when it was counted
 */
public record Exemplar(String jobId, double seconds, Instant at) {}
