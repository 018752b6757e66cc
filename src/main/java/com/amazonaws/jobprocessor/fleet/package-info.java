/**
 * The end of this box: the notices that it is about to be taken, and its own end when it has
 * nothing to do.
 */
@NullMarked
package com.amazonaws.jobprocessor.fleet;

import org.jspecify.annotations.NullMarked;
