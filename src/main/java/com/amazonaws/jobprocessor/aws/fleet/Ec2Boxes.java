package com.amazonaws.jobprocessor.aws.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.fleet.Box;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceLifecycleType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;

/** The boxes of queues, by EC2 and Auto Scaling. Safe for use by several threads. */
public final class Ec2Boxes implements Boxes {
  /** The tag that Auto Scaling gives to the instances of its groups. */
  private static final String GROUP_TAG = "aws:autoscaling:groupName";

  /** The most that EC2 gives in a page. */
  private static final int PAGE = 1_000;

  private static final String NO_LATEST = "UnsupportedOperation";

  /** To launch hundreds of instances takes EC2 many seconds. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private final FleetClients clients;
  private final SqsCalls ec2Calls = new SqsCalls(Service.EC2);
  private final SqsCalls autoScalingCalls = new SqsCalls(Service.AUTO_SCALING);

  /**
   * Boxes of a region; makes no call.
   *
   * @param keys null for the SDK's default chain
   */
  public Ec2Boxes(String region, AwsAccess.@Nullable Keys keys) throws InvalidEnvironment {
    this.clients = new FleetClients(region, keys, LONGEST_CALL);
    InvalidEnvironment.checkEndpoint(
        InvalidEnvironment.check(clients::ec2).serviceClientConfiguration().endpointOverride(),
        "EC2");
    InvalidEnvironment.checkEndpoint(
        InvalidEnvironment.check(clients::autoScaling)
            .serviceClientConfiguration()
            .endpointOverride(),
        "AUTO_SCALING");
  }

  @Override
  public List<Box> list(@Nullable String backlog) throws CallFailed, InterruptedException {
    Filter ofQueue =
        backlog == null ? filter("tag-key", TAG) : filter("tag:" + TAG, literally(backlog));
    List<Box> boxes =
        read(
            DescribeInstancesRequest.builder()
                .maxResults(PAGE)
                .filters(ofQueue, filter("instance-state-name", statesThatAreListed())));
    boxes.sort(Comparator.comparing(Box::launchedAt).thenComparing(Box::id));
    return boxes;
  }

