package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Json;
import java.util.List;

/** Every figure of the readers of one queue as JSON. */
final class ReadersJson {
  private ReadersJson() {}

  static String of(Options options, List<Readers.Way> ways, List<String> failures) {
    StringBuilder json = new StringBuilder("{");
    Json.member(json, "machine", Machine.describe());
    ComparisonJson.number(json, "rounds", options.amounts().rounds());
    ComparisonJson.number(json, "results", options.amounts().jobs());
    ComparisonJson.number(json, "delay_ms", (double) options.network().delay().toMillis());
    Json.name(json, "tls").append(options.network().tls());
    Json.name(json, "ways").append('[');
    for (Readers.Way way : ways) {
      ComparisonJson.number(Json.separate(json).append('{'), "readers", way.readers());
      Json.name(json, "runs").append('[');
      way.runs().forEach(run -> run(Json.separate(json).append('{'), run));
      json.append("]}");
    }
    json.append(']');
    ComparisonJson.failures(json, failures);
    return json.append("}\n").toString();
  }

  private static void run(StringBuilder json, ReadersRun run) {
    ComparisonJson.number(json, "wall_s", run.wallSeconds());
    ComparisonJson.number(json, "requests", run.requests());
    ComparisonJson.number(json, "printed", run.printed());
    ComparisonJson.number(json, "different", run.different());
    ComparisonJson.number(json, "left", run.left());
    json.append('}');
  }
}
