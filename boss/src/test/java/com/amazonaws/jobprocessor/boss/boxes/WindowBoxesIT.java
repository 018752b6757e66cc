package com.amazonaws.jobprocessor.boss.boxes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.boss.night.WindowBoxes;
import com.amazonaws.jobprocessor.boss.night.WindowBoxes.Order;
import com.amazonaws.jobprocessor.boss.night.WindowBoxes.Started;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import com.amazonaws.jobprocessor.fleet.Refused;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeInstance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Boxes for the hours, by the fake EC2 and Auto Scaling of the test kit. */
class WindowBoxesIT {
  private static final List<String> ENDPOINTS =
      List.of("aws.endpointUrlEc2", "aws.endpointUrlAutoScaling");

  private final FakeFleet fleet = FakeFleet.start();
  private Boxes boxes;

  @BeforeEach
  void connect() throws Exception {
    Map.of(
            "aws.endpointUrlEc2",
            fleet.endpoint().toString(),
            "aws.endpointUrlAutoScaling",
            fleet.endpoint().toString(),
            "aws.accessKeyId",
            "test",
            "aws.secretAccessKey",
            "test")
        .forEach(System::setProperty);
    boxes = FleetJars.boxes("us-east-1", null);
  }

  @AfterEach
  void close() {
    boxes.close();
    fleet.close();
    ENDPOINTS.forEach(System::clearProperty);
  }

  private WindowBoxes launched(int max) {
    return new LaunchedBoxes(
        boxes,
        new LaunchedBoxes.Kind(
            new Launch.Machine("ami-0123456789abcdef0", "c7i.large", true, "workers", null),
            new Launch.Network("subnet-1", List.of("sg-1")),
            "todo",
            "job_backlog_queue_name=todo\n"),
        max);
  }

  private static Started all(int boxes) {
    return new Started(boxes, "");
  }

  @Test
  void ec2_is_named_if_it_has_fewer() throws Exception {
    fleet.capacity(2);
    Order three = new Order("boss-db-1-1", 3, 3);
    assertEquals(
        new Started(2, "EC2 had 2 of the 3 that were asked for"), launched(9).bring(three));
    assertEquals(new Started(2, "2 of the 3 that were asked for came"), launched(9).bring(three));
  }

  @Test
  void an_order_launches_boxes_once_however_often_it_is_given() throws Exception {
    WindowBoxes one = launched(10);
    assertEquals(all(3), one.bring(new Order("boss-db-1-1", 3, 3)));
    assertEquals(all(3), one.bring(new Order("boss-db-1-1", 3, 3)));
    assertEquals(all(3), launched(10).bring(new Order("boss-db-1-1", 3, 3)));
    assertEquals(all(2), one.bring(new Order("boss-db-1-2", 2, 5)));
    assertEquals(5, fleet.instances().size());
    assertEquals(2, fleet.calls("RunInstances").size());
    FakeInstance box = fleet.instances().getFirst();
    assertEquals("todo", box.tags().get(Boxes.TAG));
    assertEquals("job_backlog_queue_name=todo\n", box.userData());
    assertEquals("spot", box.launch().get("InstanceMarketOptions.MarketType"));
  }

  @Test
  void the_boxes_of_the_orders_are_ended_and_no_others() throws Exception {
    WindowBoxes one = launched(10);
    one.bring(new Order("boss-db-1-1", 1, 1));
    one.bring(new Order("boss-db-1-2", 1, 2));
    fleet.instance("i-0000000000000000f").tag(Boxes.TAG, "todo");
    one.end(List.of("boss-db-1-1", "boss-db-1-2"), false);
    one.end(List.of("boss-db-1-1", "boss-db-1-2"), false);
    List<String> running =
        fleet.instances().stream()
            .filter(box -> box.state().equals("running") || box.state().equals("pending"))
            .map(FakeInstance::id)
            .toList();
    assertEquals(List.of("i-0000000000000000f"), running);
    assertEquals(1, fleet.calls("TerminateInstances").size());
  }

