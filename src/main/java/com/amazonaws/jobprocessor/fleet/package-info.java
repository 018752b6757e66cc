/**
 * The boxes of a queue: how many there are, and one more; and the end of this one, by the notices
 * that it is about to be taken, by itself when it has nothing to do, or because somebody asks.
 */
@NullMarked
package com.amazonaws.jobprocessor.fleet;

import org.jspecify.annotations.NullMarked;
