/** The only package that knows the AWS SDK: one class a port, and two ways to call SQS. */
@NullMarked
package com.amazonaws.jobprocessor.aws;

import org.jspecify.annotations.NullMarked;
