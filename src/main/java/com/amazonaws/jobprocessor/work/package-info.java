/** Takes a job, keeps its lease, runs it, settles it; declares the ports that this needs. */
@NullMarked
package com.amazonaws.jobprocessor.work;

import org.jspecify.annotations.NullMarked;
