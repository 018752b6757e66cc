package com.amazonaws.jobprocessor.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The table of settings: a row is all there is to know about a key. */
@SuppressWarnings("ImmutableEnumChecker") // rules hold functions without state
enum Setting {
  ACCESS_KEY_ID(
      "access_key_id",
      unset("the SDK's default chain, so the instance's role"),
      Rule.text("together with secret_access_key"),
      "AWS access key; long-lived keys are accepted, the instance's role is the better way"),
  SECRET_ACCESS_KEY(
      "secret_access_key",
      unset("the SDK's default chain, so the instance's role"),
      Rule.text("together with access_key_id"),
      "the secret of the access key"),
  SESSION_TOKEN(
      "session_token",
      unset("none"),
      Rule.text("only with the two keys"),
      "the session token of temporary keys, which nobody renews"),
  AWS_REGION(
      "aws_region",
      unset("the SDK's region chain, then the instance's own region"),
      Rule.region(),
      "region of the queues"),
  JOB_BACKLOG_QUEUE_NAME(
      "job_backlog_queue_name",
      value("SQS-EC2-Queue-Todo"),
      Rule.queueName(),
      "queue to take jobs from"),
  RESULTS_QUEUE_NAME(
      "results_queue_name",
      value("SQS-EC2-Queue-Results"),
      Rule.queueName(),
      "queue where results go"),
  DEAD_LETTER_QUEUE_NAME(
      "dead_letter_queue_name",
      value("SQS-EC2-Queue-Dead-letter"),
      Rule.queueName(),
      "queue where jobs go that failed for good"),
  POLL_RATE_PER_MIN(
      "poll_rate_per_min",
      value("600"),
      Rule.wholeNumber(1, 1_000_000),
      "ceiling on ReceiveMessage calls a minute for the whole worker, evenly spaced, bursts of at"
          + " most one second's worth; ten jobs a receive make the default's ceiling 100 jobs/s"),
  EXPECTED_JOB_EXECUTION_TIME_IN_SECS(
      "expected_job_execution_time_in_secs",
      value("30"),
      Rule.wholeNumber(1, 21_600),
      "the first lease is twice this; while the job runs it is renewed"),
  JOB_FAILURE_RETRIES(
      "job_failure_retries",
      value("1"),
      Rule.wholeNumber(0, 100),
      "retries before a failing job goes to the dead-letter queue: 1 means two attempts"),
  JOB_EXECUTOR(
      "job_executor",
      value("com.amazonaws.jobprocessor.executors.ReverseSpacelessString"),
      Rule.className(),
      "fully qualified class name of the executor"),
  EXECUTOR_NAME(
      "executor.NAME",
      unset("none"),
      Rule.text("what the executor says"),
      "setting NAME for the executor; NAME is 1 to 64 letters, digits, dots, - and _"),
  CONCURRENCY(
      "concurrency",
      unset("the number of processors"),
      Rule.wholeNumber(1, 1_000),
      "slots of this worker: jobs that run at the same time"),
  POLL_WAIT_TIME_IN_SECS(
      "poll_wait_time_in_secs",
      value("20"),
      Rule.wholeNumber(0, 20),
      "long polling (never above half the first lease)"),
  RETRY_DELAY_IN_SECS(
      "retry_delay_in_secs",
      value("0"),
      Rule.wholeNumber(0, 3_600),
      "wait before retry n is this times 2^(n-1), with full jitter"),
  JOB_TIMEOUT_IN_SECS(
      "job_timeout_in_secs",
      unset("none"),
      Rule.wholeNumber(1, 43_000),
      "an attempt that takes longer is interrupted and counts as failed"),
  DRAIN_TIMEOUT_IN_SECS(
      "drain_timeout_in_secs",
      value("90"),
      Rule.wholeNumber(0, 43_000),
      "how long a stop waits for running jobs before it gives them back"),
  CREATE_QUEUES(
      "create_queues",
      value("true"),
      Rule.trueOrFalse(),
      "make a missing queue at start (said in the log; results and dead letters with 14 days'"
          + " retention); false: refuse to start, naming queue and region"),
  JOB_TABLE_NAME(
      "job_table_name",
      unset("none"),
      Rule.tableName(),
      "DynamoDB table in which each job has a record: it is run once, its state can be asked for"),
  PAYLOAD_BUCKET_NAME(
      "payload_bucket_name",
      unset("none"),
      Rule.bucketName(),
      "S3 bucket for payloads and results that do not fit a message, up to 64 MiB"),
  STATUS_PORT(
      "status_port",
      unavailable("8080"),
      Rule.text("0 = off, to 65,535"),
      "the status page; a port that is taken is a warning, the worker goes on"),
  STATUS_ADDRESS(
      "status_address",
      unavailable("127.0.0.1"),
      Rule.text("an address"),
      "where the page listens"),
  STATUS_TOKEN(
      "status_token",
      unavailable("none: no buttons"),
      Rule.text("16 characters or more"),
      "bearer token that the page's buttons need"),
  IDLE_SHUTDOWN_AFTER_SECS(
      "idle_shutdown_after_secs",
      unavailable("never"),
      Rule.text("60 or more"),
      "drain and terminate this instance after so long without a job");

  /** What the keys of the executor's own settings begin with. */
  static final String EXECUTOR_PREFIX = "executor.";

  /** Said of every setting that is planned and refused. */
  static final String NOT_AVAILABLE = "not available in this version";

  private static final Pattern EXECUTOR_KEY = Pattern.compile("executor\\.[A-Za-z0-9_.-]{1,64}");

  private final String key;
  private final Default byDefault;
  private final Rule rule;
  private final String meaning;

  Setting(String key, Default byDefault, Rule rule, String meaning) {
    this.key = key;
    this.byDefault = byDefault;
    this.rule = rule;
    this.meaning = meaning;
  }

  /** The row of a key, that of {@code executor.NAME} for the executor's own; null if unknown. */
  static @Nullable Setting of(String key) {
    if (EXECUTOR_KEY.matcher(key).matches()) {
      return EXECUTOR_NAME;
    }
    for (Setting setting : values()) {
      if (setting != EXECUTOR_NAME && setting.key.equals(key)) {
        return setting;
      }
    }
    return null;
  }

  String key() {
    return key;
  }

  Rule rule() {
    return rule;
  }

  String meaning() {
    return meaning;
  }

  boolean isAvailable() {
    return byDefault.available;
  }

  /** The value without which it works as if it were given; null if there is none. */
  @Nullable String defaultValue() {
    return byDefault.value;
  }

  /** What holds if the key is not given, in words or as a value. */
  String defaultText() {
    return byDefault.text;
  }

  private record Default(@Nullable String value, String text, boolean available) {}

  private static Default value(String value) {
    return new Default(value, value, true);
  }

  private static Default unset(String text) {
    return new Default(null, text, true);
  }

  private static Default unavailable(String text) {
    return new Default(null, text, false);
  }
}
