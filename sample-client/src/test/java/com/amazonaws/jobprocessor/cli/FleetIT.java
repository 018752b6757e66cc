package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.docs.Page;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeInstance;
import com.amazonaws.jobprocessor.testkit.FleetCall;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fleet} against the fake EC2 and Auto Scaling of the test kit. */
@Tag("long")
class FleetIT {
  private static final String IMAGE = "ami-0123456789abcdef0";

  @TempDir Path folder;
  private final FakeFleet fleet = FakeFleet.start();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int seen;

  @BeforeEach
  void connect() {
    Map.of(
            "aws.endpointUrlEc2", fleet.endpoint().toString(),
            "aws.endpointUrlAutoScaling", fleet.endpoint().toString(),
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
    fleet.onLaunch(instance -> instance.state("running").console(ConsoleTextTest.READY));
  }

  @AfterEach
  void close() {
    fleet.close();
    List.of("aws.endpointUrlEc2", "aws.endpointUrlAutoScaling").forEach(System::clearProperty);
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return SqsFixture.run(new Stop(), out, err, args);
  }

  private int launch(String... more) {
    List<String> args = new ArrayList<>(List.of("fleet", "launch", "--image", IMAGE));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private FakeInstance box(String id, String backlog) {
    return fleet.instance(id).tag(Boxes.TAG, backlog);
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("settings.txt"), text).toString();
  }

  @Test
  void boxes_are_launched_with_what_was_given_and_waited_for() throws IOException {
    String settings = file("job_backlog_queue_name=thumbnails\nconcurrency=4\n");

    assertEquals(
        0,
        launch(
            "3",
            "--type",
            "c7g.large",
            "--spot",
            "--role",
            "workers",
            "--subnet",
            "subnet-1",
            "--security-group",
            "sg-1",
            "--security-group",
            "sg-2",
            "--user-data-file",
            settings),
        err::toString);

    assertEquals(
        fleet.instances().stream().map(FakeInstance::id).toList(), out.toString().lines().toList());
    FakeInstance box = fleet.instances().getLast();
    assertEquals("thumbnails", box.tags().get(Boxes.TAG));
    assertEquals("job_backlog_queue_name=thumbnails\nconcurrency=4\n", box.userData());
    assertEquals("c7g.large", box.launch().get("InstanceType"));
    assertEquals("spot", box.launch().get("InstanceMarketOptions.MarketType"));
    assertEquals("sg-2", box.launch().get("SecurityGroupId.2"));
    assertTrue(err.toString().contains("the workers of 3 boxes poll"), err.toString());
  }

  @Test
  void user_data_that_no_worker_would_start_with_launches_nothing() throws IOException {
    assertEquals(1, launch("--user-data", "concurency=4,poll_rate_per_min=0"));

    assertTrue(err.toString().contains("concurency"), err.toString());
    assertTrue(err.toString().contains("concurrency"), err.toString());
    assertTrue(err.toString().contains("poll_rate_per_min"), err.toString());
    assertTrue(err.toString().contains("nothing was launched"), err.toString());
    assertEquals(1, launch("--user-data", "x".repeat(16_385)));
    assertTrue(err.toString().contains("16,385 bytes; EC2 takes 16,384"), err.toString());
    assertEquals(1, launch("--user-data-file", file("#".repeat(16_385))));
    assertEquals(1, launch("--user-data-file", folder.resolve("none").toString()));
    assertTrue(err.toString().contains("there is no such file"), err.toString());
    assertEquals(2, launch("--user-data", "a=b", "--user-data-file", "x"));
    assertEquals(List.of(), fleet.calls());
  }

  @Test
  void no_secret_is_printed_and_one_on_the_command_line_is_refused() throws IOException {
    String keys = "access_key_id=AKIAIOSFODNN7EXAMPLE\nsecret_access_key=hidden/hidden+hidden\n";
    assertEquals(1, launch("--user-data", keys.replace('\n', ',')));
    assertFalse(err.toString().contains("hidden"), err.toString());
    assertTrue(err.toString().contains("--user-data-file"), err.toString());

    String settings = file(keys);
    assertEquals(0, launch("--dry-run", "--user-data-file", settings));
    assertTrue(out.toString().contains("--user-data file://" + settings), out.toString());
    assertFalse((out.toString() + err).contains("hidden"), err.toString());
    assertTrue(err.toString().contains("the user data holds secrets"), err.toString());
    assertEquals(List.of(), fleet.calls());
    assertEquals(0, launch("--user-data-file", settings));
    assertEquals(keys, fleet.instances().getFirst().userData());
    assertFalse((out.toString() + err).contains("hidden"), err.toString());
  }

  @Test
  void a_dry_run_calls_nobody_and_needs_no_region() {
    System.clearProperty("aws.region");

    assertEquals(0, launch("2", "--dry-run", "--user-data", "concurrency=4"), err::toString);

    assertTrue(out.toString().startsWith("aws ec2 run-instances \\\n"), out.toString());
    assertTrue(out.toString().contains("--user-data concurrency=4"), out.toString());
    assertEquals(List.of(), fleet.calls());
  }

  @Test
  void a_worker_that_does_not_start_is_named_with_the_words_of_its_console() {
    fleet.onLaunch(
        instance ->
            instance
                .state("running")
                .console(
                    instance.id().endsWith("2") ? ConsoleTextTest.REFUSED : ConsoleTextTest.READY));

    assertEquals(1, launch("3"));

    assertEquals(3, out.toString().lines().count());
    String id = fleet.instances().get(1).id();
    assertTrue(
        err.toString().contains(id + ": concurency: unknown; did you mean concurrency?"),
        err.toString());
    assertTrue(err.toString().contains("the workers of 2 boxes poll"), err.toString());
  }

  @Test
  void a_box_that_ends_at_once_is_named_with_ec2s_reason() {
    fleet.onLaunch(
        instance -> instance.state("terminated", "Client.VolumeLimitExceeded: Volume limit"));

    assertEquals(1, launch());

    assertTrue(
        err.toString().contains("it is terminated (Client.VolumeLimitExceeded: Volume limit)"),
        err.toString());
  }

  @Test
  void a_worker_that_never_starts_is_given_up_and_its_console_quoted() {
    fleet.onLaunch(instance -> instance.state("running").console("one\ntwo\nwaiting for disk\n"));

    assertEquals(5, launch("--timeout", "1"));

    assertTrue(err.toString().contains("not started in 1 s"), err.toString());
    assertTrue(err.toString().contains("one | two | waiting for disk"), err.toString());
  }

  @Test
  void a_box_that_comes_up_later_is_waited_for() {
    fleet.onLaunch(
        instance ->
            Thread.ofVirtual()
                .start(
                    () -> {
                      Awaitility.await().until(() -> !fleet.calls("DescribeInstances").isEmpty());
                      instance.state("running").console(ConsoleTextTest.READY);
                    }));

    assertEquals(0, launch("--timeout", "60"), err::toString);
  }

  @Test
  void fewer_than_asked_for_are_status_3_and_none_is_said_in_plain_words() {
    fleet.capacity(2);
    assertEquals(3, launch("5"));
    assertEquals(2, out.toString().lines().count());
    assertTrue(err.toString().contains("EC2 had 2 boxes of the 5"), err.toString());
    fleet.capacity(0);
    assertEquals(1, launch("5"));
    assertTrue(err.toString().contains("EC2 has no more instances of this type"), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @Test
  void refusals_say_what_to_do() {
    fleet.refuse("RunInstances", 1, 403, "UnauthorizedOperation");
    assertEquals(1, launch());
    assertTrue(err.toString().contains("docs/iam.md"), err.toString());
    fleet.refuse("RunInstances", 1, 400, "InvalidAMIID.NotFound");
    assertEquals(1, launch());
    assertTrue(err.toString().contains("--image: there is no such image"), err.toString());
    fleet.refuse("RunInstances", 1, 400, "VcpuLimitExceeded");
    assertEquals(1, launch());
    assertTrue(err.toString().contains("Service Quotas"), err.toString());
  }

  /** An answer that got lost is asked for again, by the same token. */
  @Test
  void an_error_of_the_server_and_throttling_are_waited_out_and_launch_once() {
    fleet.refuse("RunInstances", 1, 500, "InternalError");
    fleet.refuse("RunInstances", 2, 503, "RequestLimitExceeded");

    assertEquals(0, launch("2"), err::toString);

    assertEquals(4, fleet.calls("RunInstances").size());
    assertEquals(
        1,
        fleet.calls("RunInstances").stream()
            .map(call -> call.get("ClientToken"))
            .distinct()
            .count());
    assertEquals(2, fleet.instances().size());
  }

  @Test
  void a_token_of_the_users_own_launches_once_even_at_the_ceiling() throws IOException {
    String settings = file("fleet_max_boxes=2");

    assertEquals(0, launch("2", "--client-token", "night-1", "--user-data-file", settings));
    String first = out.toString();
    assertEquals(0, launch("2", "--client-token", "night-1", "--user-data-file", settings));

    assertEquals(first, out.toString());
    assertEquals(2, fleet.instances().size());
    assertEquals(1, launch("3", "--client-token", "night-1", "--user-data-file", settings));
    assertTrue(err.toString().contains("--client-token was used before"), err.toString());
    assertEquals(2, launch("--client-token", "a b"));
  }

  @Test
  void no_more_boxes_than_fleet_max_boxes_are_brought_about() {
    box("i-1", "SQS-EC2-Queue-Todo");
    box("i-2", "SQS-EC2-Queue-Todo").state("stopped");
    box("i-3", "other");

    assertEquals(1, launch("20"));
    assertTrue(err.toString().contains("has 1 box; with 20 more"), err.toString());
    assertTrue(err.toString().contains("fleet_max_boxes=20"), err.toString());
    assertEquals(0, fleet.calls("RunInstances").size());
    assertEquals(0, launch("19", "--no-wait"));
    assertEquals(1, launch("1", "--user-data", "fleet_max_boxes=20"));
    assertEquals(0, launch("1", "--user-data", "fleet_max_boxes=21"), err::toString);
  }

  @Test
  void json_tells_what_was_launched() {
    assertEquals(0, launch("--json", "--no-wait", "--spot"));

    assertTrue(
        out.toString().startsWith("{\"instance_id\":\"" + fleet.instances().getFirst().id()),
        out.toString());
    assertTrue(out.toString().contains("\"spot\":true"), out.toString());
    assertEquals(0, fleet.calls("GetConsoleOutput").size());
  }

  @Test
  void the_boxes_of_a_queue_are_listed_in_lines_that_line_up() {
    box("i-1", "todo").launchedAt(Instant.now().minus(Duration.ofMinutes(90)));
    box("i-2", "todo").tag("aws:autoscaling:groupName", "group").state("stopping");
    box("i-3", "other");
    box("i-4", "todo").state("terminated");

    assertEquals(0, run("fleet", "list", "--backlog-queue", "todo"));

    List<String> lines = out.toString().lines().toList();
    assertEquals(3, lines.size(), out.toString());
    assertTrue(lines.get(1).startsWith("i-2 "), out.toString());
    assertTrue(
        lines.get(1).contains(" stopping ") && lines.get(1).endsWith("group"), out::toString);
    assertTrue(lines.get(2).contains(" 1h 30m  running"), out.toString());
    assertEquals(lines.getFirst().indexOf("STATE"), lines.get(2).indexOf("running"));
    assertEquals(0, run("fleet", "list", "--all-queues", "--json"));
    assertEquals(3, out.toString().lines().count());
    assertTrue(out.toString().contains("\"auto_scaling_group\":\"group\""), out.toString());
    assertEquals(0, run("fleet", "list", "--backlog-queue", "none"));
    assertEquals("no boxes of \"none\"", out.toString().strip());
  }

  @Test
  void boxes_are_ended_by_id_and_strangers_are_not() {
    box("i-1", "todo");
    box("i-2", "todo");
    fleet.instance("i-stranger");

    assertEquals(3, run("fleet", "terminate", "--yes", "i-1", "i-stranger", "i-unknown"));

    assertEquals("shutting-down", fleet.state("i-1"));
    assertEquals("running", fleet.state("i-2"));
    assertEquals("running", fleet.state("i-stranger"));
    assertTrue(err.toString().contains("i-stranger is no box"), err.toString());
    assertTrue(err.toString().contains("i-unknown is no box"), err.toString());
    assertEquals("i-1", out.toString().strip());
    assertEquals(0, run("fleet", "terminate", "--yes", "i-1"));
    assertTrue(err.toString().contains("there is nothing to terminate"), err.toString());
  }

  @Test
  void all_boxes_of_a_queue_are_ended_those_of_a_group_with_their_place() {
    box("i-1", "todo");
    box("i-2", "todo").tag("aws:autoscaling:groupName", "group");
    box("i-3", "other");
    fleet.group("group", 0, 5, 3).with("i-2");

    assertEquals(
        0, run("fleet", "terminate", "--all", "--backlog-queue", "todo", "--yes", "--json"));
    assertTrue(out.toString().startsWith("{\"instance_id\":\"i-"), out.toString());

    assertEquals("shutting-down", fleet.state("i-1"));
    assertEquals("running", fleet.state("i-3"));
    assertEquals(2, fleet.group("group", 0, 5, 3).desired());
    assertTrue(err.toString().contains("terminated 2 of 2 boxes"), err.toString());
  }

  @Test
  void a_group_at_its_minimum_says_so() {
    box("i-2", "todo").tag("aws:autoscaling:groupName", "group");
    fleet.group("group", 1, 5, 1).with("i-2");

    assertEquals(1, run("fleet", "terminate", "i-2", "--yes"));

    assertTrue(
        err.toString().contains("the Auto Scaling group is at its minimum size"), err::toString);
    assertTrue(err.toString().contains("terminated 0 of 1 box"), err.toString());
  }

  @Test
  void nobody_is_ended_without_a_yes() {
    box("i-1", "todo");

    assertEquals(1, run("fleet", "terminate", "i-1"));

    assertTrue(err.toString().contains("terminate 1 box of \"todo\"?"), err.toString());
    assertTrue(err.toString().contains("--yes"), err.toString());
    assertEquals("running", fleet.state("i-1"));
    assertEquals(2, run("fleet", "terminate"));
    assertEquals(2, run("fleet", "terminate", "--all"));
    assertEquals(2, run("fleet", "terminate", "--all", "--backlog-queue", "todo", "i-1"));
  }

  @Test
  void only_yes_is_a_yes() {
    for (String yes : List.of("y", "Y", "yes", " Yes ")) {
      assertTrue(Question.isYes(yes), yes);
    }
    for (String no : List.of("", "n", "no", "yess", "j", "1")) {
      assertFalse(Question.isYes(no), no);
    }
  }

  @Test
  void a_dry_run_of_an_end_prints_both_commands() {
    box("i-1", "todo");
    box("i-2", "todo").tag("aws:autoscaling:groupName", "group");

    assertEquals(0, run("fleet", "terminate", "--all", "--backlog-queue", "todo", "--dry-run"));

    assertTrue(
        out.toString().contains("terminate-instances \\\n  --instance-ids i-1\n"), out::toString);
    assertTrue(out.toString().contains("terminate-instance-in-auto-scaling-group"), out.toString());
    assertEquals("running", fleet.state("i-1"));
  }

  /** The rights to the calls that were made since the last time, as IAM names them. */
  private Set<String> rights() {
    Set<String> rights = new TreeSet<>();
    for (FleetCall call : fleet.calls().subList(seen, fleet.calls().size())) {
      String service = call.get("Version").startsWith("2016") ? "ec2:" : "autoscaling:";
      rights.add(service + call.action());
    }
    seen = fleet.calls().size();
    return rights;
  }

  private static Set<String> described(String command) {
    String row = Page.of("docs/iam.md").all("(?m)^\\| `" + command + "` \\| (.*) \\|$").getFirst();
    Set<String> rights = new TreeSet<>(List.of(row.split("`", -1)));
    rights.removeIf(word -> !word.matches("(ec2|autoscaling):\\w+"));
    return rights;
  }

  @Test
  void each_command_needs_the_rights_that_the_page_has() {
    box("i-2", "todo").tag("aws:autoscaling:groupName", "group");
    fleet.group("group", 0, 5, 1).with("i-2");

    assertEquals(0, launch());
    Set<String> launching = rights();
    launching.add("ec2:CreateTags"); // EC2 asks for it when instances are launched with tags
    assertEquals(described("fleet launch"), launching);
    assertEquals(0, run("fleet", "list"));
    assertEquals(described("fleet list"), rights());
    String id = fleet.instances().getLast().id();
    assertEquals(0, run("fleet", "terminate", "--yes", "i-2", id));
    assertEquals(described("fleet terminate"), rights());
  }

  @Test
  void an_address_of_ec2_that_is_none_is_one_line() {
    for (String property : List.of("aws.endpointUrlEc2", "aws.endpointUrlAutoScaling")) {
      String before = System.setProperty(property, "nonsense");

      assertEquals(1, run("fleet", "list"));

      assertTrue(err.toString().contains("\"nonsense\" is no URL"), err.toString());
      assertEquals(1, err.toString().lines().count(), err.toString());
      System.setProperty(property, before);
    }
  }

  private Process start(String... args) throws IOException {
    return ClientProcess.start(
        folder,
        "http://127.0.0.1:9",
        Map.of(
            "AWS_ENDPOINT_URL_EC2",
            fleet.endpoint().toString(),
            "AWS_ENDPOINT_URL_AUTO_SCALING",
            fleet.endpoint().toString(),
            "AWS_ACCESS_KEY_ID",
            "test",
            "AWS_SECRET_ACCESS_KEY",
            "test"),
        "",
        args);
  }

  /** Ctrl-C after a call has come to EC2; returns what the command has said on standard error. */
  private String interrupted(Process client, String action) throws Exception {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !fleet.calls(action).isEmpty() || !client.isAlive());

    new ProcessBuilder("kill", "-INT", Long.toString(client.pid())).start().waitFor();

    assertTrue(client.waitFor(60, TimeUnit.SECONDS), "it does not end");
    String said = Files.readString(folder.resolve("err"));
    assertEquals(130, client.exitValue(), said);
    return said;
  }

  private String printed() throws IOException {
    return Files.readString(folder.resolve("out")).strip();
  }

  /** What was launched is known to whoever stops the wait. */
  @Test
  void an_interrupted_wait_says_what_runs_and_how_to_end_it() throws Exception {
    fleet.onLaunch(instance -> instance.state("running"));

    String said = interrupted(start("fleet", "launch", "--image", IMAGE), "GetConsoleOutput");

    String id = fleet.instances().getFirst().id();
    assertEquals(id, printed());
    assertTrue(said.contains("fleet terminate " + id), said);
  }

  /** Longer than a command that waits for no call may take to end. */
  private static final Duration LATE = Duration.ofSeconds(7);

  /** EC2 launches what was asked for, whether or not anybody waits for its answer. */
  @Test
  void an_interrupt_before_ec2_has_answered_waits_for_what_it_launches() throws Exception {
    fleet.onLaunch(instance -> instance.state("running"));
    fleet.slow("RunInstances", 1, LATE);

    String said = interrupted(start("fleet", "launch", "2", "--image", IMAGE), "RunInstances");

    List<String> ids = fleet.instances().stream().map(FakeInstance::id).toList();
    assertEquals(2, ids.size());
    assertEquals(ids, printed().lines().toList(), said);
    assertTrue(said.contains("fleet terminate " + String.join(" ", ids)), said);
  }

  @Test
  void an_interrupted_end_says_how_many_were_ended() throws Exception {
    box("i-1", "thumbnails");
    box("i-2", "thumbnails");
    fleet.slow("TerminateInstances", 1, LATE);

    String said =
        interrupted(start("fleet", "terminate", "i-1", "i-2", "--yes"), "TerminateInstances");

    assertEquals("i-1\ni-2", printed());
    assertTrue(said.contains("terminated 2 of 2 boxes"), said);
  }
}
