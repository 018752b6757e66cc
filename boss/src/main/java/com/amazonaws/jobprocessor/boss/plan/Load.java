package com.amazonaws.jobprocessor.boss.plan;

/**
 * What there is to do.
 *
 * @param open tasks that have not ended: waiting, on their way, or with the workers
 * @param meanSeconds a task's run time as measured; 0 if nothing has been measured
 */
public record Load(long open, double meanSeconds) {}
