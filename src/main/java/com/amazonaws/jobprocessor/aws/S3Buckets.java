package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import org.jspecify.annotations.Nullable;
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
   * The region of the bucket of this name, as far as S3 tells; null if there is no such bucket.
   *
   * @param assumed the region if S3 does not tell
   * @throws CallFailed if S3 does not tell, for one because {@code s3:ListBucket} is not allowed
   */
  public @Nullable String regionOf(String bucket, String assumed)
      throws CallFailed, InterruptedException {
    try {
      String region = calls.call(() -> s3.headBucket(r -> r.bucket(bucket))).bucketRegion();
      return region == null || region.isBlank() ? assumed : region;
    } catch (CallFailed e) {
      if (e.code().equals("NoSuchBucket") || e.code().equals("HTTP 404")) {
        return null;
      }
      throw e;
    }
  }
}
