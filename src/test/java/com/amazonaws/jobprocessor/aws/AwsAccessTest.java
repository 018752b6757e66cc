package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

class AwsAccessTest {
  private static final String OF_S3 = "aws.endpointUrlS3";
  private static final String OF_ALL = "aws.endpointUrl";

  @AfterEach
  void clear() {
    System.clearProperty(OF_S3);
    System.clearProperty(OF_ALL);
  }

  private static String address() {
    AwsAccess.Keys keys = new AwsAccess.Keys("test", "test", null);
    try (S3Client s3 = AwsAccess.s3("eu-central-1", keys, Duration.ofSeconds(1))) {
      return s3.utilities().getUrl(r -> r.bucket("my-bucket").key("k")).toString();
    }
  }

  @Test
  void the_bucket_is_in_the_host_name_at_amazon() {
    assertEquals("https://my-bucket.s3.eu-central-1.amazonaws.com/k", address());
  }

  @Test
  void the_bucket_is_in_the_path_at_an_endpoint_of_ones_own() {
    System.setProperty(OF_ALL, "http://everything.example:1");
    assertEquals("http://everything.example:1/my-bucket/k", address());

    System.setProperty(OF_S3, "http://storage.example:9000");
    assertEquals("http://storage.example:9000/my-bucket/k", address());
  }
}
