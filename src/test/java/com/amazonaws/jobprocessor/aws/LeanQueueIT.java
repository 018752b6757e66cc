package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.aws.lean.LeanSqs;
import java.net.URI;
import java.util.Map;

/** Without the SDK's client. */
class LeanQueueIT extends SqsQueueContract {
  private static final String ENDPOINT = "aws.endpointUrlSqs";

  @Override
  SqsTransport transport(URI endpoint) {
    System.setProperty(ENDPOINT, endpoint.toString());
    try {
      return LeanSqs.transport("us-east-1", new AwsAccess.Keys("test", "test", null), Map.of())
          .orElseThrow();
    } catch (InvalidEnvironment e) {
      throw new IllegalStateException(e);
    } finally {
      System.clearProperty(ENDPOINT);
    }
  }
}
