/** Tests of the counting SQS, with the AWS SDK as its client. */
@NullMarked
package com.amazonaws.jobprocessor.bench.sqs;

import org.jspecify.annotations.NullMarked;
