/** The wire format: messages, their attributes, and pointers to payloads. */
@NullMarked
package com.amazonaws.jobprocessor.message;

import org.jspecify.annotations.NullMarked;
