/**
 * The test kit: an SQS, a DynamoDB and an S3 in this process, a proxy that breaks calls on purpose,
 * a fake instance metadata service, an EC2 and Auto Scaling that only remember, and the daemon as a
 * real process.
 *
 * <p>Everything listens on 127.0.0.1 and a port that the system picks. Closing a part ends its
 * threads, sockets and children.
 */
package com.amazonaws.jobprocessor.testkit;
