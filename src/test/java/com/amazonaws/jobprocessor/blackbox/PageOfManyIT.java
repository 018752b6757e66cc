package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The pages of workers that share a queue: the queue is everybody's, the jobs are each one's own.
 */
@Tag("long")
class PageOfManyIT extends WatchedBlackBox {
  private static final int JOBS = Integer.getInteger("page.jobs", 1_000);

  private static int succeeded(Watched worker) throws Exception {
    return worker.page().json().at("/jobs/succeeded").asInt();
  }

  @Test
  void each_tells_the_queue_of_all_and_its_own_jobs_which_add_up() throws Exception {
    List<Watched> workers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      workers.add(startWatched("concurrency=2", "poll_rate_per_min=60000"));
    }
    for (Watched worker : workers) {
      await().atMost(SOON).until(() -> worker.page().health("/healthz").equals("200 ok"));
    }
    for (int i = 0; i < JOBS; i += 100) {
      sqs.send(BACKLOG, jobs("sleep 5", 100));
    }
    for (Watched worker : workers) {
      assertEquals(200, worker.page().get("/").statusCode()); // somebody looks: SQS is asked soon
    }
    awaitEmptyBacklog();
    awaitResults(JOBS);

    await()
        .atMost(SOON)
        .until(
            () -> {
              int all = 0;
              for (Watched worker : workers) {
                all += succeeded(worker);
              }
              return all == JOBS;
            });
    for (Watched worker : workers) {
      await()
          .atMost(SOON)
          .until(
              () -> {
                worker.page().get("/");
                JsonNode queues = worker.page().json().at("/queues");
                return queues.at("/backlog/waiting").asInt(-1) == 0
                    && queues.at("/backlog/in_flight").asInt(-1) == 0;
              });
      assertEquals(0, worker.page().json().at("/jobs/leases_lost").asInt());
      assertEquals(0, worker.page().json().at("/jobs/dead_lettered").asInt());
    }
  }
}
