package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Json;
import java.util.List;

/** Every figure of every run with and without the page as JSON. */
final class PageCostJson {
  private PageCostJson() {}

  static String of(Options options, List<PageCost.Measured> all, List<String> failures) {
    StringBuilder json = new StringBuilder("{");
    Json.member(json, "machine", Machine.describe());
    ComparisonJson.number(json, "rounds", options.amounts().rounds());
    ComparisonJson.number(json, "jobs", options.amounts().jobs());
    ComparisonJson.number(json, "slots", options.amounts().slots());
    ComparisonJson.number(json, "connections", options.amounts().connections());
    Json.name(json, "page").append('[');
    for (PageCost.Measured one : all) {
      Json.separate(json).append('{');
      Json.member(json, "worker", one.kind().title());
      Json.name(json, "runs").append('[');
      one.runs().forEach(run -> ComparisonJson.run(Json.separate(json), run));
      json.append(']');
      numbers(json, "connections_made", one.connected());
      numbers(json, "answers", one.answered());
      json.append('}');
    }
    json.append(']');
    ComparisonJson.failures(json, failures);
    return json.append("}\n").toString();
  }

  private static void numbers(StringBuilder json, String name, List<Long> numbers) {
    Json.name(json, name).append('[');
    numbers.forEach(number -> Json.separate(json).append((long) number));
    json.append(']');
  }
}
