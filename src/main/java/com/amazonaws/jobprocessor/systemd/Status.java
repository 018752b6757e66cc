package com.amazonaws.jobprocessor.systemd;

import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the process is, as far as systemd is concerned.
 *
 * @param text what the worker does
 * @param stuck what of it does not go on
 * @param waiting true while the start waits for somebody else
 * @param drainLeft how long a drain may still take, if there is one
 */
public record Status(
    String text, List<StuckWatch.Stuck> stuck, boolean waiting, @Nullable Duration drainLeft) {}
