package com.amazonaws.jobprocessor.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user of {@code bin/bench} wants; the script has looked at the values.
 *
 * @param mode what is measured
 * @param plan which fleets do what, if it is about fleets
 * @param json where to write all figures, or null
 */
record Options(
    Mode mode,
    Network network,
    Amounts amounts,
    List<Contestant> only,
    FleetPlan plan,
    @Nullable Path json) {

  /** What is measured. */
  enum Mode {
    /** Workers of all kinds. */
    COMPARISON,
    /** Packs of several sizes. */
    PACKS,
    /** Many workers on one backlog. */
    FLEET,
    /** The worker's page, and attacks on it. */
    PAGE,
    /** The client's submit. */
    SUBMIT,
    /** Readers of one results queue. */
    RESULTS
  }

  /**
   * How much of it.
   *
   * @param jobs of a run
   * @param slots jobs that a worker does at the same time
   * @param connections that hold on in an attack on a page
   */
  record Amounts(int jobs, int rounds, int slots, int connections) {}

  /**
   * What lies between workers and server.
   *
   * @param tls whether they speak TLS
   * @param delay added to every answer of the server
   */
  record Network(boolean tls, Duration delay) {
    /** In a sentence. */
    String sentence() {
      return "Workers and server spoke %s%s."
          .formatted(
              tls ? "TLS, as with AWS" : "plain HTTP",
              delay.isZero() ? "" : "; it answered %d ms late".formatted(delay.toMillis()));
    }
  }

  /** Reads {@code name=value} pairs. */
  static Options read(List<String> arguments) {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      given.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    String json = given.getOrDefault("json", "");
    return new Options(
        Mode.valueOf(given.getOrDefault("mode", "comparison").toUpperCase(Locale.ROOT)),
        new Network(
            Boolean.parseBoolean(given.get("tls")), Duration.ofMillis(number(given, "delay"))),
        new Amounts(
            number(given, "jobs"),
            number(given, "rounds"),
            number(given, "slots"),
            number(given, "connections")),
        contestants(given.getOrDefault("only", "")),
        FleetPlan.read(given),
        json.isEmpty() ? null : Path.of(json));
  }

  private static int number(Map<String, String> given, String name) {
    return Integer.parseInt(given.getOrDefault(name, "0"));
  }

  /** All if none is named. */
  private static List<Contestant> contestants(String names) {
    return names.isEmpty()
        ? List.of(Contestant.values())
        : Arrays.stream(names.split(",")).map(Contestant::named).toList();
  }
}
