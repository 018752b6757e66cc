/** Readiness, status and watchdog, as systemd wants to be told of them. */
@NullMarked
package com.amazonaws.jobprocessor.systemd;

import org.jspecify.annotations.NullMarked;
