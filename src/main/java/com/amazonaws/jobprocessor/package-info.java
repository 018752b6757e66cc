/**
 * What the author of an executor sees: {@link com.amazonaws.jobprocessor.JobExecutor}, three
 * exceptions with a meaning of their own, and the optional interfaces. Compiled for Java 17 and
 * shipped alone as {@code job-processor-api.jar}.
 */
package com.amazonaws.jobprocessor;
