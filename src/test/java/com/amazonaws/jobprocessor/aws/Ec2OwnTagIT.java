package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Against the fake EC2 and the fake instance metadata of the test kit. */
class Ec2OwnTagIT {
  private static final String ID = "i-0123456789abcdef0";

  private final FakeImds imds = FakeImds.start();
  private final FakeFleet fleet = FakeFleet.start().running(ID);
  private final InstanceMetadata metadata = new InstanceMetadata(imds.endpoint());
  private final Ec2OwnTag tag =
      new Ec2OwnTag(
          "us-east-1",
          StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
          metadata,
          ID,
          Map.of("AWS_ENDPOINT_URL_EC2", fleet.endpoint().toString()));

  @AfterEach
  void close() {
    metadata.close();
    fleet.close();
    imds.close();
  }

  @Test
  void the_tag_is_set_by_a_call_of_ec2s() throws Exception {
    tag.set("to do & more");

    assertEquals("to do & more", fleet.instance(ID).tags().get(Boxes.TAG));
    assertEquals(1, fleet.calls("CreateTags").size());
  }

  @Test
  void the_tag_is_read_where_metadata_has_tags() throws Exception {
    assertNull(tag.read());
    imds.set("/latest/meta-data/tags/instance/job-processor:backlog", "todo");
    assertEquals("todo", tag.read());
  }

  @Test
  void refusals_and_an_ec2_that_is_away_are_told_apart() {
    fleet.refuse("CreateTags", 1, 403, "UnauthorizedOperation");
    assertEquals(
        "UnauthorizedOperation", assertThrows(CallFailed.class, () -> tag.set("todo")).code());
    fleet.refuse("CreateTags", 1, 503, "Unavailable");
    assertEquals(
        CallFailed.Kind.UNKNOWN, assertThrows(CallFailed.class, () -> tag.set("todo")).kind());
    fleet.close();
    assertEquals(
        CallFailed.Kind.UNKNOWN, assertThrows(CallFailed.class, () -> tag.set("todo")).kind());
  }
}
