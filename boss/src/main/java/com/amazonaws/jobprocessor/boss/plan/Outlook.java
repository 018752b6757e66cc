package com.amazonaws.jobprocessor.boss.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A plan and what it was made of.
 *
 * @param at when it was made
 * @param closes when the hours are over; null if they are not about to be
 */
public record Outlook(Instant at, @Nullable Instant closes, Load load, Pace pace, Plan plan) {}
