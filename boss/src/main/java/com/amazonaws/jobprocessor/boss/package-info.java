/** The boss: its commands, and the wiring by hand. */
package com.amazonaws.jobprocessor.boss;
