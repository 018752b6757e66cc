/**
 * EC2 and Auto Scaling by the SDK. These classes, and the SDK's for the two services, are on no
 * class path of the daemon: 27 MB of jars, which each start would have to open and most workers
 * never need. {@link com.amazonaws.jobprocessor.aws.FleetJars} loads them when they are needed.
 */
@NullMarked
package com.amazonaws.jobprocessor.aws.fleet;

import org.jspecify.annotations.NullMarked;
