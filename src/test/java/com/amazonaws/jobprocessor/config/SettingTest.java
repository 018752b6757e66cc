package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
  /** Settings that contradict others alone; given along with the tested one. */
  private static final String NO_COMPANY = "";

  /** What a row of the table has to do, and what makes it fail. */
  record Case(
      String key, String byDefault, List<String> accepted, List<String> refused, String company) {
    static Case of(String key, String byDefault, List<String> accepted, List<String> refused) {
      return new Case(key, byDefault, accepted, refused, NO_COMPANY);
    }

    Case with(String pairs) {
      return new Case(key, byDefault, accepted, refused, pairs);
    }

    String pair(String value) {
      return key + "=" + value + "\n" + company;
    }
  }

  private static final String LONGEST_NAME = "q".repeat(80);

  private static final List<String> NO_QUEUE_NAMES =
      List.of(LONGEST_NAME + "q", "q".repeat(76) + ".fifo", "a b", "a.b", ".fifo", "a/b", "é");

  @SuppressWarnings("UnusedVariable") // a FieldSource
  private static final List<Case> CASES =
      List.of(
          Case.of(
                  "access_key_id",
                  "the SDK's default chain, so the instance's role",
                  List.of("AKIAIOSFODNN7EXAMPLE"),
                  List.of(
                      "", "a\tb", "\"AKIA\"", "'AKIA'", "AKIA x", "AKIA;x", "AKIA\u00a0", "${ID}"))
              .with("secret_access_key=s"),
          Case.of(
                  "secret_access_key",
                  "the SDK's default chain, so the instance's role",
                  List.of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY==", "a\\,b"),
                  List.of("", "a\u0000b", "\"s\"", "'s", "s t", "s|t", "s&t", "\u200bs"))
              .with("access_key_id=AKIA"),
          Case.of("session_token", "none", List.of("IQoJb3JpZ2luX2Vj//="), List.of("", "\"t\""))
              .with("access_key_id=AKIA,secret_access_key=s"),
          Case.of(
              "aws_region",
              "the SDK's region chain, then the instance's own region",
              List.of(
                  "us-east-1",
                  "us-gov-west-1",
                  "eu-isoe-west-1",
                  "cn-north-1",
                  "mx-central-1",
                  "ap-southeast-2",
                  "eusc-de-east-1"),
              List.of("us-east-1a", "US-EAST-1", "us-east", "useast1", "us east 1", "Ireland")),
          Case.of(
              "job_backlog_queue_name",
              "SQS-EC2-Queue-Todo",
              List.of("q", LONGEST_NAME, "My_queue-1"),
              NO_QUEUE_NAMES),
          Case.of(
              "results_queue_name",
              "SQS-EC2-Queue-Results",
              List.of("q", LONGEST_NAME),
              NO_QUEUE_NAMES),
          Case.of(
              "dead_letter_queue_name",
              "SQS-EC2-Queue-Dead-letter",
              List.of("q", LONGEST_NAME),
              NO_QUEUE_NAMES),
          Case.of("poll_rate_per_min", "600", List.of("1", "1000000"), List.of("0", "1000001")),
          Case.of(
              "expected_job_execution_time_in_secs",
              "30",
              List.of("1", "21600"),
              List.of("0", "21601")),
          Case.of("job_failure_retries", "1", List.of("0", "100"), List.of("-1", "101")),
          Case.of(
              "job_executor",
              "com.amazonaws.jobprocessor.executors.ReverseSpacelessString",
              List.of("BenchExecutor", "a.B", "a.b.C$D", "_a.B1"),
              List.of("a..B", ".B", "a.", "a b", "1a", "a-b.C", "a/b/C")),
          Case.of("concurrency", "3", List.of("1", "1000"), List.of("0", "1001")),
          Case.of("poll_wait_time_in_secs", "20", List.of("0", "20"), List.of("-1", "21")),
          Case.of("retry_delay_in_secs", "0", List.of("0", "3600"), List.of("-1", "3601")),
          Case.of("job_timeout_in_secs", "none", List.of("1", "43000"), List.of("0", "43001")),
          Case.of("drain_timeout_in_secs", "90", List.of("0", "43000"), List.of("-1", "43001")),
          Case.of(
              "create_queues",
              "true",
              List.of("true", "false"),
              List.of("True", "yes", "1", "truefalse")),
          Case.of(
              "job_table_name",
              "none",
              List.of("jobs", "Jobs_of.all-1", "t".repeat(255)),
              List.of("", "ab", "t".repeat(256), "a b", "a/b", "täble")),
          Case.of(
              "payload_bucket_name",
              "none",
              List.of("payloads", "my.bucket-1", "b".repeat(63)),
              List.of(
                  "",
                  "ab",
                  "b".repeat(64),
                  "Bucket",
                  "a_b",
                  "-ab",
                  "ab-",
                  "a..b",
                  "a/b",
                  "10.0.0.1")),
          Case.of("status_port", "8090", List.of("0", "1", "65535"), List.of("-1", "65536")),
          Case.of(
              "status_address",
              "127.0.0.1",
              List.of("0.0.0.0", "10.255.1.20", "::", "::1", "fe80::1:2", "1:2:3:4:5:6:7:8", "1::"),
              List.of(
                  "localhost",
                  "10.0.0.256",
                  "10.0.0",
                  "10.0.0.1.",
                  "010.0.0.1",
                  "1.2.3.4:80",
                  ":",
                  ":1",
                  "1:2:3:4:5:6:7",
                  "1::2::3",
                  ":::",
                  "1:2:3:4:5:6:7::8",
                  "12345::",
                  "g::",
                  "fe80::1%eth0",
                  "[::1]",
                  "::ffff:1.2.3.4")),
          Case.of(
              "status_token",
              "none",
              List.of("0123456789abcdef", "!\"#$%&'()*+-./:;<=>?@[]^_`{|}~", "t".repeat(4_000)),
              List.of("", "0123456789abcde", "0123456789 abcdef", "0123456789abcdefé")),
          Case.of("fleet_max_boxes", "20", List.of("1", "1000"), List.of("0", "1001")),
          Case.of(
              "on_rebalance",
              "ignore",
              List.of("ignore", "drain"),
              List.of("Drain", "true", "", "terminate")),
          Case.of(
              "idle_shutdown_after_secs",
              "never",
              List.of("1", "60", "86400", "2147483647"),
              List.of("0", "-1", "2147483648", "never", "1m", "")),
          Case.of(
              "protect_while_busy",
              "false",
              List.of("true", "false"),
              List.of("True", "yes", "1", "")),
          Case.of(
              "log_level",
              "info",
              List.of("error", "warn", "info", "debug", "trace"),
              List.of("INFO", "warning", "off", "", "info;debug")));

  @SuppressWarnings("UnusedVariable") // a FieldSource
  private static final List<String> NUMBERS =
      Stream.of(Setting.values())
          .filter(setting -> setting.rule().allowed().matches("[0-9,]+ (to [0-9,]+|or more.*)"))
          .map(Setting::key)
          .toList();

  @Test
  void every_known_setting_is_tested_here() {
    assertEquals(
        Arrays.stream(Setting.values())
            .filter(setting -> setting != Setting.EXECUTOR_NAME) // has its own tests below
            .map(Setting::key)
            .collect(Collectors.toSet()),
        CASES.stream().map(Case::key).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void default_holds_when_nothing_is_given(Case setting) {
    Configuration nothing = Read.userData("");

    assertEquals(List.of(), nothing.problems());
    assertEquals(setting.byDefault(), Read.row(nothing, setting.key()).value());
    assertEquals("default", Read.row(nothing, setting.key()).origin());
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void values_within_the_bounds_are_accepted(Case setting) {
    for (String value : setting.accepted()) {
      Configuration read = Read.userData(setting.pair(value));

      assertEquals(List.of(), read.problems(), value);
      assertEquals("user data", Read.row(read, setting.key()).origin());
      String shown = Secrets.isSecretKey(setting.key()) ? "****" : value;
      assertEquals(shown, Read.row(read, setting.key()).value());
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void values_one_step_outside_are_one_problem_that_says_what_is_allowed(Case setting) {
    for (String value : setting.refused()) {
      Configuration read = Read.userData(setting.pair(value));

      assertEquals(1, read.problems().size(), () -> value + Read.messages(read));
      Problem problem = read.problems().getFirst();
      assertEquals(setting.key(), problem.key());
      assertTrue(problem.message().startsWith(setting.key() + ": "), problem.message());
      assertTrue(problem.message().contains("user data"), problem.message());
      assertTrue(problem.message().contains("allowed: "), problem.message());
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void empty_value_is_a_problem(Case setting) {
    assertEquals(1, Read.userData(setting.pair("")).problems().size());
  }

  @ParameterizedTest
  @FieldSource("NUMBERS")
  void number_is_plain_decimal_digits(String key) {
    for (String value :
        List.of(
            "-1",
            "NaN",
            "1e9",
            "2147483648",
            "99999999999999999999",
            "+5",
            "5.0",
            "٣",
            "0x5",
            "5 0",
            "1_0",
            "five",
            "9".repeat(5_000))) {
      Configuration read = Read.userData(key + "=" + value);

      assertEquals(1, read.problems().size(), () -> key + "=" + value);
      assertTrue(read.problems().getFirst().message().length() < 200);
    }
    assertEquals(List.of(), Read.userData(key + "=007").problems());
    assertEquals(List.of(), Read.userData(key + "=" + "0".repeat(40) + "7").problems());
  }

  @Test
  void eleven_settings_are_numbers() {
    // So that number_is_plain_decimal_digits cannot run empty when the words of a range change.
    assertEquals(11, NUMBERS.size());
  }

  @Test
  void problem_names_value_source_and_range() {
    assertEquals(
        List.of(
            "poll_rate_per_min: \"0\" in user data is out of range; allowed: 1 to 1,000,000",
            "concurrency: \"many\" in user data is not a whole number in plain digits; allowed: 1 to"
                + " 1,000",
            "job_failure_retries: \"-1\" in user data is out of range; allowed: 0 to 100"),
        Read.messages(
            Read.userData("poll_rate_per_min=0,concurrency=many,job_failure_retries=-1")));
  }

  @Test
  void long_class_name_is_refused_or_accepted_without_an_overflow() {
    assertEquals(1, Read.userData("job_executor=" + "a.".repeat(8_000)).problems().size());
    assertEquals(0, Read.userData("job_executor=" + "a.".repeat(8_000) + "B").problems().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A.b_c-9", "NAME", "..."})
  void executor_setting_of_any_allowed_name_is_accepted(String name) {
    Configuration read = Read.userData("executor." + name + "=x=y");

    assertEquals("x=y", read.settings().executor().settings().get(name));
    assertEquals("x=y", Read.row(read, "executor." + name).value());
  }

  @Test
  void executor_setting_names_have_1_to_64_characters() {
    String longest = "n".repeat(64);

    assertEquals(List.of(), Read.userData("executor." + longest + "=1").problems());
    for (String name : List.of("", longest + "n", "a b", "é", "a/b")) {
      Configuration read = Read.userData("executor." + name + "=1");

      assertEquals(1, read.problems().size(), name);
      assertTrue(
          read.problems()
              .getFirst()
              .message()
              .contains("NAME in executor.NAME has 1 to 64 letters"),
          read.problems().getFirst().message());
    }
  }

  @Test
  void executor_has_no_settings_by_default_and_none_may_be_empty() {
    assertEquals(0, Read.userData("").settings().executor().settings().size());
    assertEquals(
        List.of("executor.url: \"\" in user data is empty; allowed: what the executor says"),
        Read.messages(Read.userData("executor.url=")));
  }

  @Test
  void the_keys_of_secrets_in_a_text_are_told_without_their_values() {
    assertEquals(
        List.of("status_token", "executor.password"),
        Configuration.secretsIn(
            "concurrency=2,status_token=0123456789abcdef\nexecutor.password=x,executor.password=y"));
    assertEquals(List.of(), Configuration.secretsIn("concurrency=2\n# for the night"));
  }

  @Test
  void secrets_in_other_settings_and_in_the_lines_of_a_script_are_told_by_their_places() {
    String pairs =
        """
        executor.url=https://user:pw@host/,concurrency=2
        executor.command=curl -H 'Authorization: Bearer a.b' --token abc
        # the old one was password=hunter2
        """;
    assertEquals(
        List.of("executor.url", "executor.command", "line 3"), Configuration.secretsIn(pairs));
    String script =
        """
        #!/bin/sh
        #job-processor: status_token=0123456789abcdef
        export DB_PASSWORD=hunter2
        systemctl start x
        """;
    assertEquals(List.of("status_token", "line 3"), Configuration.secretsIn(script));
  }
}
