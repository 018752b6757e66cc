/**
 * Measures workers from outside: {@code Comparison} runs this daemon and others by turns on the
 * same jobs, {@code Fleet} runs more and more workers of this daemon on one backlog. A worker is a
 * process that is started with the names of its queues; what it asks for is counted by the server
 * in {@code bench.sqs}, what it uses is read from /proc.
 */
@NullMarked
package com.amazonaws.jobprocessor.bench;

import org.jspecify.annotations.NullMarked;
