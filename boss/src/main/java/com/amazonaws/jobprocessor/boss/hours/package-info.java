/** When tasks may be dispatched: arithmetic on instants and zone rules, without a clock. */
@NullMarked
package com.amazonaws.jobprocessor.boss.hours;

import org.jspecify.annotations.NullMarked;
