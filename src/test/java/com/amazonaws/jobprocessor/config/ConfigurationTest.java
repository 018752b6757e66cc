package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  @Test
  void nothing_given_means_the_defaults() {
    assertEquals(
        new Settings(
            null,
            null,
            new Settings.Queues(
                "SQS-EC2-Queue-Todo", "SQS-EC2-Queue-Results", "SQS-EC2-Queue-Dead-letter", true),
            new Settings.Polling(600, Duration.ofSeconds(20)),
            new Settings.Work(Duration.ofSeconds(30), 1, Read.PROCESSORS, Duration.ZERO, null),
            new Settings.Stores(null, null),
            new Settings.Operation(
                Duration.ofSeconds(90),
                Settings.LogLevel.INFO,
                new Settings.Listen(8090, "127.0.0.1"),
                new Settings.BoxEnd(false, null, false),
                new Settings.Buttons(null, 20)),
            new Settings.Executor(
                "com.amazonaws.jobprocessor.executors.ReverseSpacelessString", Map.of())),
        Read.userData("").settings());
    assertEquals(List.of(), Read.userData("").warnings());
    assertEquals(List.of(), Read.userData("").secrets());
    assertTrue(Configuration.read(List.of(), 1).problems().isEmpty());
  }

  @Test
  void every_setting_arrives_where_it_is_needed() {
    Settings settings =
        Read.userData(
                """
                access_key_id=AKIA, secret_access_key=s\\,t, session_token=u
                aws_region=eu-west-1
                job_backlog_queue_name=b, results_queue_name=r, dead_letter_queue_name=d
                create_queues=false, job_table_name=jobs, payload_bucket_name=payloads
                poll_rate_per_min=61, poll_wait_time_in_secs=7
                expected_job_execution_time_in_secs=8, job_failure_retries=9, concurrency=10
                retry_delay_in_secs=11, job_timeout_in_secs=12, drain_timeout_in_secs=13
                status_port=14, status_address=::1, status_token=0123456789abcdef, fleet_max_boxes=15
                on_rebalance=drain, idle_shutdown_after_secs=14, protect_while_busy=true
                job_executor=a.B, log_level=debug, executor.url=http://x/?a=b, executor.list=a\\,b\\\\c
                """)
            .settings();

    assertEquals(
        new Settings(
            new Settings.Keys("AKIA", "s,t", "u"),
            "eu-west-1",
            new Settings.Queues("b", "r", "d", false),
            new Settings.Polling(61, Duration.ofSeconds(7)),
            new Settings.Work(
                Duration.ofSeconds(8), 9, 10, Duration.ofSeconds(11), Duration.ofSeconds(12)),
            new Settings.Stores("jobs", "payloads"),
            new Settings.Operation(
                Duration.ofSeconds(13),
                Settings.LogLevel.DEBUG,
                new Settings.Listen(14, "::1"),
                new Settings.BoxEnd(true, Duration.ofSeconds(14), true),
                new Settings.Buttons("0123456789abcdef", 15)),
            new Settings.Executor("a.B", Map.of("url", "http://x/?a=b", "list", "a,b\\c"))),
        settings);
    assertEquals(Duration.ofSeconds(16), settings.work().firstLease());
  }

  @Test
  void on_ec2_a_box_is_idle_for_a_minute_before_it_ends() {
    assertEquals(List.of(), Read.userData("idle_shutdown_after_secs=60").problemsOnEc2());
    assertEquals(List.of(), Read.userData("concurrency=2").problemsOnEc2());
    assertEquals(List.of(), Read.userData("idle_shutdown_after_secs=x").problemsOnEc2());
    assertEquals(List.of(), Read.userData("idle_shutdown_after_secs=59").problems());
    assertEquals(
        List.of(
            "idle_shutdown_after_secs: \"59\" in user data is out of range on an EC2 instance;"
                + " allowed: 1 or more, on EC2 60 or more"),
        Read.userData("idle_shutdown_after_secs=59").problemsOnEc2().stream()
            .map(Problem::message)
            .toList());
  }

  @Test
  void user_data_wins_over_the_baked_file_key_by_key() {
    Configuration read =
        Read.bakedAndUserData(
            "concurrency=4,job_failure_retries=5,executor.a=1", "concurrency=6,executor.b=2");

    assertEquals(6, read.settings().work().concurrency());
    assertEquals(5, read.settings().work().retries());
    assertEquals(Map.of("a", "1", "b", "2"), read.settings().executor().settings());
    assertEquals("user data", Read.row(read, "concurrency").origin());
    assertEquals("conf/job-processor.conf", Read.row(read, "job_failure_retries").origin());
    assertEquals("conf/job-processor.conf", Read.row(read, "executor.a").origin());
  }

  @Test
  void problem_of_the_baked_file_names_it_even_if_user_data_wins() {
    assertEquals(
        List.of(
            "concurrency: \"0\" in conf/job-processor.conf is out of range; allowed: 1 to 1,000"),
        Read.messages(Read.bakedAndUserData("concurrency=0", "concurrency=2")));
  }

  @Test
  void all_problems_of_all_sources_are_told_at_once() {
    assertEquals(
        List.of(
            "colour: unknown setting in conf/job-processor.conf; --help lists all settings",
            "poll_rate_per_minute: unknown setting in user data;"
                + " did you mean poll_rate_per_min?",
            "line 1, pair 2 of user data: \"hello\" begins no key=value pair; allowed: key=value;"
                + " pairs are separated by commas or newlines, and a comma inside a value is"
                + " written \\,",
            "line 1, pair 3 of user data: no key before \"=\"; allowed: key=value",
            "concurrency: \"2\" in user data is given again at line 2, pair 2; allowed: once",
            "create_queues: \"\" in user data is empty; allowed: true, false",
            "aws_region: \"us\\u0000\" in user data has a control character; allowed: a region's"
                + " form, such as us-east-1",
            "results_queue_name: \"SQS-EC2-Queue-Todo\" in user data is also"
                + " job_backlog_queue_name (default); allowed: three different names"),
        Read.messages(
            Read.bakedAndUserData(
                "colour=blue",
                """
                poll_rate_per_minute=5,hello world,=x
                concurrency=1,concurrency=2
                create_queues=
                aws_region=us\0
                results_queue_name=SQS-EC2-Queue-Todo
                """)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "job_backlog_queue_name=https://sqs.us-east-1.amazonaws.com/1/todo,not the URL or ARN",
        "results_queue_name=arn:aws:sqs:us-east-1:1:todo,not the URL or ARN",
        "job_table_name=arn:aws:dynamodb:us-east-1:1:table/jobs,not the URL or ARN",
        "payload_bucket_name=s3://payloads,not the URL or ARN",
        "aws_region=us-east-1a,leave out the zone's letter",
        "aws_region=us-gov-west-1b,leave out the zone's letter",
        "job_executor=\"org.example.Mine\",leave out the quotes",
        "concurrency='4',leave out the quotes",
        "job_executor=org/example/Mine,such as org.example.Mine",
        "concurrency=4;create_queues=true,by commas or newlines"
      })
  void a_value_from_another_place_is_refused_with_what_to_do(String pair, String hint) {
    List<String> messages = Read.messages(Read.userData(pair));

    assertEquals(1, messages.size());
    assertTrue(messages.getFirst().endsWith(hint), messages::toString);
  }

  @Test
  void settings_are_refused_while_there_are_problems() {
    Configuration read = Read.userData("concurrency=0");

    assertThrows(IllegalStateException.class, read::settings);
    assertEquals("(refused)", Read.row(read, "concurrency").value());
  }

  @Test
  void same_key_in_two_sources_is_not_repeated() {
    assertEquals(List.of(), Read.bakedAndUserData("concurrency=1", "concurrency=1").problems());
  }

  @Test
  void key_in_wrong_case_is_unknown() {
    assertEquals(
        List.of("Concurrency: unknown setting in user data; did you mean concurrency?"),
        Read.messages(Read.userData("Concurrency=1")));
  }

  @Test
  void long_value_is_cut_and_its_line_ends_are_escaped() {
    String message =
        Read.userData("aws_region=x\u2028" + "é".repeat(1_000)).problems().getFirst().message();

    assertTrue(message.startsWith("aws_region: \"x\\u2028éé"), message);
    assertTrue(message.length() < 200, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "access_key_id=a | access_key_id: | without secret_access_key",
        "secret_access_key=a | secret_access_key: | without access_key_id",
        "session_token=a | session_token: | without access_key_id and secret_access_key",
        "session_token=a,access_key_id=b | access_key_id: | without secret_access_key",
        "access_key_id=,secret_access_key=b | access_key_id: | is empty",
        "access_key_id=`AKIA`,secret_access_key=b | access_key_id: | has a quote, a blank",
        "access_key_id=\"AKIA\",secret_access_key=b | access_key_id: | has a quote, a blank",
        "access_key_id=AKIA,secret_access_key=b c | secret_access_key: | has a quote, a blank"
      })
  void keys_come_together(String text, String key, String reason) {
    List<String> messages = Read.messages(Read.userData(text));

    assertEquals(1, messages.size(), messages::toString);
    assertTrue(messages.getFirst().startsWith(key), messages::toString);
    assertTrue(messages.getFirst().contains(reason), messages::toString);
  }

  @Test
  void keys_may_come_from_two_sources() {
    assertEquals(
        new Settings.Keys("a", "b", null),
        Read.bakedAndUserData("access_key_id=a", "secret_access_key=b").settings().keys());
  }

  /** AWS refuses new keys with an old session token, each time and for ever. */
  @Test
  void aws_keys_of_one_source_take_nothing_from_other_keys_below_them() {
    String baked = "access_key_id=a,secret_access_key=b,session_token=c";
    assertEquals(
        new Settings.Keys("d", "e", null),
        Read.bakedAndUserData(baked, "access_key_id=d,secret_access_key=e").settings().keys());
    assertEquals(
        List.of(
            "access_key_id: the value in user data is given without secret_access_key; allowed:"
                + " both or neither"),
        Read.messages(Read.bakedAndUserData(baked, "access_key_id=d")));
    assertEquals(
        new Settings.Keys("a", "f", "c"),
        Read.bakedAndUserData(baked, "access_key_id=a,secret_access_key=f").settings().keys());
  }

  @Test
  void keys_are_accepted_with_a_warning_that_names_the_role() {
    Configuration read = Read.userData("access_key_id=a,secret_access_key=b");

    assertEquals(List.of(), read.problems());
    assertEquals(1, read.warnings().size());
    assertTrue(read.warnings().getFirst().contains("instance role"), read.warnings()::toString);
    assertTrue(read.warnings().getFirst().contains("user data"), read.warnings()::toString);
  }

  @Test
  void equal_queue_names_are_told_once_each() {
    assertEquals(
        List.of("results_queue_name", "dead_letter_queue_name"),
        Read.userData("job_backlog_queue_name=q,results_queue_name=q,dead_letter_queue_name=q")
            .problems()
            .stream()
            .map(Problem::key)
            .toList());
  }

  @Test
  void queue_names_differ_by_case() {
    assertEquals(
        List.of(), Read.userData("job_backlog_queue_name=q,results_queue_name=Q").problems());
  }

  @Test
  void fifo_is_for_all_queues_or_none() {
    assertEquals(
        List.of(
            "results_queue_name: \"r.fifo\" in user data ends in .fifo and"
                + " job_backlog_queue_name \"SQS-EC2-Queue-Todo\" by default does not;"
                + " allowed: all three or none"),
        Read.messages(Read.userData("results_queue_name=r.fifo")));
  }

  @Test
  void fifo_for_all_is_a_fifo_worker() {
    Configuration read =
        Read.userData(
            "job_backlog_queue_name=b.fifo,results_queue_name=r.fifo,dead_letter_queue_name=d.fifo");

    assertEquals(List.of(), Read.messages(read));
    assertTrue(read.settings().queues().fifo());
    assertFalse(Read.userData("").settings().queues().fifo());
  }

  @Test
  void wait_is_cut_to_half_the_first_lease() {
    Configuration read = Read.userData("expected_job_execution_time_in_secs=5");

    assertEquals(Duration.ofSeconds(5), read.settings().polling().waitTime());
    assertEquals(
        new EffectiveSetting(
            "poll_wait_time_in_secs", "5", "default", "cut from 20 to half the first lease"),
        Read.row(read, "poll_wait_time_in_secs"));
    assertEquals(
        Duration.ofSeconds(20),
        Read.userData("expected_job_execution_time_in_secs=20").settings().polling().waitTime());
  }

  @ParameterizedTest
  @CsvSource({"1, 0.17", "6, 1", "600, 100", "1000000, 166666.67"})
  void check_shows_the_ceiling_in_jobs_a_second(String rate, String jobs) {
    assertEquals(
        "at most " + jobs + " jobs/s, at ten jobs a receive; more in packs",
        Read.row(Read.userData("poll_rate_per_min=" + rate), "poll_rate_per_min").note());
  }

  @Test
  void check_shows_each_key_in_the_order_of_the_table_and_the_executors_own() {
    List<String> keys =
        Read.userData("executor.b=1,executor.a=2").effective().stream()
            .map(EffectiveSetting::key)
            .toList();

    assertEquals(Setting.values().length - 1 + 2, keys.size());
    assertEquals("access_key_id", keys.getFirst());
    assertEquals("log_level", keys.getLast());
    int executor = keys.indexOf("job_executor");
    assertEquals(
        List.of("executor.b", "executor.a", "concurrency"),
        keys.subList(executor + 1, executor + 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CountPrimes",
        "HttpPost",
        "PersistentCommand",
        "ReverseSpacelessString",
        "ShellCommand",
        "Sleep"
      })
  void our_own_executors_go_by_their_simple_names_too(String name) {
    Configuration read = Read.userData("job_executor=" + name);

    String full = "com.amazonaws.jobprocessor.executors." + name;
    assertEquals(full, read.settings().executor().className());
    assertEquals(full, read.executor().orElseThrow().className());
    assertEquals(full, Read.row(read, "job_executor").value());
  }

  @Test
  void other_class_names_stay_as_they_are() {
    for (String name : List.of("sleep", "Slep", "Bench", "com.example.Sleep")) {
      assertEquals(
          name, Read.userData("job_executor=" + name).settings().executor().className(), name);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "1000, 1000", "4096, 1000"})
  void number_of_processors_is_cut_to_the_range_of_concurrency(int processors, int slots) {
    Configuration read = Configuration.read(List.of(), processors);

    assertEquals(slots, read.settings().work().concurrency());
    assertEquals("the number of processors", Read.row(read, "concurrency").note());
  }

  @Test
  void secrets_are_collected_for_the_redactor() {
    assertEquals(
        List.of("old", "AKIA", "new", "pw", "t"),
        Read.bakedAndUserData(
                "secret_access_key=old",
                "access_key_id=AKIA,secret_access_key=new,executor.db_Password=pw,"
                    + "executor.url=x,status_token=t")
            .secrets());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret_access_key=marker",
        "#!/bin/sh\n#job-processor: secret_access_key = marker",
        "concurrency=1,secret_access_key=marker,secret_access_key=marker"
      })
  void secret_on_the_command_line_is_refused(String text) {
    assertEquals(
        List.of(
            "secret_access_key: refused in --user-data, because every user of this machine can"
                + " see a command's arguments; allowed: --user-data-file FILE (- is standard"
                + " input)"),
        Configuration.refusedOnCommandLine(text).stream().map(Problem::message).toList());
  }

  @Test
  void each_secret_key_on_the_command_line_is_told_and_nothing_else() {
    assertEquals(
        List.of("my_password", "access_key_id", "executor.api_TOKEN"),
        refusedKeys(
            "my_password=c,access_key_id=a,executor.api_TOKEN=b,job_executor=d,executor.e=f,"
                + "job_backlog_queue_name=g"));
    assertEquals(
        List.of("session_token", "line 2, pair 1 of --user-data"),
        refusedKeys("session_token: abc=h\ndef ghi key 123=j"));
    assertEquals(List.of(), refusedKeys(""));
  }

  private static List<String> refusedKeys(String text) {
    return Configuration.refusedOnCommandLine(text).stream().map(Problem::key).toList();
  }
}
