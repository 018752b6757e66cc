/** Boxes for the hours: by EC2, or by the desired capacity of an Auto Scaling group. */
@NullMarked
package com.amazonaws.jobprocessor.boss.boxes;

import org.jspecify.annotations.NullMarked;
