/** Tests of what measures; what is measured is asserted by counts, never by times. */
@NullMarked
package com.amazonaws.jobprocessor.bench;

import org.jspecify.annotations.NullMarked;
