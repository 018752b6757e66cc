package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Call;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class StartIT extends BlackBox {
  @Test
  void every_bad_setting_is_named_at_once_with_78_and_no_poll() throws Exception {
    DaemonProcess daemon =
        start(
            daemon()
                .userData(
                    "poll_rate=60",
                    "concurrency=0",
                    "executor.token=s3cr3t-value",
                    "no pair",
                    "job_failure_retries=-1",
                    "fleet_max_boxes=0",
                    "job_executor=com.example.Missing"));

    assertEquals(78, daemon.awaitExit(SOON));

    String err = String.join("\n", daemon.err());
    assertEquals(7, daemon.err().size(), err);
    assertTrue(err.contains("did you mean poll_rate_per_min?"), err);
    assertTrue(err.contains("fleet_max_boxes: \"0\""), err);
    assertTrue(err.contains("com.example.Missing"), err);
    assertFalse((err + daemon.out()).contains("s3cr3t"), err);
    assertEquals(0, proxy().calls().size());
  }

  @Test
  void check_prints_settings_and_origins_masks_secrets_and_looks_for_the_queues() throws Exception {
    DaemonProcess daemon =
        start(
            daemon()
                .arguments("--check", "--user-data-file", "-")
                .input(
                    "concurrency=3\naccess_key_id=AKIAEXAMPLE\nsecret_access_key=s3cr3t,\n"
                        + EXECUTOR
                        + "\nexecutor.password=h\\\\s3cr3t\n"));

    assertEquals(0, daemon.awaitExit(SOON));

    String out = String.join("\n", daemon.out());
    assertTrue(out.matches("(?s).*concurrency +3 +--user-data-file.*"), out);
    assertTrue(out.matches("(?s).*poll_rate_per_min +600 +default.*"), out);
    assertTrue(out.contains("logs in with ****"), out);
    assertTrue(out.matches("(?s).*\nqueue +" + BACKLOG + " is there\n.*"), out);
    assertEquals(0, proxy().requests("CreateQueue"));
    assertFalse(out.contains("s3cr3t") || out.contains("AKIAEXAMPLE"), out);
  }

  @Test
  void our_executors_go_by_their_simple_names_and_a_near_miss_is_told() throws Exception {
    DaemonProcess right =
        start(DaemonProcess.builder().arguments("--check", "--user-data", "job_executor=Sleep"));
    assertEquals(0, right.awaitExit(SOON));
    String out = String.join("\n", right.out());
    assertTrue(out.contains("executor  com.amazonaws.jobprocessor.executors.Sleep is there"), out);

    DaemonProcess wrong =
        start(DaemonProcess.builder().arguments("--check", "--user-data", "job_executor=sleep"));
    assertEquals(78, wrong.awaitExit(SOON));
    String err = String.join("\n", wrong.err());
    assertTrue(err.contains("job_executor: sleep: is in none of"), err);
    assertTrue(err.contains("did you mean Sleep?"), err);
    assertEquals(1, wrong.err().size(), err);
  }

  @Test
  void user_data_that_cannot_be_read_is_one_line_with_78() throws Exception {
    for (String file : List.of("/", "/dev/zero", "/no/such/file")) {
      DaemonProcess daemon =
          start(DaemonProcess.builder().arguments("--check", "--user-data-file", file));

      assertEquals(78, daemon.awaitExit(SOON), file);
      assertEquals(1, daemon.err().size(), () -> String.join("\n", daemon.err()));
      assertTrue(daemon.err().getFirst().contains('"' + file + '"'), daemon.err().getFirst());
    }
  }

  @Test
  void help_and_version_need_nothing() throws Exception {
    DaemonProcess help = start(DaemonProcess.builder().arguments("--help"));
    assertEquals(0, help.awaitExit(SOON));
    assertTrue(String.join("\n", help.out()).contains("job_backlog_queue_name"));

    DaemonProcess version = start(DaemonProcess.builder().arguments("--version"));
    assertEquals(0, version.awaitExit(SOON));
    assertTrue(version.out().getFirst().matches("job-processor [0-9.]+"));
  }

  @Test
  void user_data_region_role_and_id_come_from_the_instance_by_imdsv2_even_a_slow_one()
      throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.userData(EXECUTOR + ",concurrency=2\n")
          .set(FakeImds.REGION, "eu-central-1")
          .set(FakeImds.INSTANCE_ID, "i-0123456789abcdef0")
          .fail(3, 500);
      DaemonProcess daemon = start(daemon().imds(imds.endpoint()));
      sqs.send(BACKLOG, "plain");

      awaitResults(1);

      assertEquals("i-0123456789abcdef0", text(sqs.receiveAll(RESULTS).getFirst(), "worker_id"));
      daemon.awaitLine("taking jobs .*region=eu-central-1", SOON);
      assertEquals(List.of(), imds.tokenless());
      assertTrue(imds.requests(FakeImds.CREDENTIALS) > 0);
    }
  }

  @Test
  void an_instance_without_user_data_gets_the_defaults() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.remove(FakeImds.USER_DATA)
          .set(FakeImds.REGION, "us-east-1")
          .set(FakeImds.INSTANCE_ID, "i-1");
      start(daemon().imds(imds.endpoint()));
      sqs.send(BACKLOG, "abc");

      awaitResults(1);

      assertEquals("cba", sqs.receiveAll(RESULTS).getFirst().body());
    }
  }

  @Test
  void metadata_that_is_not_ready_yet_is_not_taken_for_an_instance_without_user_data()
      throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.userData(EXECUTOR)
          .set(FakeImds.REGION, "us-east-1")
          .set(FakeImds.INSTANCE_ID, "i-1")
          .fail(FakeImds.USER_DATA, 2, 404)
          .fail(FakeImds.INSTANCE_ID, 2, 404);
      start(daemon().imds(imds.endpoint()));
      sqs.send(BACKLOG, "abc");

      awaitResults(1);

      assertEquals("abc!", sqs.receiveAll(RESULTS).getFirst().body());
    }
  }

  /** Longer than a machine that is no instance is asked. */
  @Test
  void metadata_that_says_404_for_long_is_waited_for_on_an_instance() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.userData(EXECUTOR)
          .fail(FakeImds.USER_DATA, 14, 404)
          .fail(FakeImds.INSTANCE_ID, 14, 404)
          .fail(FakeImds.REGION, 3, 404);
      DaemonProcess daemon = start(daemon().imds(imds.endpoint()));
      daemon.awaitLine("instance metadata has nothing there", SOON);
      sqs.send(BACKLOG, "abc");

      awaitResults(1);

      assertEquals("abc!", sqs.receiveAll(RESULTS).getFirst().body());
    }
  }

  @Test
  void user_data_that_is_compressed_is_refused_in_one_line() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.userData("\u001f\u008b\b\u0000\n\u0001\n");
      DaemonProcess daemon = start(daemon().imds(imds.endpoint()));

      assertEquals(78, daemon.awaitExit(SOON));
      assertEquals(1, daemon.err().size(), daemon.err()::toString);
      assertTrue(daemon.err().getFirst().contains("gzip"), daemon.err()::toString);
    }
  }

  @Test
  void with_all_settings_given_metadata_that_is_away_holds_up_nothing() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.down();
      DaemonProcess daemon =
          start(
              daemon()
                  .imds(imds.endpoint())
                  .set("AWS_REGION", "us-east-1")
                  .set("AWS_ACCESS_KEY_ID", "test")
                  .set("AWS_SECRET_ACCESS_KEY", "test")
                  .userData(EXECUTOR));

      daemon.awaitLine("taking jobs", SOON);
    }
  }

  @Test
  void a_stop_while_metadata_is_away_is_a_stop() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.down();
      DaemonProcess daemon = start(daemon().imds(imds.endpoint()));
      daemon.awaitLine("metadata .*does not answer", SOON);

      daemon.sigterm();

      assertEquals(0, daemon.awaitExit(Duration.ofSeconds(30)));
    }
  }

  @Test
  void missing_queues_are_made_and_said_with_two_weeks_for_what_comes_out() throws Exception {
    DaemonProcess daemon =
        startAndAwait(
            "job_backlog_queue_name=a", "results_queue_name=b", "dead_letter_queue_name=c");

    assertEquals(3, daemon.count("made a queue that was missing"));
    Map<String, String> retention =
        proxy().calls("CreateQueue").stream()
            .collect(
                Collectors.toMap(
                    Call::queue, call -> call.queueAttribute("MessageRetentionPeriod")));
    assertEquals(Map.of("a", "", "b", "1209600", "c", "1209600"), retention);
  }

  @Test
  void a_missing_queue_that_may_not_be_made_is_named_with_78() throws Exception {
    DaemonProcess daemon = start("results_queue_name=nowhere", "create_queues=false");

    assertEquals(78, daemon.awaitExit(SOON));

    String err = String.join("\n", daemon.err());
    assertTrue(
        err.contains("results_queue_name")
            && err.contains("\"nowhere\"")
            && err.contains("us-east-1"),
        err);
    assertFalse(sqs.exists("nowhere"));
  }

  @Test
  void queues_that_work_against_the_worker_are_warned_of() throws Exception {
    // ElasticMQ knows no retention, so SQS's answer is played.
    proxy()
        .on("GetQueueAttributes")
        .answer(
            200,
            """
            {"Attributes": {"MessageRetentionPeriod": "345600",
             "RedrivePolicy": "{\\"deadLetterTargetArn\\":\\"arn:x\\",\\"maxReceiveCount\\":12}"}}""")
        .forever();
    DaemonProcess daemon = startAndAwait();

    daemon.awaitLine("WARN .*queue=" + BACKLOG + " maxReceiveCount=12 should_be_above=12", SOON);
    daemon.awaitLine("WARN .*keeps messages no longer .*queue=" + DEAD_LETTERS, SOON);
  }

  @Test
  void calls_that_are_denied_at_start_are_waited_out() throws Exception {
    proxy().on("GetQueueUrl").deny().times(2);
    proxy().on("GetQueueAttributes").deny().forever();
    DaemonProcess daemon = start();
    sqs.send(BACKLOG, "plain");

    daemon.awaitLine("WARN .*error=AccessDenied", SOON);
    awaitResults(1);
  }

  @Test
  void a_queue_that_it_may_not_make_is_taken_when_somebody_else_has_made_it() throws Exception {
    proxy().on("CreateQueue").deny().forever();
    DaemonProcess daemon = start("job_backlog_queue_name=later");
    daemon.awaitLine("WARN .*action=CreateQueue at=later error=AccessDenied", SOON);

    sqs.createQueue("later"); // past the proxy

    daemon.awaitLine("taking jobs", SOON);
    assertEquals(1, daemon.count("AWS calls succeed again"));
  }

  @Test
  void no_secret_of_the_settings_leaves_the_worker() throws Exception {
    DaemonProcess daemon =
        start(
            daemon()
                .arguments("--user-data-file", "-")
                .input(EXECUTOR + "\nexecutor.password=hunter2-hunter2\njob_failure_retries=0\n"));
    sqs.send(BACKLOG, "say hunter2-hunter2");

    awaitDeadLetters(1);
    daemon.sigterm();
    daemon.awaitExit(SOON);

    String error = text(sqs.receiveAll(DEAD_LETTERS).getFirst(), "error_message");
    assertTrue(
        error.startsWith("****; at " + ScriptedExecutor.class.getName() + ".execute("), error);
    await().atMost(SOON).until(() -> daemon.count("stopped") == 1);
    assertFalse((daemon.out() + "" + daemon.err()).contains("hunter2"));
  }

  private DaemonProcess check(String... pairs) throws Exception {
    return start(daemon().arguments("--check", "--user-data", String.join(",", pairs)));
  }

  @Test
  void check_ends_as_the_start_would_when_a_queue_is_missing() throws Exception {
    DaemonProcess refused = check("create_queues=false", "job_backlog_queue_name=zz");
    assertEquals(78, refused.awaitExit(SOON));
    assertEquals(
        List.of(
            "job_backlog_queue_name: there is no queue \"zz\" in us-east-1, and"
                + " create_queues=false; create it, or correct the name"),
        refused.err());

    DaemonProcess made = check("job_backlog_queue_name=zz");
    assertEquals(0, made.awaitExit(SOON));
    made.awaitLine("queue +zz is missing in us-east-1; a start would create it", SOON);
    assertFalse(sqs.exists("zz"));
  }

  @Test
  void check_warns_of_queues_as_the_start_does() throws Exception {
    proxy()
        .on("GetQueueAttributes")
        .answer(
            200,
            """
            {"Attributes": {"MessageRetentionPeriod": "345600",
             "RedrivePolicy": "{\\"maxReceiveCount\\":12}"}}""")
        .forever();
    DaemonProcess daemon = check();
    assertEquals(0, daemon.awaitExit(SOON));
    daemon.awaitLine("warning .*redrive policy .*maxReceiveCount=12 should_be_above=12", SOON);
  }

  @Test
  void check_warns_of_a_payload_bucket_that_is_missing_as_the_start_does() throws Exception {
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      s3.createBucket("payloads");
      for (String bucket : List.of("payloads", "nowhere")) {
        DaemonProcess daemon =
            start(
                daemon()
                    .set("AWS_ENDPOINT_URL_S3", s3.endpoint().toString())
                    .arguments("--check", "--user-data", "payload_bucket_name=" + bucket));
        assertEquals(0, daemon.awaitExit(SOON));
        if (bucket.equals("payloads")) {
          daemon.awaitLine("bucket +payloads is there", SOON);
        } else {
          daemon.awaitLine("warning +the payload bucket does not exist: .* bucket=nowhere", SOON);
          assertEquals(0, daemon.count("bucket .*is there"));
        }
      }
    }
  }

  @Test
  void check_says_that_aws_is_away_which_is_no_failure() throws Exception {
    proxy().down();
    DaemonProcess daemon = check();
    assertEquals(0, daemon.awaitExit(SOON));
    daemon.awaitLine("queues +cannot be checked now, a start would wait: ", SOON);
  }

  @Test
  void check_offline_makes_no_call_and_says_what_it_has_not_checked() throws Exception {
    DaemonProcess daemon =
        start(daemon().arguments("--check", "--offline", "--user-data", "job_table_name=jobs"));
    assertEquals(0, daemon.awaitExit(SOON));
    daemon.awaitLine("offline +not checked: the queues, the job table, AWS credentials", SOON);
    assertEquals(0, proxy().calls().size());
  }

  /** The SDK asks for the instance's region when a client is made in this mode. */
  @Test
  void check_offline_asks_no_metadata_whatever_the_sdk_is_told() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      DaemonProcess daemon =
          start(
              daemon()
                  .imds(imds.endpoint())
                  .set("AWS_DEFAULTS_MODE", "auto")
                  .arguments("--check", "--offline", "--user-data", "aws_region=us-east-1"));
      assertEquals(0, daemon.awaitExit(SOON));
      assertEquals(0, imds.requests());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--check", "--check --offline"})
  void without_a_region_a_check_is_refused_as_the_start_is(String options) throws Exception {
    DaemonProcess daemon =
        start(daemon().set("AWS_REGION", "").arguments(words(options)).userData());
    assertEquals(78, daemon.awaitExit(SOON));
    assertTrue(daemon.err().getFirst().startsWith("aws_region: not set"), daemon.err()::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--check", "--check --offline"})
  void without_user_data_a_check_is_refused_as_the_start_is(String options) throws Exception {
    DaemonProcess daemon = start(daemon().arguments(words(options)));
    assertEquals(78, daemon.awaitExit(SOON));
    assertTrue(daemon.err().getFirst().startsWith("no user data: "), daemon.err()::toString);
  }

  private static String[] words(String options) {
    return options.isEmpty() ? new String[0] : options.split(" ", -1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--check --offline"})
  void variables_with_odd_values_are_named_with_78(String options) throws Exception {
    for (String variable :
        List.of(
            "AWS_ENDPOINT_URL_SQS=127.0.0.1:9324",
            "AWS_REGION=us east 1",
            "HTTPS_PROXY=proxy",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1 ",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT=my imds",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT=127.0.0.1",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv5")) {
      String[] pair = variable.split("=", 2);
      DaemonProcess daemon =
          start(daemon().set(pair[0], pair[1]).arguments(words(options)).userData("concurrency=1"));
      assertEquals(78, daemon.awaitExit(SOON), variable);
      assertEquals(1, daemon.err().size(), daemon.err()::toString);
      assertTrue(daemon.err().getFirst().startsWith(pair[0]), daemon.err()::toString);
      assertTrue(daemon.err().getFirst().contains(pair[1]), daemon.err()::toString);
    }
  }

  @Test
  void a_state_folder_that_cannot_be_used_is_said_at_start_and_the_worker_goes_on()
      throws Exception {
    DaemonProcess daemon =
        start(daemon().set("STATE_DIRECTORY", "/proc/self/x").userData(EXECUTOR));
    daemon.awaitLine("WARN .*state folder cannot be used.* folder=/proc/self/x", SOON);
    sqs.send(BACKLOG, "plain");
    awaitResults(1);
  }

  @Test
  void a_start_that_failed_has_no_cost() throws Exception {
    DaemonProcess daemon = start("results_queue_name=nowhere", "create_queues=false");
    assertEquals(78, daemon.awaitExit(SOON));
    await().atMost(SOON).until(() -> daemon.count("stopped") == 1);
    assertEquals(0, daemon.count("estimated cost"));
  }
}
