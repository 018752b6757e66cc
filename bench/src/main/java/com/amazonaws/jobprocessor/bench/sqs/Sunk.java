package com.amazonaws.jobprocessor.bench.sqs;

/**
 * What was sent to a queue that keeps nothing.
 *
 * @param jobs alone in their messages or in packs
 * @param distinct how many different ones
 * @param sum of the jobs' {@link Sink#digest digests}, whatever their order
 */
public record Sunk(int messages, int jobs, int distinct, long sum) {}
