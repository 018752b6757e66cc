/** The box: instance metadata, user data's source, home and state folders, JVM. */
@NullMarked
package com.amazonaws.jobprocessor.machine;

import org.jspecify.annotations.NullMarked;
