/**
 * How jobs get into the queue: packs, batches, several calls at a time, and what is sent again.
 * What {@link com.amazonaws.jobprocessor.client} and the command line share; not for applications:
 * it may change with any version.
 */
@NullMarked
package com.amazonaws.jobprocessor.client.send;

import org.jspecify.annotations.NullMarked;
