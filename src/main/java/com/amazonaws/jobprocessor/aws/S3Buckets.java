package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import software.amazon.awssdk.services.s3.S3Client;

/** Looks for buckets. */
public final class S3Buckets {
  private final S3Client s3;
  private final SqsCalls calls;

  public S3Buckets(S3Client s3, SqsCalls calls) {
    this.s3 = s3;
    this.calls = calls;
  }

  /**
   * True if there is a bucket of this name.
   *
   * @throws CallFailed if S3 does not tell, for one because {@code s3:ListBucket} is not allowed
   */
  public boolean exists(String bucket) throws CallFailed, InterruptedException {
    try {
      calls.call(() -> s3.headBucket(r -> r.bucket(bucket)));
      return true;
    } catch (CallFailed e) {
      if (e.code().equals("NoSuchBucket") || e.code().equals("HTTP 404")) {
        return false;
      }
      throw e;
    }
  }
}
