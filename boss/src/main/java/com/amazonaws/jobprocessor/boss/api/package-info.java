/** The HTTP API, version 1. */
@NullMarked
package com.amazonaws.jobprocessor.boss.api;

import org.jspecify.annotations.NullMarked;
