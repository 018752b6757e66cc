package com.amazonaws.jobprocessor.stats;

import java.time.Instant;

/**
 * A box as EC2 describes it.
 *
 * @param zone empty until EC2 has chosen one
 * @param group the Auto Scaling group that it belongs to; empty if none
 * @param state by EC2's name, such as {@code running}
 */
public record ListedBox(
    String id,
    String type,
    String zone,
    boolean spot,
    String group,
    Instant launchedAt,
    String state) {}
