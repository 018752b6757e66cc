package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InstanceMetadataIT {
  @AfterEach
  void forgetTheProxy() {
    System.clearProperty("http.proxyHost");
    System.clearProperty("http.proxyPort");
  }

  @Test
  void it_is_asked_without_the_proxy_of_the_process() throws Exception {
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", "1"); // nobody listens there
    try (FakeImds imds = FakeImds.start();
        InstanceMetadata metadata = new InstanceMetadata(imds.endpoint())) {
      imds.userData("concurrency=2");

      assertEquals(Optional.of("concurrency=2"), metadata.read(FakeImds.USER_DATA));
    }
  }
}
