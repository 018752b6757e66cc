/** The log's lines and levels, on standard output or in the journal. */
@NullMarked
package com.amazonaws.jobprocessor.logging;

import org.jspecify.annotations.NullMarked;
