package com.amazonaws.jobprocessor.client;

import java.util.List;

/**
 * What a repair has done.
 *
 * @param found jobs that waited to be sent again
 * @param sent of them, those that were sent; the others had been taken meanwhile by a worker or
 *     another repair, or are among the problems
 * @param failed of them, those that could not be sent
 * @param younger jobs that no worker has met either, and that were left alone, since they were
 *     recorded too short a time ago: their sender may be at work, or they wait in the queue
 * @param problems a line each, of the first twenty
 */
public record RepairReport(
    long found, long sent, long failed, long younger, List<String> problems) {}
