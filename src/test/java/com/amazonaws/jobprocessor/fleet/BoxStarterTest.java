package com.amazonaws.jobprocessor.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.fleet.Controls.Resize;
import com.amazonaws.jobprocessor.fleet.Controls.StartOrder;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BoxStarterTest {
  private static final String OWN = "i-own";

  private final InMemoryBoxes boxes = new InMemoryBoxes();
  private final InMemoryOwnBox own = new InMemoryOwnBox();
  private final FakeMachine machine = new FakeMachine();
  private final AtomicLong now = new AtomicLong();
  private final BoxStarter starter =
      new BoxStarter(
          new BoxStarter.Self(OWN, "todo", 5),
          new FleetPorts() {
            @Override
            public Boxes open() {
              return boxes;
            }

            @Override
            public OwnBox own() {
              return own;
            }

            @Override
            public OwnMachine machine() {
              return machine;
            }
          },
          text -> text.contains("secret") ? List.of("my_secret") : List.of(),
          now::get);

  private static final class FakeMachine implements OwnMachine {
    boolean inGroup;
    boolean away;
    String userData = "concurrency=2";

    @Override
    public Launch.Machine machine() throws IOException {
      if (away) {
        throw new IOException("no answer");
      }
      return new Launch.Machine("ami-1", "c7i.large", true, "arn:profile", "key");
    }

    @Override
    public Launch.Network network() {
      return new Launch.Network("subnet-1", List.of("sg-1"));
    }

    @Override
    public String userData() {
      return userData;
    }

    @Override
    public boolean isInGroup() {
      return inGroup;
    }
  }

  private static StartOrder order(int count, String token) {
    return new StartOrder(count, token, null, null);
  }

  private static StartOrder shown(int from, int to) {
    return new StartOrder(to - from, "t", from, to);
  }

  private String refused(StartOrder order) {
    return assertThrows(Refused.class, () -> starter.start(order)).why();
  }

  private List<String> made(String call) {
    return boxes.calls().stream().filter(one -> one.startsWith(call)).toList();
  }

  @Test
  void boxes_like_this_one_are_launched_once_for_a_token() throws Exception {
    boxes.up(OWN, "todo");

    assertEquals("2 boxes started: i-t-0, i-t-1.", starter.start(order(2, "t")));
    assertEquals(
        "Already started by this form: i-t-0, i-t-1. Nothing more was started.",
        starter.start(order(2, "t")));

    assertEquals(List.of("launch 2"), made("launch "));
    Launch launch = boxes.launches().getFirst();
    assertEquals("todo", launch.backlog());
    assertEquals("concurrency=2", launch.userData());
    assertEquals("ami-1", launch.machine().image());
    assertTrue(launch.machine().spot());
    assertEquals("subnet-1", launch.network().subnet());
  }

  @Test
  void a_plan_says_what_would_be_done_and_which_secrets_go_along() throws Exception {
    assertEquals(new Controls.StartPlan(2, null, List.of()), starter.plan(2));
    machine.userData = "my_secret=x";
    assertEquals(new Controls.StartPlan(2, null, List.of("my_secret")), starter.plan(2));
    assertEquals(List.of(), made("launch "));
  }

  @Test
  void the_ceiling_counts_what_works_for_this_queue_and_this_box() throws Exception {
    boxes.up("i-1", "todo");
    boxes.add("i-2", "todo", "", Box.State.PENDING);
    boxes.add("i-3", "todo", "", Box.State.STOPPED);
    boxes.add("i-4", "todo", "", Box.State.SHUTTING_DOWN);
    boxes.up("i-5", "other");

    assertEquals(
        "the queue todo has 3 boxes; with 3 more that would be above fleet_max_boxes=5",
        refused(order(3, "t")));
    assertThrows(Refused.class, () -> starter.plan(3));
    assertEquals(List.of(), made("launch "));
    starter.start(order(2, "t"));
    assertThrows(Refused.class, () -> starter.plan(1));
  }

  @Test
  void what_cannot_be_counted_is_not_started() {
    boxes.fail("list", 1, "UnauthorizedOperation", Service.EC2);

    assertTrue(refused(order(1, "t")).contains("ec2:DescribeInstances"));
    assertEquals(List.of(), made("launch "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UnauthorizedOperation | lacks the right ec2:RunInstances, or ec2:CreateTags or iam:PassRole",
        "InstanceLimitExceeded | the account's quota for such instances is used up",
        "VcpuLimitExceeded | the account's quota for such instances is used up",
        "InsufficientInstanceCapacity | EC2 has no more instances of this type in this zone",
        "InvalidAMIID.NotFound | the image that this box was launched from is gone",
        "RequestLimitExceeded | try again in a minute",
        "IdempotentParameterMismatch | this form has been used before",
        "SomethingElse | RunInstances failed: SomethingElse: refused"
      })
  void refusals_are_in_plain_words(String code, String words) {
    boxes.fail("launch", 1, code, Service.EC2);

    String why = refused(order(1, "t"));

    assertTrue(why.contains(words), why);
    assertTrue(why.contains(code), why);
  }

  @Test
  void in_a_group_the_desired_capacity_is_set_to_what_was_shown() throws Exception {
    own.inGroup();
    boxes.capacity(0, 10, 3);

    assertEquals(new Resize("workers", 3, 4), starter.plan(1).group());
    assertEquals(
        "The desired capacity of the group workers is set from 3 to 4: Auto Scaling starts 1 box.",
        starter.start(shown(3, 4)));
    assertEquals(
        "The desired capacity of the group workers is 4 already: nothing was changed.",
        starter.start(shown(3, 4)));

    assertEquals(List.of("desire 4"), made("desire"));
    assertEquals(List.of(), made("launch "));
  }

  @Test
  void a_group_that_others_change_is_never_made_smaller_and_grows_by_no_more_than_was_shown()
      throws Exception {
    own.inGroup();
    boxes.capacity(0, 10, 5);
    assertTrue(starter.start(shown(3, 4)).contains("is 5 already"));

    boxes.capacity(0, 10, 2);
    assertTrue(refused(shown(3, 4)).contains("was 3 and is 2 now: look again"));

    boxes.capacity(0, 10, 4);
    assertTrue(starter.start(shown(3, 5)).contains("from 4 to 5"));
    assertEquals(List.of("desire 5"), made("desire"));
  }

  @Test
  void a_groups_maximum_and_the_ceiling_hold() {
    own.inGroup();
    boxes.capacity(0, 3, 3);
    assertEquals(
        "the group workers may have at most 3 boxes (its maximum size), and 3 are desired now",
        refused(shown(3, 4)));

    boxes.capacity(0, 100, 3);
    boxes.add("i-1", "todo", "workers", Box.State.RUNNING);
    boxes.up("i-2", "todo");
    assertTrue(refused(shown(3, 5)).contains("fleet_max_boxes=5"));
    assertEquals(List.of(), made("desire"));
  }

  @Test
  void in_a_group_the_right_to_list_instances_is_not_needed_and_the_group_alone_is_counted()
      throws Exception {
    own.inGroup();
    boxes.capacity(0, 100, 1);
    boxes.up("i-1", "todo");
    boxes.fail("list", 2, "UnauthorizedOperation", Service.EC2);

    assertTrue(starter.start(order(4, "t")).contains("from 1 to 5"));
    assertTrue(refused(order(1, "another")).contains("fleet_max_boxes=5"));
    assertEquals(List.of("desire 5"), made("desire"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RequestLimitExceeded", "InternalError", "ConnectException"})
  void in_a_group_nothing_is_started_while_ec2_does_not_tell_how_many_others_there_are(
      String code) {
    own.inGroup();
    boxes.fail("list", 2, code, Service.EC2);

    assertTrue(refused(order(1, "t")).contains(code));
    assertThrows(Refused.class, () -> starter.plan(1));
    assertEquals(List.of(), made("desire"));
  }

  @Test
  void who_may_not_ask_for_the_group_is_told_by_instance_metadata() throws Exception {
    own.fail("membership", 2, "AccessDenied");
    assertNull(starter.plan(1).group());

    machine.inGroup = true;
    String why = assertThrows(Refused.class, () -> starter.plan(1)).why();
    assertTrue(why.contains("autoscaling:DescribeAutoScalingInstances"), why);
  }

  @Test
  void a_box_that_has_left_its_group_is_not_mistaken() {
    assertTrue(refused(shown(3, 4)).contains("in no Auto Scaling group any more"));
    assertFalse(boxes.calls().contains("launch 1"));
  }

  private String unanswered(StartOrder order) {
    return assertThrows(Unanswered.class, () -> starter.start(order)).why();
  }

  @Test
  void in_a_group_an_order_whose_answer_is_lost_is_one_order_when_it_is_given_again()
      throws Exception {
    own.inGroup();
    boxes.capacity(0, 10, 1);
    boxes.loseAnswer("desire");

    assertEquals(
        "SetDesiredCapacity failed: ApiCallTimeoutException: no answer", unanswered(order(2, "t")));
    assertTrue(starter.start(order(2, "t")).contains("is 3 already: nothing was changed"));
    assertTrue(starter.start(order(2, "t")).contains("is 3 already: nothing was changed"));
    assertEquals(List.of("desire 3"), made("desire"));
    assertTrue(starter.start(order(1, "other")).contains("from 3 to 4"));
    assertEquals(
        "this client_token has been used before, for another number of boxes",
        refused(order(1, "t")));
  }

  @Test
  void in_a_group_an_order_that_was_not_done_is_done_when_it_is_given_again() throws Exception {
    own.inGroup();
    boxes.capacity(0, 10, 1);
    boxes.fail("desire", 1, "HTTP 500", Service.AUTO_SCALING, CallFailed.Kind.UNKNOWN);
    boxes.fail("desire", 1, "AccessDenied", Service.AUTO_SCALING);

    unanswered(order(2, "t"));
    refused(order(2, "t"));
    assertTrue(starter.start(order(2, "t")).contains("from 1 to 3"));
    boxes.fail("desire", 1, "Throttling", Service.AUTO_SCALING);
    refused(order(1, "refused"));
    boxes.capacity(0, 10, 2);
    assertTrue(
        starter.start(order(1, "refused")).contains("from 2 to 3"),
        "what was refused asks for what there is then");
  }

  @Test
  void few_orders_of_a_group_are_remembered() throws Exception {
    own.inGroup();
    boxes.capacity(0, 10, 1);
    for (int i = 0; i <= ResizeOrders.MAX_REMEMBERED; i++) {
      boxes.capacity(0, 10, 1);
      starter.start(order(1, "t" + i));
    }

    assertTrue(starter.start(order(1, "t1")).contains("is 2 already"));
    assertTrue(starter.start(order(1, "t0")).contains("from 2 to 3"));
  }

  @Test
  void a_launch_whose_answer_is_lost_is_not_called_a_failure() throws Exception {
    boxes.lag();
    boxes.loseAnswer("launch");

    assertEquals(
        "RunInstances failed: ApiCallTimeoutException: no answer", unanswered(order(3, "t")));
    assertEquals("3 boxes started: i-t-0, i-t-1, i-t-2.", starter.start(order(3, "t")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"InsufficientInstanceCapacity", "RequestLimitExceeded", "Unsupported"})
  void what_ec2_refuses_with_a_servers_status_is_refused(String code) {
    boxes.fail("launch", 1, code, Service.EC2, CallFailed.Kind.UNKNOWN);

    assertTrue(refused(order(1, "t")).contains(code));
  }

  @Test
  void the_ceiling_counts_what_ec2_does_not_list_yet() throws Exception {
    boxes.up(OWN, "todo");
    boxes.lag();
    starter.start(order(3, "a"));

    assertEquals(
        "the queue todo has 4 boxes; with 2 more that would be above fleet_max_boxes=5",
        refused(order(2, "b")));
    assertThrows(Refused.class, () -> starter.plan(2));
    assertEquals("3 boxes started: i-a-0, i-a-1, i-a-2.", starter.start(order(3, "a")));
    starter.start(order(1, "c"));
    boxes.catchUp();
    assertTrue(refused(order(1, "d")).contains("has 5 boxes"), "none is counted twice");
  }

  @Test
  void the_ceiling_counts_what_may_have_been_launched_until_ec2_would_list_it() throws Exception {
    boxes.up(OWN, "todo");
    boxes.fail("launch", 1, "HTTP 500", Service.EC2, CallFailed.Kind.UNKNOWN);
    unanswered(order(3, "a"));
    assertTrue(refused(order(2, "b")).contains("has 4 boxes"));

    now.addAndGet(RecentLaunches.LASTS.toNanos() - 1);
    assertTrue(refused(order(2, "b")).contains("has 4 boxes"));
    now.addAndGet(1);
    assertEquals("2 boxes started: i-b-0, i-b-1.", starter.start(order(2, "b")));
  }

  @Test
  void what_an_unanswered_launch_has_brought_is_counted_once() throws Exception {
    boxes.up(OWN, "todo");
    boxes.loseAnswer("launch");
    unanswered(order(2, "a"));

    assertTrue(starter.start(order(2, "a")).contains("Already started by this form"));
    assertEquals("2 boxes started: i-b-0, i-b-1.", starter.start(order(2, "b")));
  }

  @Test
  void metadata_that_does_not_answer_is_said() {
    machine.away = true;

    assertTrue(refused(order(1, "t")).contains("instance metadata does not tell"));
  }
}
