/**
 * What every call to the outside shares: the clock, threads, back-off, outages, the watch over what
 * is stuck.
 */
@NullMarked
package com.amazonaws.jobprocessor.work.call;

import org.jspecify.annotations.NullMarked;
