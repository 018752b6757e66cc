package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Json;
import java.util.List;

/** Says every figure of the fleets as JSON. */
final class FleetJson {
  private FleetJson() {}

  static String of(Options options, List<FleetRun> runs, List<String> failures) {
    StringBuilder json = new StringBuilder("{");
    Json.member(json, "machine", Machine.describe());
    ComparisonJson.number(json, "delay_ms", (double) options.network().delay().toMillis());
    Json.name(json, "tls").append(options.network().tls());
    Json.name(json, "fleets").append('[');
    runs.forEach(run -> write(Json.separate(json), run));
    json.append(']');
    ComparisonJson.failures(json, failures);
    return json.append("}\n").toString();
  }

  private static void write(StringBuilder json, FleetRun run) {
    json.append('{');
    ComparisonJson.number(json, "workers", run.workers());
    ComparisonJson.number(json, "slots", run.slots());
    ComparisonJson.number(json, "job_ms", (double) run.job().toMillis());
    ComparisonJson.number(json, "jobs", run.jobs());
    ComparisonJson.number(json, "ideal_s", run.idealSeconds());
    ComparisonJson.number(json, "actual_s", run.actualSeconds());
    ComparisonJson.number(json, "efficiency", run.efficiency());
    ComparisonJson.number(json, "jobs_per_s", run.jobsPerSecond());
    ComparisonJson.number(json, "cpu_s", Run.seconds(run.cpu()));
    json.append('}');
  }
}
