package com.amazonaws.jobprocessor.client;

import java.util.List;

/**
 * What a repair has done.
 *
 * @param found jobs that waited to be sent again
 * @param sent of them, those that were sent; the others had been taken meanwhile by a worker or
 *     another repair, or are among the problems
 * @param failed of them, those that could not be sent
 * @param problems a line each, of the first twenty
 */
public record RepairReport(long found, long sent, long failed, List<String> problems) {}
