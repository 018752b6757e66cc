/** The boss: its commands, and the wiring by hand. */
@NullMarked
package com.amazonaws.jobprocessor.boss;

import org.jspecify.annotations.NullMarked;