  private static String[] statesThatAreListed() {
    return Arrays.stream(Box.State.values())
        .filter(state -> state != Box.State.TERMINATED)
        .map(Box.State::toString)
        .toArray(String[]::new);
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  /** In a filter's value {@code *}, {@code ?} and {@code \} have a meaning of their own. */
  private static String literally(String value) {
    return value.replaceAll("([*?\\\\])", "\\\\$1");
  }

  /**
   * By a filter and not by a list of ids: of such a list EC2 refuses the whole if it does not know
   * one, as it does for some seconds of instances that it has just launched.
   */
  @Override
  public List<Box> find(Collection<String> ids) throws CallFailed, InterruptedException {
    return by("instance-id", List.copyOf(ids));
  }

  @Override
  public List<Box> launchedWith(Collection<String> clientTokens)
      throws CallFailed, InterruptedException {
    return by("client-token", clientTokens.stream().map(Ec2Boxes::literally).toList());
  }

  private List<Box> by(String filter, List<String> values) throws CallFailed, InterruptedException {
    List<Box> boxes = new ArrayList<>();
    // EC2 takes 200 values of a filter.
    for (int from = 0; from < values.size(); from += 200) {
      String[] some =
          values.subList(from, Math.min(values.size(), from + 200)).toArray(String[]::new);
      boxes.addAll(
          read(
              DescribeInstancesRequest.builder()
                  .maxResults(PAGE)
                  .filters(filter("tag-key", TAG), filter(filter, some))));
    }
    return boxes;
  }

  private List<Box> read(DescribeInstancesRequest.Builder request)
      throws CallFailed, InterruptedException {
    List<Box> boxes = new ArrayList<>();
    String next = null;
    do {
      DescribeInstancesRequest page = request.nextToken(next).build();
      DescribeInstancesResponse answer = ec2Calls.call(() -> clients.ec2().describeInstances(page));
      answer.reservations().stream()
          .flatMap(reservation -> reservation.instances().stream())
          .map(Ec2Boxes::box)
          .forEach(boxes::add);
      next = answer.nextToken();
    } while (next != null && !next.isEmpty());
    return boxes;
  }

  private static Box box(Instance instance) {
    return new Box(
        instance.instanceId(),
        tag(instance, TAG),
        tag(instance, GROUP_TAG),
        new Box.Machine(
            text(instance.instanceTypeAsString()),
            instance.placement() == null ? "" : text(instance.placement().availabilityZone()),
            instance.instanceLifecycle() == InstanceLifecycleType.SPOT),
        instance.launchTime() == null ? Instant.EPOCH : instance.launchTime(),
        new Box.Condition(
            state(instance),
            instance.stateReason() == null ? "" : text(instance.stateReason().message())));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Box.State state(Instance instance) {
    String name = instance.state() == null ? "" : text(instance.state().nameAsString());
    return Arrays.stream(Box.State.values())
        .filter(state -> state.toString().equals(name))
        .findFirst()
        .orElse(Box.State.PENDING);
  }

  private static String tag(Instance instance, String key) {
    return instance.tags().stream()
        .filter(tag -> tag.key().equals(key))
        .map(Tag::value)
        .findFirst()
        .orElse("");
  }

  @Override
  public List<Box> launch(Launch launch) throws CallFailed, InterruptedException {
    RunInstancesRequest request = LaunchRequest.of(launch);
    return ec2Calls.call(() -> clients.ec2().runInstances(request)).instances().stream()
        .map(Ec2Boxes::box)
        .toList();
  }

  @Override
  public void terminate(Collection<String> ids) throws CallFailed, InterruptedException {
    List<String> all = List.copyOf(ids);
    for (int from = 0; from < all.size(); from += PAGE) {
      List<String> some = all.subList(from, Math.min(all.size(), from + PAGE));
      ec2Calls.call(() -> clients.ec2().terminateInstances(r -> r.instanceIds(some)));
    }
  }

  @Override
  public void terminateInGroup(String id) throws CallFailed, InterruptedException {
    autoScalingCalls.call(
        () ->
            clients
                .autoScaling()
                .terminateInstanceInAutoScalingGroup(
                    r -> r.instanceId(id).shouldDecrementDesiredCapacity(true)));
  }

  @Override
  public Capacity capacity(String group) throws CallFailed, InterruptedException {
    List<AutoScalingGroup> found =
        autoScalingCalls
            .call(
                () ->
                    clients
                        .autoScaling()
                        .describeAutoScalingGroups(r -> r.autoScalingGroupNames(group)))
            .autoScalingGroups();
    if (found.isEmpty()) {
      throw new CallFailed(
          Service.AUTO_SCALING,
          "NoSuchGroup",
          "there is no group " + group,
          CallFailed.Kind.REJECTED,
          true,
          new IllegalStateException());
    }
    AutoScalingGroup one = found.getFirst();
    return new Capacity(one.minSize(), one.maxSize(), one.desiredCapacity());
  }

  @Override
  public void desire(String group, int capacity) throws CallFailed, InterruptedException {
    autoScalingCalls.call(
        () ->
            clients
                .autoScaling()
                .setDesiredCapacity(
                    r ->
                        r.autoScalingGroupName(group)
                            .desiredCapacity(capacity)
                            .honorCooldown(false)));
  }

  /** The newest output can be had of instances on the Nitro system only. */
  @Override
  public String console(String id) throws CallFailed, InterruptedException {
    try {
      return console(id, true);
    } catch (CallFailed e) {
      if (e.code().equals(NO_LATEST)) {
        return console(id, false);
      }
      throw e;
    }
  }

  private String console(String id, boolean latest) throws CallFailed, InterruptedException {
    String output =
        ec2Calls
            .call(
                () ->
                    clients
                        .ec2()
                        .getConsoleOutput(r -> r.instanceId(id).latest(latest ? true : null)))
            .output();
    return output == null ? "" : new String(Base64.getMimeDecoder().decode(output), UTF_8);
  }

  @Override
  public void close() {
    clients.close();
  }
}
