/**
 * The executors that come with the worker: examples, and two that run jobs written in any language.
 */
@NullMarked
package com.amazonaws.jobprocessor.executors;

import org.jspecify.annotations.NullMarked;
