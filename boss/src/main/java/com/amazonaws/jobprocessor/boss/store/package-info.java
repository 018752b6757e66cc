/** The one database: tasks, their dispatches and results, and whatever else the boss remembers. */
@NullMarked
package com.amazonaws.jobprocessor.boss.store;

import org.jspecify.annotations.NullMarked;
