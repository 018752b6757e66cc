package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Json;
import java.util.List;

/** Every figure of every submission as JSON. */
final class SubmitsJson {
  private SubmitsJson() {}

  static String of(Options options, List<Submits.Way> ways, List<String> failures) {
    StringBuilder json = new StringBuilder("{");
    Json.member(json, "machine", Machine.describe());
    ComparisonJson.number(json, "rounds", options.amounts().rounds());
    ComparisonJson.number(json, "jobs", options.amounts().jobs());
    ComparisonJson.number(json, "delay_ms", (double) options.network().delay().toMillis());
    Json.name(json, "tls").append(options.network().tls());
    Json.name(json, "ways").append('[');
    for (Submits.Way way : ways) {
      Json.member(Json.separate(json).append('{'), "sent_as", way.title());
      Json.name(json, "runs").append('[');
      way.runs().forEach(run -> run(Json.separate(json).append('{'), run));
      json.append("]}");
    }
    json.append(']');
    ComparisonJson.failures(json, failures);
    return json.append("}\n").toString();
  }

  private static void run(StringBuilder json, SubmitRun run) {
    ComparisonJson.number(json, "requests", run.requests());
    ComparisonJson.number(json, "wall_s", run.wallSeconds());
    ComparisonJson.number(json, "lines_per_s", run.linesPerSecond());
    ComparisonJson.number(json, "cpu_s", run.cpuSeconds());
    ComparisonJson.number(json, "peak_rss_mb", run.peakMegabytes());
    ComparisonJson.number(json, "server_cpu_s", run.serverCpuSeconds());
    ComparisonJson.number(json, "came", run.came().jobs());
    ComparisonJson.number(json, "different", run.came().distinct());
    json.append('}');
  }
}
