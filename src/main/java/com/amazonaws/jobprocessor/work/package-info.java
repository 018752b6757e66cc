/** Takes a job, keeps its lease, runs it, settles it. */
@NullMarked
package com.amazonaws.jobprocessor.work;

import org.jspecify.annotations.NullMarked;
