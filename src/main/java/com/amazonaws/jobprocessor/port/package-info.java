/** What the engine needs of the outside: queues, the job table, the payload bucket. */
@NullMarked
package com.amazonaws.jobprocessor.port;

import org.jspecify.annotations.NullMarked;
