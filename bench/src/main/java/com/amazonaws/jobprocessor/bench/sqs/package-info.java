/**
 * A small SQS on this machine that counts its requests and costs next to nothing, so that workers
 * are measured and not the server: JSON protocol over HTTP/1.1, one thread, everything in memory,
 * signatures not checked, standard queues only.
 */
@NullMarked
package com.amazonaws.jobprocessor.bench.sqs;

import org.jspecify.annotations.NullMarked;
