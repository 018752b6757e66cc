/**
 * The few calls of SQS that a worker makes for each job, with no more around them than they need:
 * JSON written and read as a stream, signed by the SDK's signer with the SDK's credentials, sent by
 * a plain pool of connections. {@link com.amazonaws.jobprocessor.aws.lean.LeanSqs} says when. All
 * else about SQS is the SDK's own client's affair: docs/adr/0012.
 */
@NullMarked
package com.amazonaws.jobprocessor.aws.lean;

import org.jspecify.annotations.NullMarked;
