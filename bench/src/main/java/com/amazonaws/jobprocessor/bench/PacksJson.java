package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Json;
import java.util.List;

/** Every figure of every run with packs as JSON. */
final class PacksJson {
  private PacksJson() {}

  static String of(Options options, List<Packs.Measured> all, List<String> failures) {
    StringBuilder json = new StringBuilder("{");
    Json.member(json, "machine", Machine.describe());
    ComparisonJson.number(json, "rounds", options.amounts().rounds());
    ComparisonJson.number(json, "jobs", options.amounts().jobs());
    ComparisonJson.number(json, "slots", options.amounts().slots());
    ComparisonJson.number(json, "delay_ms", (double) options.network().delay().toMillis());
    Json.name(json, "tls").append(options.network().tls());
    Json.name(json, "packs").append('[');
    for (Packs.Measured one : all) {
      Json.separate(json).append('{');
      Json.member(json, "worker", one.contestant().title());
      ComparisonJson.number(json, "jobs_per_message", one.size());
      Json.name(json, "runs").append('[');
      one.runs().forEach(run -> ComparisonJson.run(Json.separate(json), run));
      json.append("]}");
    }
    json.append(']');
    ComparisonJson.failures(json, failures);
    return json.append("}\n").toString();
  }
}
