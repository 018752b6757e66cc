/**
 * What an application links to work with the queue: it submits jobs, asks for their state, collects
 * results and looks after dead letters. Runs on Java 17; what blocks may be interrupted; there is
 * no static state.
 */
@NullMarked
package com.amazonaws.jobprocessor.client;

import org.jspecify.annotations.NullMarked;
