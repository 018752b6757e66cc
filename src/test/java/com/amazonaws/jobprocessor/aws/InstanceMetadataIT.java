package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.io.IOException;
import java.time.Duration;
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

  /**
   * aws/aws-node-termination-handler#229, #668: the token was refused, and nothing seen any more.
   */
  @Test
  void a_token_that_is_refused_is_renewed() throws Exception {
    try (FakeImds imds = FakeImds.start();
        InstanceMetadata metadata = new InstanceMetadata(imds.endpoint())) {
      for (int i = 0; i < 3; i++) {
        assertEquals(Optional.of("us-east-1"), metadata.read(FakeImds.REGION));
        imds.forgetTokens();
      }

      assertEquals(3, imds.requests(FakeImds.TOKEN));
    }
  }

  @Test
  void a_token_that_runs_out_is_renewed() throws Exception {
    SettableWallClock clock = new SettableWallClock();
    try (FakeImds imds = FakeImds.start(clock).tokensLast(Duration.ofSeconds(60));
        InstanceMetadata metadata = new InstanceMetadata(imds.endpoint())) {
      assertEquals(Optional.of("us-east-1"), metadata.read(FakeImds.REGION));
      clock.advance(Duration.ofSeconds(61));

      assertEquals(Optional.of("us-east-1"), metadata.read(FakeImds.REGION));
    }
  }

  @Test
  void what_is_no_answer_is_no_value() throws Exception {
    try (FakeImds imds = FakeImds.start();
        InstanceMetadata metadata = new InstanceMetadata(imds.endpoint(), Duration.ofSeconds(30))) {
      assertEquals(Optional.empty(), metadata.read("/latest/meta-data/none"));
      for (int status : new int[] {401, 403, 429, 500, 503}) {
        int times = status == 401 ? 2 : 1; // asked again with a new token
        imds.fail(FakeImds.REGION, times, status);
        assertThrows(IOException.class, () -> metadata.read(FakeImds.REGION), "HTTP " + status);
        imds.forgetTokens();
        imds.fail(FakeImds.TOKEN, times, status);
        assertThrows(IOException.class, () -> metadata.read(FakeImds.REGION), "HTTP " + status);
        assertEquals(Optional.of("us-east-1"), metadata.read(FakeImds.REGION));
      }
      imds.down();
      assertThrows(IOException.class, () -> metadata.read(FakeImds.REGION));
      imds.up();
      assertEquals(Optional.of("us-east-1"), metadata.read(FakeImds.REGION));
    }
  }
}
