package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Json;
import com.amazonaws.jobprocessor.bench.sqs.JsonLines;
import com.amazonaws.jobprocessor.bench.sqs.Outgoing;
import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Jobs in packs that ask for packed results.
 *
 * @param size jobs a pack
 */
record PackedJobs(List<String> texts, int size) implements Load {
  private static final String VERSION = "1";

  @Override
  public int jobs() {
    return texts.size();
  }

  @Override
  public void send(SqsServer server, String backlog) {
    List<Outgoing> packs = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += size) {
      packs.add(pack(from, Math.min(texts.size(), from + size)));
    }
    server.sendAll(backlog, packs);
  }

  private Outgoing pack(int from, int to) {
    StringBuilder body = new StringBuilder();
    for (int i = from; i < to; i++) {
      Json.member(body.append('{'), "job_id", id(i));
      Json.member(body, "body", texts.get(i));
      body.append("}\n");
    }
    return new Outgoing(
        body.toString(),
        Map.of("job_pack", VERSION, "result_pack", VERSION),
        Map.of("job_count", to - from));
  }

  private static String id(int job) {
    return "bench-" + job;
  }

  @Override
  public int leastResults() {
    return 1;
  }

  @Override
  public Verdict judge(List<SqsServer.Sent> results) {
    List<String> expected = new ArrayList<>();
    List<String> reversed = Jobs.reversed(texts);
    for (int i = 0; i < reversed.size(); i++) {
      expected.add(id(i) + " " + reversed.get(i));
    }
    List<String> came = new ArrayList<>();
    for (SqsServer.Sent message : results) {
      if (VERSION.equals(message.attributes().get("job_pack"))) {
        JsonLines.read(message.body(), "job_id", "body")
            .forEach(line -> came.add(line.getFirst() + " " + line.getLast()));
      } else {
        came.add(message.attributes().get("job_id") + " " + message.body());
      }
    }
    return Verdict.of(expected, came);
  }
}
