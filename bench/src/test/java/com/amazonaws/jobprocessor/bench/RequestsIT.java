package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.bench.sqs.Counts;
import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import com.amazonaws.jobprocessor.cost.Forecast;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Packs;
import com.amazonaws.jobprocessor.cost.Usage;
import com.amazonaws.jobprocessor.cost.Workload;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What jobs cost in requests, alone in their messages and in packs, as the server counts and bills
 * it: against bounds, against what the worker says of itself, and against the forecast.
 */
class RequestsIT {
  private static final int JOBS = 20_000;
  private static final double DOLLARS_A_REQUEST = Prices.DOLLARS_PER_MILLION_REQUESTS / 1_000_000;

  private static final int QUEUES = 3;

  @TempDir Path work;

  /**
   * What was counted until the worker had ended.
   *
   * @param results messages of results
   * @param saysOfItself the worker's log line on what it has cost
   */
  private record Counted(Run run, Counts counts, int results, String saysOfItself) {
    double requests(String action) {
      return counts.requests().getOrDefault(action, 0);
    }
  }

  private Counted count(Load load, int slots) throws Exception {
    try (SqsServer server = SqsServer.start(Duration.ZERO)) {
      CountingLoad counting = new CountingLoad(load);
      Trial trial = new Trial(BuiltSite.in(work), server);
      Run run = trial.run("requests", Contestant.JOB_PROCESSOR, counting, slots);
      assertTrue(run.verdict().isRight(), run.verdict().toString());
      return new Counted(run, server.counts(), counting.results, costLine());
    }
  }

  /** Remembers how many messages the results came in. */
  private static final class CountingLoad implements Load {
    private final Load load;
    private int results;

    CountingLoad(Load load) {
      this.load = load;
    }

    @Override
    public int jobs() {
      return load.jobs();
    }

    @Override
    public void send(SqsServer server, String backlog) {
      load.send(server, backlog);
    }

    @Override
    public int leastResults() {
      return load.leastResults();
    }

    @Override
    public Verdict judge(List<SqsServer.Sent> sent) {
      results = sent.size();
      return load.judge(sent);
    }
  }

  private String costLine() throws IOException {
    return Files.readAllLines(work.resolve("requests.log")).stream()
        .filter(line -> line.contains("estimated cost of this worker"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void jobs_alone_in_their_messages_take_three_requests_for_ten() throws Exception {
    Counted counted = count(new Load.Single(Jobs.texts(JOBS)), 64);

    assertRequests(counted, JOBS, 0.32);
    assertEquals(JOBS, counted.results());
    assertDollars(counted, 1, 0.14);
  }

  @Test
  void packs_of_ten_take_a_tenth_of_that_and_some_more() throws Exception {
    Counted counted = count(new PackedJobs(Jobs.texts(JOBS), 10), 2);

    assertRequests(counted, JOBS / 10, 0.06);
    assertDollars(counted, 10, 0.025);
  }

  @Test
  void packs_of_a_hundred_take_a_hundredth_of_that_and_some_more() throws Exception {
    Counted counted = count(new PackedJobs(Jobs.texts(JOBS), 100), 2);

    assertRequests(counted, JOBS / 100, 0.015);
    assertDollars(counted, 100, 0.01);
  }

  /** No request but those that there have to be, and of these about as few as there can be. */
  private static void assertRequests(Counted counted, int messages, double perJob) {
    Map<String, Integer> requests = counted.counts().requests();
    assertEquals(QUEUES, requests.get("GetQueueUrl"));
    assertNull(requests.get("SendMessage"));
    assertNull(requests.get("DeleteMessage"));
    assertNull(requests.get("ChangeMessageVisibilityBatch"), "no lease was near its end");
    assertTrue(counted.requests("ReceiveMessage") >= messages / 10.0, requests.toString());
    assertTrue(counted.requests("DeleteMessageBatch") >= messages / 10.0, requests.toString());
    assertTrue(counted.requests("SendMessageBatch") >= counted.results() / 10.0);
    double all = counted.counts().total();
    assertTrue(all <= perJob * JOBS, "%.4f a job: %s".formatted(all / JOBS, requests));
  }

  /**
   * What was billed, against the worker's own words, the forecast, and a bound.
   *
   * @param perMillion dollars for a million jobs, at most
   */
  private static void assertDollars(Counted counted, int size, double perMillion) {
    assertWorkerKnows(counted);
    double forecast = forecast(counted, size);
    double others = QUEUES + counted.requests("GetQueueAttributes");
    double billed = (counted.counts().billed() - others) / JOBS;
    // Only these are larger than a chunk. A mean may be on the other side of its end than most of
    // what it is the mean of.
    double chunks =
        size < 100 ? 0 : counted.requests("ReceiveMessage") + counted.requests("SendMessageBatch");
    assertEquals(
        billed, forecast, billed / 100 + chunks / JOBS, counted.counts().requests().toString());
    double dollars = billed * Prices.DOLLARS_PER_MILLION_REQUESTS;
    assertTrue(dollars <= perMillion, "$%.4f a million jobs".formatted(dollars));
  }

  /** To the last request, and to the last chunk. */
  private static void assertWorkerKnows(Counted counted) {
    String line = counted.saysOfItself();
    assertTrue(line.contains(" jobs=" + JOBS + " "), line);
    double billed = counted.counts().billed();
    assertEquals(billed * DOLLARS_A_REQUEST, field(line, "usd"), 1e-9, line);
    double perMillion = billed * DOLLARS_A_REQUEST * 1_000_000 / JOBS;
    assertEquals(perMillion, field(line, "usd_per_million_jobs"), perMillion / 10_000, line);
  }

  private static double field(String line, String name) {
    Matcher field = Pattern.compile(" " + name + "=([0-9.]+)").matcher(line);
    assertTrue(field.find(), line);
    return Double.parseDouble(field.group(1));
  }

  /** Requests a job that the forecast has for requests as full as they were. */
  private static double forecast(Counted counted, int size) {
    int messages = JOBS / size;
    Packs packs = size == 1 ? Packs.NONE : new Packs(decimal(size), mean(JOBS, counted.results()));
    Workload.Pace pace =
        new Workload.Pace(new BigDecimal("0.001"), BigDecimal.TEN, 2, BigDecimal.ZERO);
    Workload.Batches batches =
        new Workload.Batches(
            mean(messages, counted.requests("ReceiveMessage")),
            mean(counted.results(), counted.requests("SendMessageBatch")),
            mean(messages, counted.requests("DeleteMessageBatch")),
            BigDecimal.TEN);
    int payload = 80; // 60 characters and an id
    int result = 260; // the same and the worker's attributes
    Usage usage =
        Forecast.of(
            new Workload(
                new Workload.Messages(payload, result, false, packs),
                pace,
                batches,
                new Workload.Stores(false, 250, BigDecimal.ZERO, 1, BigDecimal.ONE),
                new Workload.Traffic(BigDecimal.ZERO, BigDecimal.ZERO),
                false));
    return usage.of(Item.RECEIVE).add(usage.of(Item.SEND)).add(usage.of(Item.DELETE)).doubleValue()
        / Forecast.JOBS;
  }

  private static BigDecimal mean(double all, double parts) {
    return decimal(all).divide(decimal(parts), MathContext.DECIMAL64);
  }

  private static BigDecimal decimal(double number) {
    return BigDecimal.valueOf(number);
  }
}
