/**
 * What is in hand: messages, their jobs, leases, attempts and outcomes. States and clocks, no
 * threads.
 */
@NullMarked
package com.amazonaws.jobprocessor.work.job;

import org.jspecify.annotations.NullMarked;
