/** Tasks go out, results come in: the loops beside the queues. */
@NullMarked
package com.amazonaws.jobprocessor.boss.dispatch;

import org.jspecify.annotations.NullMarked;
