/**
 * How dead letters are gone through and sent back. What {@link com.amazonaws.jobprocessor.client}
 * and the command line share; not for applications: it may change with any version.
 */
@NullMarked
package com.amazonaws.jobprocessor.client.letters;

import org.jspecify.annotations.NullMarked;
