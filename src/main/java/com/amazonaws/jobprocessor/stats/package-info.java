/**
 * Counts what happened: events go in, one snapshot comes out; the log's lines about jobs, sums and
 * dollars.
 */
@NullMarked
package com.amazonaws.jobprocessor.stats;

import org.jspecify.annotations.NullMarked;