  @Test
  void boxes_that_end_are_there_no_more_and_those_of_others_never_were() throws Exception {
    WindowBoxes one = launched(10);
    assertEquals(0, one.there(List.of()));
    one.bring(new Order("boss-db-1-1", 3, 3));
    one.bring(new Order("boss-db-1-2", 1, 4));
    fleet.instance("i-0000000000000000f").tag(Boxes.TAG, "todo");
    List<String> tokens = List.of("boss-db-1-1", "boss-db-1-2");
    assertEquals(4, one.there(tokens));
    fleet.instances().get(0).state("shutting-down");
    fleet.instances().get(1).state("terminated");
    assertEquals(2, one.there(tokens));
    assertEquals(1, one.there(List.of("boss-db-1-2")));
  }

  @Test
  void there_are_never_more_boxes_than_the_ceiling_whoever_has_started_the_others()
      throws Exception {
    fleet.instance("i-0000000000000000e").tag(Boxes.TAG, "todo");
    fleet.instance("i-0000000000000000f").tag(Boxes.TAG, "todo");
    assertEquals(
        new Started(1, "--fleet-max-boxes is 3, and the queue todo had 2 boxes already"),
        launched(3).bring(new Order("boss-db-1-1", 3, 3)));
    Refused refused =
        assertThrows(Refused.class, () -> launched(3).bring(new Order("boss-db-1-2", 1, 2)));
    assertEquals("the queue todo has 3 boxes already, and --fleet-max-boxes is 3", refused.why());
  }

  @Test
  void what_ec2_refuses_is_said_in_words() {
    fleet.refuse("RunInstances", 1, 403, "UnauthorizedOperation");
    Refused denied =
        assertThrows(Refused.class, () -> launched(3).bring(new Order("boss-db-1-1", 1, 1)));
    assertTrue(
        denied.why().startsWith("the boss's credentials may not call RunInstances"), denied.why());
    fleet.refuse("RunInstances", 1, 400, "InvalidAMIID.NotFound");
    Refused image =
        assertThrows(Refused.class, () -> launched(3).bring(new Order("boss-db-1-1", 1, 1)));
    assertTrue(image.why().startsWith("--fleet-image: there is no such image"), image.why());
  }

  @Test
  void a_group_is_raised_to_the_total_and_set_to_its_minimum() throws Exception {
    FakeGroup group = fleet.group("workers", 1, 6, 1);
    WindowBoxes one = new GroupBoxes(boxes, "workers", 5);
    assertEquals(all(3), one.bring(new Order("boss-db-1-1", 3, 3)));
    assertEquals(3, group.desired());
    one.bring(new Order("boss-db-1-1", 3, 3));
    assertEquals(1, fleet.calls("SetDesiredCapacity").size());
    assertEquals(
        new Started(2, "the group workers may have 5, which is --fleet-max-boxes, not 7"),
        one.bring(new Order("boss-db-1-2", 4, 7)));
    assertEquals(5, group.desired());
    assertEquals(5, one.there(List.of()));
    Refused full = assertThrows(Refused.class, () -> one.bring(new Order("boss-db-1-3", 1, 8)));
    assertTrue(full.why().endsWith("may have 5, which is --fleet-max-boxes"), full.why());
    assertEquals(
        new Started(1, "the group workers may have 6, its maximum size, not 9"),
        new GroupBoxes(boxes, "workers", 10).bring(new Order("boss-db-1-3", 4, 9)));
    one.end(List.of("boss-db-1-1"), true);
    assertEquals(6, group.desired());
    one.end(List.of("boss-db-1-1"), false);
    assertEquals(1, group.desired());
    Refused missing =
        assertThrows(
            Refused.class,
            () -> new GroupBoxes(boxes, "none", 5).bring(new Order("boss-db-1-1", 1, 1)));
    assertTrue(missing.why().startsWith("--fleet-group: there is no such group"), missing.why());
  }
}
