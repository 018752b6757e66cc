package com.amazonaws.jobprocessor.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The table of settings, one row a key: the only place to change when a setting is added. */
@SuppressWarnings("ImmutableEnumChecker") // rules hold functions without state
enum Setting {
  ACCESS_KEY_ID(
      "access_key_id",
      unset("the SDK's default chain, so the instance's role"),
      Rule.credential("only together with secret_access_key"),
      "AWS access key; long-lived keys are accepted, but the instance's role is the better way"),
  SECRET_ACCESS_KEY(
      "secret_access_key",
      unset("the SDK's default chain, so the instance's role"),
      Rule.credential("only together with access_key_id"),
      "secret of the access key"),
  SESSION_TOKEN(
      "session_token",
      unset("none"),
      Rule.credential("only together with the two keys"),
      "session token of temporary keys; the worker cannot renew them"),
  AWS_REGION(
      "aws_region",
      unset("the SDK's region chain, then the instance's own region"),
      Rule.region(),
      "region of the queues, the job table and the payload bucket"),
  JOB_BACKLOG_QUEUE_NAME(
      "job_backlog_queue_name",
      value("SQS-EC2-Queue-Todo"),
      Rule.queueName(),
      "queue to take jobs from"),
  RESULTS_QUEUE_NAME(
      "results_queue_name",
      value("SQS-EC2-Queue-Results"),
      Rule.queueName(),
      "queue to send results to"),
  DEAD_LETTER_QUEUE_NAME(
      "dead_letter_queue_name",
      value("SQS-EC2-Queue-Dead-letter"),
      Rule.queueName(),
      "queue to send jobs to that have failed for good"),
  POLL_RATE_PER_MIN(
      "poll_rate_per_min",
      value("600"),
      Rule.wholeNumber(1, 1_000_000),
      "ceiling on ReceiveMessage calls a minute for the whole worker, evenly spaced, bursts of at"
          + " most one second's worth; with work waiting the worker polls as fast as it has room,"
          + " with none it long-polls. Ten jobs a receive make the default's ceiling 100 jobs/s"),
  EXPECTED_JOB_EXECUTION_TIME_IN_SECS(
      "expected_job_execution_time_in_secs",
      value("30"),
      Rule.wholeNumber(1, 21_600),
      "how long a job usually takes; the first lease is twice this, and is renewed while the job"
          + " runs"),
  JOB_FAILURE_RETRIES(
      "job_failure_retries",
      value("1"),
      Rule.wholeNumber(0, 100),
      "retries before a failing job goes to the dead-letter queue: 1 means two attempts"),
  JOB_EXECUTOR(
      "job_executor",
      value("com.amazonaws.jobprocessor.executors.ReverseSpacelessString"),
      Rule.className(),
      "fully qualified class name of the executor; ours also by their simple names: "
          + String.join(", ", OwnExecutors.SIMPLE_NAMES)),
  EXECUTOR_NAME(
      "executor.NAME",
      unset("none"),
      Rule.text("what the executor says"),
      "setting NAME for the executor; NAME has 1 to 64 letters, digits, dots, - and _"),
  CONCURRENCY(
      "concurrency",
      unset("the number of processors"),
      Rule.wholeNumber(1, 1_000),
      "slots of this worker: jobs that run at the same time"),
  POLL_WAIT_TIME_IN_SECS(
      "poll_wait_time_in_secs",
      value("20"),
      Rule.wholeNumber(0, 20),
      "how long a receive waits for jobs (long polling); never more than half the first lease"),
  RETRY_DELAY_IN_SECS(
      "retry_delay_in_secs",
      value("0"),
      Rule.wholeNumber(0, 3_600),
      "the wait before retry n is this times 2^(n-1), with full jitter"),
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
      Rule.oneOf("true", "false"),
      "create missing queues and table at start (said in the log; results and dead letters are kept"
          + " for 14 days); false: refuse to start, naming queue and region"),
  JOB_TABLE_NAME(
      "job_table_name",
      unset("none"),
      Rule.tableName(),
      "DynamoDB table with a record of each job: each is run once, and its state can be asked"
          + " for"),
  PAYLOAD_BUCKET_NAME(
      "payload_bucket_name",
      unset("none"),
      Rule.bucketName(),
      "S3 bucket for jobs and results that do not fit a message, up to 64 MiB"),
  STATUS_PORT(
      "status_port",
      value("8090"),
      Rule.wholeNumber(0, 65_535),
      "port of the status page, with /status.json, /metrics, /livez and /healthz; 0: none. A port"
          + " that is taken is a warning, and the worker goes on without"),
  STATUS_ADDRESS(
      "status_address",
      value("127.0.0.1"),
      Rule.address(),
      "address that the status page listens at; 0.0.0.0 for all of the instance's, whose security"
          + " group then decides who sees it"),
  STATUS_TOKEN(
      "status_token",
      unset("none"),
      Rule.token(),
      "secret that the page's buttons ask for: start boxes, end this box; without one there are no"
          + " buttons"),
  FLEET_MAX_BOXES(
      "fleet_max_boxes",
      value("20"),
      Rule.wholeNumber(1, 1_000),
      "ceiling on the boxes of this queue that the page's button and the sample client's command"
          + " fleet may bring about"),
  ON_REBALANCE(
      "on_rebalance",
      value("ignore"),
      Rule.oneOf("ignore", "drain"),
      "what EC2's recommendation to move away from this spot instance does; drain: the worker drains,"
          + " then terminates the instance"),
  IDLE_SHUTDOWN_AFTER_SECS(
      "idle_shutdown_after_secs",
      unset("never"),
      Rule.wholeNumber("1 or more, on EC2 60 or more", 1, Integer.MAX_VALUE),
      "drain and terminate this instance after so long without a job; off EC2: exit"),
  PROTECT_WHILE_BUSY(
      "protect_while_busy",
      value("false"),
      Rule.oneOf("true", "false"),
      "in an Auto Scaling group: the instance is protected from scale-in while jobs run"),
  LOG_LEVEL(
      "log_level",
      value("info"),
      Rule.oneOf("error", "warn", "info", "debug", "trace"),
      "level of the worker's and the executor's loggers");

  /** What the keys of the executor's own settings begin with. */
  static final String EXECUTOR_PREFIX = "executor.";

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

  /** The value that holds if none is given; null if there is none. */
  @Nullable String defaultValue() {
    return byDefault.value;
  }

  /** What holds if the key is not given, in words or as a value. */
  String defaultText() {
    return byDefault.text;
  }

  private record Default(@Nullable String value, String text) {}

  private static Default value(String value) {
    return new Default(value, value);
  }

  private static Default unset(String text) {
    return new Default(null, text);
  }
}
