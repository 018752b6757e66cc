/**
 * How many boxes a night needs, and when it is done: arithmetic without a clock and without I/O.
 */
@NullMarked
package com.amazonaws.jobprocessor.boss.plan;

import org.jspecify.annotations.NullMarked;
