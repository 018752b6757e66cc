package com.amazonaws.jobprocessor.aws.lean;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.SdkTransport;
import com.amazonaws.jobprocessor.aws.SqsTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Our calls and the SDK's client beside them, before the same stub. */
final class BothClients implements AutoCloseable {
  private static final String ENDPOINT = "aws.endpointUrlSqs";
  static final AwsAccess.Keys KEYS =
      new AwsAccess.Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
  static final Duration LIMIT = Duration.ofSeconds(20);

  final SqsStub stub = new SqsStub();
  final SqsTransport lean;
  final SqsTransport sdk;

  BothClients() throws Exception {
    this("", KEYS);
  }

  /**
   * Both.
   *
   * @param path what comes behind the stub's address in the endpoint
   */
  BothClients(String path, AwsAccess.Keys keys) throws Exception {
    System.setProperty(ENDPOINT, stub.endpoint() + path);
    try {
      lean = LeanSqs.transport("us-east-1", keys, Map.of()).orElseThrow();
      sdk = new SdkTransport(AwsAccess.sqs("us-east-1", keys, LIMIT));
    } finally {
      System.clearProperty(ENDPOINT);
    }
  }

  /** Ours alone, before any server. */
  static SqsTransport lean(URI endpoint) throws Exception {
    System.setProperty(ENDPOINT, endpoint.toString());
    try {
      return LeanSqs.transport("us-east-1", KEYS, Map.of()).orElseThrow();
    } finally {
      System.clearProperty(ENDPOINT);
    }
  }

  @Override
  public void close() throws IOException {
    lean.close();
    sdk.close();
    stub.close();
  }
}
