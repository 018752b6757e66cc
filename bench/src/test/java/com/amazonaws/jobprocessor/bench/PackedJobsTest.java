package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.bench.sqs.JsonLines;
import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PackedJobsTest {
  private static SqsServer.Sent packed(String... idsAndBodies) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < idsAndBodies.length; i += 2) {
      body.append("{\"job_id\":\"" + idsAndBodies[i] + "\",\"body\":\"" + idsAndBodies[i + 1]);
      body.append("\"}\n");
    }
    return new SqsServer.Sent("m", body.toString(), Map.of("job_pack", "1"));
  }

  @Test
  void packs_have_so_many_jobs_and_the_last_one_the_rest() throws Exception {
    try (SqsServer server = SqsServer.start(Duration.ZERO)) {
      server.createQueues(List.of("q"));

      new PackedJobs(Jobs.texts(25), 10).send(server, "q");

      List<SqsServer.Sent> packs = server.sent("q");
      assertEquals(
          List.of("10", "10", "5"),
          packs.stream().map(one -> one.attributes().get("job_count")).toList());
      assertTrue(packs.stream().allMatch(one -> "1".equals(one.attributes().get("result_pack"))));
      assertEquals(
          Jobs.texts(25),
          packs.stream()
              .flatMap(one -> JsonLines.read(one.body(), "body").stream())
              .map(List::getFirst)
              .toList());
    }
  }

  @Test
  void packed_and_single_results_are_compared_by_id_and_text() {
    PackedJobs jobs = new PackedJobs(List.of("ab", "cd", "ef", "gh"), 2);
    SqsServer.Sent single = new SqsServer.Sent("m", "fe", Map.of("job_id", "bench-2"));

    assertTrue(
        jobs.judge(
                List.of(packed("bench-0", "ba", "bench-1", "dc"), single, packed("bench-3", "hg")))
            .isRight());
    assertEquals(
        new Verdict(2, 3, 1),
        jobs.judge(
            List.of(packed("bench-0", "dc", "bench-1", "ba"), single, packed("bench-2", "fe"))));
  }
}
