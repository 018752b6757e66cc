/** Tests of {@code bin/job-processor} as a process, through what users see only. */
package com.amazonaws.jobprocessor.blackbox;
