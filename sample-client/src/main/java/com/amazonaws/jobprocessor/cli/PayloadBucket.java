package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.read.Retry;
import picocli.CommandLine.Option;

/** The option that names the bucket of large payloads. */
final class PayloadBucket {
  @Option(
      names = "--payload-bucket",
      paramLabel = "NAME",
      description =
          "S3 bucket for what does not fit a message, up to 64 MiB: the workers' payload_bucket_name")
  String name;

  /** The bucket, or one that says to everything that none was named. */
  Bucket open(AwsSession aws, Retry retry) throws InvalidEnvironment {
    return name == null ? Bucket.none() : new Bucket(new PayloadObjects(aws.payloads(name), retry));
  }
}
