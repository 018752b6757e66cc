/** The hours from their begin to their end: forecasts, boxes, and what is noted of batches. */
@NullMarked
package com.amazonaws.jobprocessor.boss.night;

import org.jspecify.annotations.NullMarked;
