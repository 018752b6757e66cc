package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.fleet.Launch;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the fake instance metadata of the test kit. */
class ImdsMachineIT {
  private static final String META_DATA = "/latest/meta-data/";

  private final FakeImds imds = FakeImds.start();
  private final InstanceMetadata metadata = new InstanceMetadata(imds.endpoint());
  private final ImdsMachine machine = new ImdsMachine(() -> metadata);

  @AfterEach
  void close() {
    metadata.close();
    imds.close();
  }

  @Test
  void what_the_instance_was_launched_with_is_read() throws Exception {
    String mac = META_DATA + "network/interfaces/macs/0e:49:61:0f:c3:11/";
    imds.set(META_DATA + "ami-id", "ami-1")
        .set(META_DATA + "instance-life-cycle", "spot")
        .set(META_DATA + "mac", "0e:49:61:0f:c3:11")
        .set(mac + "subnet-id", "subnet-1")
        .set(mac + "security-group-ids", "sg-1\nsg-2\n")
        .set(META_DATA + "public-keys/", "0=my=key\n1=other")
        .set(META_DATA + "iam/info", "{\"InstanceProfileArn\": \"arn:profile\"}")
        .userData("a=1\n")
        .targetState("InService");

    assertEquals(
        new Launch.Machine("ami-1", "t3.small", true, "arn:profile", "my=key"), machine.machine());
    assertEquals(new Launch.Network("subnet-1", List.of("sg-1", "sg-2")), machine.network());
    assertEquals("a=1\n", machine.userData());
    assertTrue(machine.isInGroup());
  }

  @Test
  void what_it_was_launched_without_is_left_out() throws Exception {
    imds.set(META_DATA + "ami-id", "ami-1");

    assertEquals(new Launch.Machine("ami-1", "t3.small", false, null, null), machine.machine());
    assertEquals(new Launch.Network(null, List.of()), machine.network());
    assertEquals("", machine.userData());
    assertFalse(machine.isInGroup());
  }

  @Test
  void without_its_image_or_an_answer_nothing_is_like_it() {
    assertThrows(IOException.class, machine::machine);
    imds.set(META_DATA + "ami-id", "ami-1").set(META_DATA + "iam/info", "no json");
    assertThrows(IOException.class, machine::machine);
    imds.down();
    assertThrows(IOException.class, machine::network);
  }
}
