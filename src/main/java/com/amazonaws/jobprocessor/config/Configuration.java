package com.amazonaws.jobprocessor.config;

import static com.amazonaws.jobprocessor.config.Setting.ACCESS_KEY_ID;
import static com.amazonaws.jobprocessor.config.Setting.AWS_REGION;
import static com.amazonaws.jobprocessor.config.Setting.CONCURRENCY;
import static com.amazonaws.jobprocessor.config.Setting.CREATE_QUEUES;
import static com.amazonaws.jobprocessor.config.Setting.DEAD_LETTER_QUEUE_NAME;
import static com.amazonaws.jobprocessor.config.Setting.DRAIN_TIMEOUT_IN_SECS;
import static com.amazonaws.jobprocessor.config.Setting.EXPECTED_JOB_EXECUTION_TIME_IN_SECS;
import static com.amazonaws.jobprocessor.config.Setting.FLEET_MAX_BOXES;
import static com.amazonaws.jobprocessor.config.Setting.IDLE_SHUTDOWN_AFTER_SECS;
import static com.amazonaws.jobprocessor.config.Setting.JOB_BACKLOG_QUEUE_NAME;
import static com.amazonaws.jobprocessor.config.Setting.JOB_EXECUTOR;
import static com.amazonaws.jobprocessor.config.Setting.JOB_FAILURE_RETRIES;
import static com.amazonaws.jobprocessor.config.Setting.JOB_TABLE_NAME;
import static com.amazonaws.jobprocessor.config.Setting.JOB_TIMEOUT_IN_SECS;
import static com.amazonaws.jobprocessor.config.Setting.LOG_LEVEL;
import static com.amazonaws.jobprocessor.config.Setting.ON_REBALANCE;
import static com.amazonaws.jobprocessor.config.Setting.PAYLOAD_BUCKET_NAME;
import static com.amazonaws.jobprocessor.config.Setting.POLL_RATE_PER_MIN;
import static com.amazonaws.jobprocessor.config.Setting.PROTECT_WHILE_BUSY;
import static com.amazonaws.jobprocessor.config.Setting.RESULTS_QUEUE_NAME;
import static com.amazonaws.jobprocessor.config.Setting.RETRY_DELAY_IN_SECS;
import static com.amazonaws.jobprocessor.config.Setting.SECRET_ACCESS_KEY;
import static com.amazonaws.jobprocessor.config.Setting.SESSION_TOKEN;
import static com.amazonaws.jobprocessor.config.Setting.STATUS_ADDRESS;
import static com.amazonaws.jobprocessor.config.Setting.STATUS_PORT;
import static com.amazonaws.jobprocessor.config.Setting.STATUS_TOKEN;

import com.amazonaws.jobprocessor.config.Values.Given;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of all sources, or every reason why they cannot work. */
public final class Configuration {
  private final Values values;
  private final List<Problem> problems;
  private final List<String> warnings;
  private final List<String> secrets;

  private Configuration(
      Values values, List<Problem> problems, List<String> warnings, List<String> secrets) {
    this.values = values;
    this.problems = List.copyOf(problems);
    this.warnings = List.copyOf(warnings);
    this.secrets = List.copyOf(secrets);
  }

  /**
   * Reads all sources to their ends; never throws because of what they contain.
   *
   * @param sources lowest first: a later one wins, key by key; with another {@code access_key_id}
   *     nothing of earlier ones is taken that belongs to theirs
   * @param processors the default of {@code concurrency}
   */
  public static Configuration read(List<Source> sources, int processors) {
    Map<String, Given> given = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<String> secrets = new ArrayList<>();
    for (Source source : sources) {
      Reading reading = Reading.of(source);
      dropRestOfOtherKeys(given, reading.given());
      given.putAll(reading.given());
      problems.addAll(reading.problems());
      warnings.addAll(reading.warnings());
      secrets.addAll(reading.secrets());
    }
    Values values = new Values(given, processors);
    problems.addAll(Contradictions.in(values));
    warnings.addAll(warningsOfKeys(values));
    warnings.addAll(StartTimeout.warnings(values));
    return new Configuration(values, problems, warnings, secrets);
  }

  /** A secret or a session token of other AWS keys would have AWS refuse every call, for ever. */
  private static void dropRestOfOtherKeys(Map<String, Given> lower, Map<String, Given> next) {
    Given old = lower.get(ACCESS_KEY_ID.key());
    Given now = next.get(ACCESS_KEY_ID.key());
    if (old != null && now != null && !old.value().equals(now.value())) {
      lower.remove(SECRET_ACCESS_KEY.key());
      lower.remove(SESSION_TOKEN.key());
    }
  }

  private static List<String> warningsOfKeys(Values values) {
    if (!values.isGiven(ACCESS_KEY_ID)) {
      return List.of();
    }
    return List.of(
        "access_key_id: AWS keys in %s can be seen by all who can read it, and are not renewed;"
                .formatted(values.origin(ACCESS_KEY_ID))
            + " an instance role is the better way");
  }

  /**
   * The secret keys in a text that was given as an argument, where they are refused.
   *
   * @param text the value of {@code --user-data}
   * @return one problem for each such key, without its value; empty if there is none
   */
  public static List<Problem> refusedOnCommandLine(String text) {
    return Reading.of(new Source("--user-data", text)).secretKeys().stream()
        .distinct()
        .map(
            key ->
                Problem.of(
                    key,
                    "refused in --user-data, because every user of this machine can see a"
                        + " command's arguments; allowed: --user-data-file FILE (- is standard"
                        + " input)"))
        .toList();
  }

