/**
 * The page, {@code /status.json}, the metrics and the health checks, all drawn from one snapshot.
 */
@NullMarked
package com.amazonaws.jobprocessor.status;

import org.jspecify.annotations.NullMarked;
