/** Who goes when: how much may be in flight, which job runs next, whose turn it is in a group. */
@NullMarked
package com.amazonaws.jobprocessor.work.room;

import org.jspecify.annotations.NullMarked;
