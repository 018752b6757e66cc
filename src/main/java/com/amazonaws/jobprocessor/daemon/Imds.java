package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.InstanceMetadata;
import com.amazonaws.jobprocessor.machine.Metadata;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SDK's client of the instance metadata service, as the machine wants it. */
record Imds(InstanceMetadata client) implements Metadata {
  /** The service at an address, or at its usual one for null. */
  static Imds at(@Nullable URI endpoint) {
    return new Imds(new InstanceMetadata(endpoint));
  }

  @Override
  public Optional<String> read(String path) throws IOException {
    return client.read(path);
  }

  @Override
  public void close() {
    client.close();
  }
}
