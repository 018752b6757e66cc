/** All that ends a job: claims and records, results and dead letters, deletes and give-backs. */
@NullMarked
package com.amazonaws.jobprocessor.work.settle;

import org.jspecify.annotations.NullMarked;
