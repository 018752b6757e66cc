/** Workers to compare with, on the AWS SDK for Java as it comes. */
package com.amazonaws.jobprocessor.bench.peers;
