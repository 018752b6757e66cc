/** Webhooks: what others are told of, signed, until they have accepted it. */
@NullMarked
package com.amazonaws.jobprocessor.boss.hook;

import org.jspecify.annotations.NullMarked;