  /**
   * What holds secrets in a text, as it may be shown: the keys of settings, and the lines of a
   * script; for whoever passes the text on.
   *
   * @param text such as the instance's user data
   */
  public static List<String> secretsIn(String text) {
    return SecretPlaces.in(text);
  }

  /** Every problem of every source, in their order; empty if the settings are accepted. */
  public List<Problem> problems() {
    return problems;
  }

  /** What is accepted but deserves a line in the log; each is one line without secrets. */
  public List<String> warnings() {
    return warnings;
  }

  /** The secrets given, for a {@link Redactor}; not to be shown. */
  public List<String> secrets() {
    return secrets;
  }

  /** The rows of {@code --check}, secrets masked: all known keys, in the order of the table. */
  public List<EffectiveSetting> effective() {
    return EffectiveSettings.rows(values);
  }

  /**
   * The settings in effect.
   *
   * @throws IllegalStateException if there are problems
   */
  public Settings settings() {
    if (!problems.isEmpty()) {
      throw new IllegalStateException("refused with " + problems.size() + " problems");
    }
    return new Settings(
        keys(),
        values.find(AWS_REGION),
        new Settings.Queues(
            values.text(JOB_BACKLOG_QUEUE_NAME),
            values.text(RESULTS_QUEUE_NAME),
            values.text(DEAD_LETTER_QUEUE_NAME),
            Boolean.parseBoolean(values.text(CREATE_QUEUES))),
        new Settings.Polling(
            values.number(POLL_RATE_PER_MIN), Duration.ofSeconds(values.waitTimeInSecs())),
        work(),
        new Settings.Stores(values.find(JOB_TABLE_NAME), values.find(PAYLOAD_BUCKET_NAME)),
        new Settings.Operation(
            values.seconds(DRAIN_TIMEOUT_IN_SECS),
            Settings.LogLevel.valueOf(values.text(LOG_LEVEL).toUpperCase(Locale.ROOT)),
            new Settings.Listen(values.number(STATUS_PORT), values.text(STATUS_ADDRESS)),
            boxEnd(),
            new Settings.Buttons(values.find(STATUS_TOKEN), values.number(FLEET_MAX_BOXES))),
        new Settings.Executor(values.text(JOB_EXECUTOR), executorSettings()));
  }

  /** The executor, whatever else is wrong; empty if its own settings are at fault. */
  public Optional<Settings.Executor> executor() {
    boolean sound =
        problems.stream()
            .map(Problem::key)
            .noneMatch(
                key -> key.equals(JOB_EXECUTOR.key()) || key.startsWith(Setting.EXECUTOR_PREFIX));
    return sound
        ? Optional.of(new Settings.Executor(values.text(JOB_EXECUTOR), executorSettings()))
        : Optional.empty();
  }

  private Settings.@Nullable Keys keys() {
    return values.isGiven(ACCESS_KEY_ID)
        ? new Settings.Keys(
            values.text(ACCESS_KEY_ID), values.text(SECRET_ACCESS_KEY), values.find(SESSION_TOKEN))
        : null;
  }

  private Settings.BoxEnd boxEnd() {
    return new Settings.BoxEnd(
        values.text(ON_REBALANCE).equals("drain"),
        values.isGiven(IDLE_SHUTDOWN_AFTER_SECS) ? values.seconds(IDLE_SHUTDOWN_AFTER_SECS) : null,
        Boolean.parseBoolean(values.text(PROTECT_WHILE_BUSY)));
  }

  /**
   * What is wrong with the settings on an EC2 instance, though it would do elsewhere.
   *
   * @return the problems; empty if there are none
   */
  public List<Problem> problemsOnEc2() {
    if (!values.isGiven(IDLE_SHUTDOWN_AFTER_SECS)
        || !values.isAccepted(IDLE_SHUTDOWN_AFTER_SECS)
        || values.seconds(IDLE_SHUTDOWN_AFTER_SECS).compareTo(Settings.BoxEnd.SHORTEST_IDLE_ON_EC2)
            >= 0) {
      return List.of();
    }
    return List.of(
        Problem.of(
            IDLE_SHUTDOWN_AFTER_SECS.key(),
            "%s in %s is out of range on an EC2 instance; allowed: %s"
                .formatted(
                    Printable.quote(values.text(IDLE_SHUTDOWN_AFTER_SECS)),
                    values.origin(IDLE_SHUTDOWN_AFTER_SECS),
                    IDLE_SHUTDOWN_AFTER_SECS.rule().allowed())));
  }

  private Settings.Work work() {
    return new Settings.Work(
        values.seconds(EXPECTED_JOB_EXECUTION_TIME_IN_SECS),
        values.number(JOB_FAILURE_RETRIES),
        values.number(CONCURRENCY),
        values.seconds(RETRY_DELAY_IN_SECS),
        values.isGiven(JOB_TIMEOUT_IN_SECS) ? values.seconds(JOB_TIMEOUT_IN_SECS) : null);
  }

  private Map<String, String> executorSettings() {
    Map<String, String> settings = new HashMap<>();
    values
        .executorKeys()
        .forEach(
            (key, given) ->
                settings.put(key.substring(Setting.EXECUTOR_PREFIX.length()), given.value()));
    return settings;
  }
}
