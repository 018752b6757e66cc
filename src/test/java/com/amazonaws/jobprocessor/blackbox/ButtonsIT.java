package com.amazonaws.jobprocessor.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import com.amazonaws.jobprocessor.testkit.FakeInstance;
import com.amazonaws.jobprocessor.testkit.FleetCall;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The buttons of a real daemon's page, on what looks to it like an EC2 instance. */
@Tag("long")
class ButtonsIT extends BlackBox {
  private static final String ID = "i-0123456789abcdef0";
  private static final String TOKEN = "correct-horse-battery-staple";
  private static final String START = "/boxes/start";
  private static final String END = "/box/end";

  private final FakeImds imds = likeEc2(FakeImds.start());
  private final FakeFleet fleet = FakeFleet.start().running(ID);
  private final List<StatusPageClient> clients = new ArrayList<>();

  /** What EC2's metadata has of an instance that was launched into a VPC with a key. */
  static FakeImds likeEc2(FakeImds imds) {
    String mac = "/latest/meta-data/network/interfaces/macs/0e:49:61:0f:c3:11/";
    return imds.set("/latest/meta-data/ami-id", "ami-0abcdef1234567890")
        .set("/latest/meta-data/mac", "0e:49:61:0f:c3:11")
        .set(mac + "subnet-id", "subnet-1")
        .set(mac + "security-group-ids", "sg-1\nsg-2")
        .set("/latest/meta-data/public-keys/", "0=my-key")
        .set(
            "/latest/meta-data/iam/info",
            "{\"Code\":\"Success\",\"InstanceProfileArn\":\"arn:aws:iam::1:instance-profile/w\"}");
  }

  @AfterEach
  void close() {
    clients.forEach(StatusPageClient::close);
    imds.close();
    fleet.close();
  }

  private record Box(DaemonProcess daemon, StatusPageClient page) {}

  private Box startBox(String... settings) throws Exception {
    StatusPageClient page = new StatusPageClient(StatusPageClient.freePort());
    clients.add(page);
    List<String> all = new ArrayList<>(List.of(settings));
    all.add(EXECUTOR);
    all.add("executor.record=" + folder.resolve("runs.txt"));
    all.add("status_port=" + page.port());
    imds.userData(String.join("\n", all));
    DaemonProcess daemon = start(fleet.serve(daemon().imds(imds.endpoint())));
    daemon.awaitLine("status page url=", SOON);
    daemon.awaitLine("taking jobs", SOON);
    return new Box(daemon, page);
  }

