package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.net.URI;

/** By the SDK's client. */
class SqsQueueIT extends SqsQueueContract {
  @Override
  SqsTransport transport(URI endpoint) {
    return new SdkTransport(EmbeddedSqs.clientFor(endpoint));
  }
}
