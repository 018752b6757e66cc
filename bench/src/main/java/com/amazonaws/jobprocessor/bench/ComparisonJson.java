package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes every figure of every run as JSON. */
final class ComparisonJson {
  private ComparisonJson() {}

  static void write(Path file, Options options, List<Medians> medians, List<String> failures)
      throws IOException {
    StringBuilder json = new StringBuilder("{");
    Json.member(json, "machine", Machine.describe());
    number(json, "rounds", options.amounts().rounds());
    number(json, "jobs", options.amounts().jobs());
    number(json, "slots", options.amounts().slots());
    number(json, "delay_ms", (double) options.network().delay().toMillis());
    Json.name(json, "tls").append(options.network().tls());
    number(json, "dollars_per_million_requests", Prices.DOLLARS_PER_MILLION_REQUESTS);
    Json.name(json, "workers").append('[');
    medians.forEach(m -> worker(Json.separate(json), m));
    json.append(']');
    failures(json, failures);
    Files.writeString(file, json.append("}\n"));
  }

  static void failures(StringBuilder json, List<String> failures) {
    Json.name(json, "failures").append('[');
    failures.forEach(failure -> Json.quote(Json.separate(json), failure));
    json.append(']');
  }

  private static void worker(StringBuilder json, Medians medians) {
    json.append('{');
    Json.member(json, "name", medians.contestant().title());
    number(json, "requests_per_job", medians.of(Run::requestsPerJob));
    number(json, "cpu_s_per_1000_jobs", medians.of(Run::cpuSecondsPerThousand));
    number(json, "jobs_per_s", medians.of(Run::jobsPerSecond));
    number(json, "start_ms", medians.of(Run::startMillis));
    number(json, "peak_rss_mb", medians.of(Run::peakMegabytes));
    number(json, "dollars_per_million_jobs", medians.of(Run::dollarsPerMillion));
    Json.name(json, "runs").append('[');
    medians.runs().forEach(run -> run(Json.separate(json), run));
    json.append("]}");
  }

  static void run(StringBuilder json, Run run) {
    json.append('{');
    number(json, "jobs", run.jobs());
    number(json, "start_ms", run.startMillis());
    number(json, "start_cpu_s", Run.seconds(run.start().cpu()));
    number(json, "wall_s", Run.seconds(run.work().wall()));
    number(json, "cpu_s", Run.seconds(run.work().cpu()));
    number(json, "jobs_per_s", run.jobsPerSecond());
    number(json, "cpu_s_per_1000_jobs", run.cpuSecondsPerThousand());
    number(json, "server_cpu_s_per_1000_jobs", run.serverCpuSecondsPerThousand());
    number(json, "peak_rss_mb", run.peakMegabytes());
    number(json, "billed_requests", run.billed());
    number(json, "wrong", run.verdict().wrong());
    number(json, "missing", run.verdict().missing());
    number(json, "twice", run.verdict().twice());
    Json.name(json, "requests").append('{');
    run.requests().forEach((action, count) -> number(json, action, count));
    json.append("}}");
  }

  static void number(StringBuilder json, String name, double number) {
    Json.name(json, name);
    if (number == Math.rint(number)) {
      json.append((long) number);
    } else {
      json.append("%.4f".formatted(number));
    }
  }
}
