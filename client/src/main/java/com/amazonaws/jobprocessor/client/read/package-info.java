/**
 * How messages get out of queues: hidden while they are looked at, shown again or deleted. What
 * {@link com.amazonaws.jobprocessor.client} and the command line share; not for applications: it
 * may change with any version.
 */
@NullMarked
package com.amazonaws.jobprocessor.client.read;

import org.jspecify.annotations.NullMarked;
