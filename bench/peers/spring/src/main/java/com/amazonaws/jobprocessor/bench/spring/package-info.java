/** A worker to compare with, on Spring Cloud AWS SQS. */
package com.amazonaws.jobprocessor.bench.spring;
