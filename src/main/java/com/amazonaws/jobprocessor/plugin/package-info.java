/** Finds and loads the one executor, in its own class loader. */
@NullMarked
package com.amazonaws.jobprocessor.plugin;

import org.jspecify.annotations.NullMarked;
