/**
 * The fault suite: real workers against servers that break and workers that die, judged by an
 * independent register of what ran and what came out.
 */
@NullMarked
package com.amazonaws.jobprocessor.faults;

import org.jspecify.annotations.NullMarked;
