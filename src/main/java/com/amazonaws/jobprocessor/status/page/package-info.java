/** The page for people: one class for each of its sections, drawn from a snapshot. */
@NullMarked
package com.amazonaws.jobprocessor.status.page;

import org.jspecify.annotations.NullMarked;
