/** Who did how much, and who is out of line with the others: arithmetic, no I/O. */
@NullMarked
package com.amazonaws.jobprocessor.boss.report;

import org.jspecify.annotations.NullMarked;