  private static String form(String... fields) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      pairs.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], UTF_8));
    }
    return String.join("&", pairs);
  }

  private static HttpResponse<String> script(Box box, String path, String... fields)
      throws Exception {
    return box.page().post(path, form(fields), Map.of("Authorization", "Bearer " + TOKEN));
  }

  /** Orders the box's end; for half a second the answer is that the worker still starts. */
  private static HttpResponse<String> end(Box box) {
    return await().atMost(SOON).until(() -> script(box, END), answer -> answer.statusCode() == 200);
  }

  private static void assertSays(int status, String part, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer::body);
    assertTrue(answer.body().contains(part), answer::body);
  }

  private static String hidden(String page, String name) {
    String begin = "name=\"" + name + "\" value=\"";
    assertTrue(page.contains(begin), page);
    return page.substring(page.indexOf(begin) + begin.length()).split("\"", 2)[0];
  }

  @Test
  void a_box_like_this_one_is_started_once_however_often_the_form_is_sent() throws Exception {
    Box box = startBox("status_token=" + TOKEN, "concurrency=1", "fleet_max_boxes=3");
    fleet.instance(ID).tag("job-processor:backlog", BACKLOG);
    assertSays(401, "name=\"token\"", box.page().get(START));
    HttpResponse<String> signedIn =
        box.page().post(START + "?boxes=2", form("token", TOKEN), Map.of());
    assertEquals(303, signedIn.statusCode());
    String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(cookie.startsWith("job-processor-" + box.page().port() + "="), cookie);
    Map<String, String> session = Map.of("Cookie", cookie.split(";", 2)[0]);

    String page = box.page().get(START + "?boxes=2", session).body();
    assertTrue(page.contains("2 boxes like this one"), page);
    assertTrue(page.contains("(status_token)"), page);
    assertTrue(page.matches("(?s).*about <strong>\\$0\\.0[0-9]+ an hour</strong>.*"), page);
    String form =
        form(
            "boxes",
            hidden(page, "boxes"),
            "client_token",
            hidden(page, "client_token"),
            "key",
            hidden(page, "key"));
    assertEquals(0, fleet.calls("RunInstances").size());
    for (int click = 0; click < 2; click++) {
      assertSays(200, "2 boxes started: i-", box.page().post(START, form, session));
    }

    assertEquals(1, fleet.calls("RunInstances").size());
    assertEquals(3, fleet.instances().size());
    FakeInstance started = fleet.instances().getLast();
    assertEquals(BACKLOG, started.tags().get("job-processor:backlog"));
    assertTrue(started.userData().contains("status_token=" + TOKEN));
    FleetCall launch = started.launch();
    Map.of(
            "ImageId", "ami-0abcdef1234567890",
            "InstanceType", "t3.small",
            "SubnetId", "subnet-1",
            "SecurityGroupId.2", "sg-2",
            "IamInstanceProfile.Arn", "arn:aws:iam::1:instance-profile/w",
            "KeyName", "my-key",
            "MetadataOptions.HttpTokens", "required")
        .forEach((name, value) -> assertEquals(value, launch.get(name), name));
    // Another form is another order, which is one too many.
    assertSays(409, "fleet_max_boxes=3", script(box, START, "boxes", "1"));
    assertEquals(3, fleet.instances().size());
    assertEquals(1, box.daemon().count("starting boxes, as requested on the page"));
  }

  @Test
  void what_ec2_refuses_is_said_in_plain_words() throws Exception {
    Box box = startBox("status_token=" + TOKEN, "concurrency=1");
    fleet.refuse("RunInstances", 1, 403, "UnauthorizedOperation");
    assertSays(409, "this box's role lacks the right ec2:RunInstances", script(box, START));
    fleet.heal().refuse("RunInstances", 1, 400, "InstanceLimitExceeded");
    assertSays(409, "the account's quota for such instances is used up", script(box, START));
    fleet.heal().refuse("DescribeInstances", 2, 403, "UnauthorizedOperation");
    assertSays(409, "ec2:DescribeInstances", script(box, START));
    fleet.heal().capacity(0);
    assertSays(409, "EC2 has no more instances of this type", script(box, START));
    fleet.capacity(10);
    assertSays(200, "1 box started: i-", script(box, START));

    sqs.send(BACKLOG, "quick");
    awaitResults(1);
  }

  @Test
  void what_takes_ec2_long_is_not_cut_and_is_done_once() throws Exception {
    Box box = startBox("status_token=" + TOKEN, "concurrency=1");
    fleet.slow("RunInstances", 1, Duration.ofSeconds(25)); // a call may take 30
    await() // a box that is very busy may be too late with its answer
        .atMost(Duration.ofSeconds(24))
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () ->
                assertSays(
                    202, "AWS has not answered yet", script(box, START, "client_token", "mine")));
    await()
        .atMost(SOON.multipliedBy(2))
        .untilAsserted(
            () -> assertSays(200, "1 box started: i-", script(box, START, "client_token", "mine")));
    assertEquals(1, fleet.calls("RunInstances").size());
  }

  @Test
  void in_a_group_the_desired_capacity_is_set_to_what_the_form_showed() throws Exception {
    FakeGroup group = fleet.group("workers", 0, 5, 3).with(ID);
    Box box = startBox("status_token=" + TOKEN, "concurrency=1");
    Map<String, String> bearer = Map.of("Authorization", "Bearer " + TOKEN);
    String page = box.page().get(START, bearer).body();
    assertTrue(page.contains("from 3 to 4"), page);
    String[] shown = {"from", hidden(page, "from"), "to", hidden(page, "to")};

    assertSays(200, "from 3 to 4: Auto Scaling starts 1 box", script(box, START, shown));
    assertSays(200, "is 4 already: nothing was changed", script(box, START, shown));

    assertEquals(4, group.desired());
    assertEquals(1, fleet.calls("SetDesiredCapacity").size());
    assertEquals(0, fleet.calls("RunInstances").size());
    assertSays(409, "at most 5 boxes", script(box, START, "boxes", "2"));
    fleet.refuse("SetDesiredCapacity", 1, 403, "AccessDenied");
    assertSays(
        409, "lacks the right autoscaling:SetDesiredCapacity", script(box, START, "boxes", "1"));
    fleet.refuse("SetDesiredCapacity", 1, 500, "InternalFailure");
    String[] order = {"boxes", "1", "client_token", "order-17"};
    assertSays(202, "again with client_token=order-17", script(box, START, order));
    group.size(0, 5, 5); // it was done all the same
    assertSays(200, "is 5 already: nothing was changed", script(box, START, order));
  }

  @Test
  void this_box_ends_after_its_job_with_one_less_desired_in_its_group() throws Exception {
    FakeGroup group = fleet.group("workers", 1, 5, 2).with(ID);
    Box box = startBox("status_token=" + TOKEN, "concurrency=1");
    sqs.send(BACKLOG, "sleep 20000");
    await().atMost(SOON).until(() -> runs().size() == 1);
    Map<String, String> bearer = Map.of("Authorization", "Bearer " + TOKEN);
    String page = box.page().get(END, bearer).body();
    assertTrue(page.contains("from 2 to 1"), page);
    assertTrue(page.contains("1 job runs"), page);

    assertSays(200, "This box takes no more jobs", end(box));
    assertSays(200, "This box is ending already", script(box, END));
    sqs.send(BACKLOG, "for another box");

    awaitResults(1);
    box.daemon().awaitLine("drained: takes no jobs until it is stopped", SOON);
    await().atMost(SOON).until(() -> group.desired() == 1);
    assertEquals(0, fleet.calls("TerminateInstances").size());
    assertEquals(1, sqs.counts(RESULTS).total());
    assertEquals(1, sqs.counts(BACKLOG).visible());
    assertSays(409, "at its minimum size of 1", box.page().get(END, bearer));
  }

  @Test
  void outside_of_a_group_this_box_is_terminated_by_ec2_and_stays_if_it_may_not() throws Exception {
    Box box = startBox("status_token=" + TOKEN, "concurrency=1");
    fleet.refuse("TerminateInstances", 1, 403, "UnauthorizedOperation");
    end(box);
    await()
        .atMost(SOON)
        .until(
            () ->
                box.page()
                    .get("/")
                    .body()
                    .contains("this box was to end, and stays: this box&#39;s role lacks"));
    sqs.send(BACKLOG, "quick");
    awaitResults(1);

    assertSays(200, "This box takes no more jobs", script(box, END));
    await().atMost(SOON).until(() -> fleet.state(ID).equals("shutting-down"));
    assertFalse(box.page().get("/").body().contains("was to end, and stays"));
  }

  @Test
  void without_a_token_in_the_settings_there_are_no_buttons() throws Exception {
    Box box = startBox("concurrency=1");
    for (String path : List.of(START, END)) {
      assertEquals(404, box.page().get(path).statusCode());
      assertEquals(404, script(box, path, "token", TOKEN).statusCode());
    }
    assertFalse(box.page().get("/").body().contains("action=\"/box"));
    assertEquals(0, fleet.calls("RunInstances").size());
  }

  @Test
  void the_token_is_shown_nowhere_and_wrong_ones_are_refused() throws Exception {
    Box box = startBox("status_token=" + TOKEN, "concurrency=1", "log_level=debug");
    assertEquals(401, box.page().post(START, form("token", "wrong"), Map.of()).statusCode());
    assertSays(200, "started", script(box, START));
    HttpResponse<String> signedIn = box.page().post(START, form("token", TOKEN), Map.of());
    String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    Map<String, String> session = Map.of("Cookie", cookie.split(";", 2)[0]);

    assertFalse(cookie.contains(TOKEN));
    for (String path : List.of("/", "/status.json", "/metrics", START, END, "/x")) {
      assertFalse(box.page().get(path, session).body().contains(TOKEN), path);
    }
    assertTrue(box.page().get("/").body().contains("status_token"));
    box.daemon().sigterm();
    assertEquals(0, box.daemon().awaitExit(SOON));
    assertEquals(0, box.daemon().count(TOKEN));
    assertEquals(1, box.daemon().count("a wrong token was given"));
  }

  @Test
  void a_page_of_somebody_elses_cannot_press_them() throws Exception {
    Box box = startBox("status_token=" + TOKEN, "concurrency=1");
    for (Map<String, String> headers :
        List.of(
            Map.of("Origin", "http://evil.example"),
            Map.of("Origin", "http://127.0.0.1:1"),
            Map.of("Sec-Fetch-Site", "cross-site"))) {
      assertEquals(403, box.page().post(START, form("token", TOKEN), headers).statusCode());
    }
    assertEquals(0, fleet.calls("RunInstances").size());
  }

  @Test
  void the_boxes_of_the_queue_are_asked_for_rarely_and_only_while_somebody_looks()
      throws Exception {
    fleet.instance(ID).tag("job-processor:backlog", BACKLOG);
    fleet.instance("i-2").tag("job-processor:backlog", BACKLOG).state("pending");
    fleet.instance("i-3").tag("job-processor:backlog", "another-queue");
    fleet.instance("i-4").tag("job-processor:backlog", BACKLOG).state("stopped");
    Box box = startBox("concurrency=1");
    for (int i = 0; i < 20; i++) {
      box.page().get("/status.json");
      assertFalse(box.page().get("/metrics").body().contains("jobprocessor_boxes"));
    }
    assertEquals(0, fleet.calls("DescribeInstances").size());

    await().atMost(SOON).until(() -> box.page().get("/").body().contains("1 on the way"));
    for (int i = 0; i < 50; i++) {
      box.page().get("/");
    }

    String page = box.page().get("/").body();
    assertTrue(page.contains(ID) && page.contains("i-2") && !page.contains("i-3"), page);
    assertEquals(2, box.page().json().at("/boxes/up").asInt());
    String metrics = box.page().get("/metrics").body();
    assertTrue(
        metrics.contains("jobprocessor_boxes{queue=\"" + BACKLOG + "\",state=\"pending\"} 1.0"),
        metrics);
    assertEquals(1, fleet.calls("DescribeInstances").size());
  }

  @Test
  void a_right_that_is_missing_is_named_on_the_page_and_once_in_the_log() throws Exception {
    fleet.refuse("DescribeInstances", -1, 403, "UnauthorizedOperation");
    Box box = startBox("concurrency=1");

    await()
        .atMost(SOON)
        .until(
            () -> {
              HttpResponse<String> page = box.page().get("/");
              assertEquals(200, page.statusCode());
              return page.body().contains("lacks the right ec2:DescribeInstances");
            });

    sqs.send(BACKLOG, "quick");
    awaitResults(1);
    assertEquals(1, box.daemon().count("right=ec2:DescribeInstances"));
    assertTrue(box.page().json().at("/boxes/unknown").asText().contains("ec2:DescribeInstances"));
    assertEquals(
        "",
        box.daemon().err().stream().filter(line -> !line.isBlank()).collect(Collectors.joining()));
  }
}
