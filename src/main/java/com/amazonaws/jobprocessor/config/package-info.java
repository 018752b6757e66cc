/**
 * Turns user-data text into {@link com.amazonaws.jobprocessor.config.Settings}, or into the whole
 * list of {@link com.amazonaws.jobprocessor.config.Problem}s. One table, {@code Setting}, is the
 * single source for parsing, {@code --help}, {@code --check} and the README. Nothing here reads a
 * file, the network, the environment or a clock.
 */
@NullMarked
package com.amazonaws.jobprocessor.config;

import org.jspecify.annotations.NullMarked;
