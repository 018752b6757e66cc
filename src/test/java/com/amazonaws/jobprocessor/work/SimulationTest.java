package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Workers that come and go around queues and a table in memory whose every call may fail, before or
 * after its effect, as a seed has it.
 */
@Execution(ExecutionMode.CONCURRENT)
class SimulationTest {
  private static final int JOBS = 150;
  private static final double OFTEN = 0.15;

  @TempDir Path folder;
  private final List<String> runs = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "1,true", "2,true", "3,true", "4,true", "5,true", "6,true", "1,false", "2,false", "3,false",
    "4,false"
  })
  void whatever_fails_no_job_is_lost_and_with_the_table_none_has_two_ends(long seed, boolean table)
      throws Exception {
    simulate(new Random(seed), table, this::single);
  }

  @ParameterizedTest
  @CsvSource({
    "1,true", "2,true", "3,true", "4,true", "5,true", "6,true", "1,false", "2,false", "3,false",
    "4,false", "5,false", "6,false"
  })
  void nor_with_packs_among_single_jobs(long seed, boolean table) throws Exception {
    Random random = new Random(seed);
    simulate(random, table, jobs -> mixed(jobs, new Random(seed)));
  }

  /** A job of the id, with its definition. */
  private record Job(String id, String body) {}

  private List<OutgoingMessage> single(List<Job> jobs) {
    return jobs.stream()
        .map(job -> new OutgoingMessage(job.body(), Map.of("job_id", Attribute.of(job.id()))))
        .toList();
  }

  /** Packs of 1 to 12 jobs, some of which want their results packed, and single jobs. */
  private List<OutgoingMessage> mixed(List<Job> jobs, Random random) {
    List<OutgoingMessage> messages = new ArrayList<>();
    for (int from = 0; from < jobs.size(); ) {
      int to = Math.min(jobs.size(), from + 1 + random.nextInt(12));
      List<Job> some = jobs.subList(from, to);
      if (random.nextInt(3) == 0) {
        messages.addAll(single(some));
      } else {
        Map<String, Attribute> attributes = PackFormat.attributes(some.size());
        if (random.nextBoolean()) {
          attributes.put("result_pack", Attribute.of("1"));
        }
        String lines =
            some.stream()
                .map(job -> new JobLine(job.id(), job.body(), 0).write())
                .collect(Collectors.joining("\r\n"));
        messages.add(new OutgoingMessage(lines + "\nno job\n", attributes));
      }
      from = to;
    }
    return messages;
  }

  private void simulate(
      Random random, boolean table, Function<List<Job>, List<OutgoingMessage>> messages)
      throws Exception {
    InMemoryJobTable ledger = table ? new InMemoryJobTable("i-1", InstantSource.system()) : null;
    Rig rig = new Rig(System::nanoTime, folder, 4, Duration.ofSeconds(2), 2, null, ledger, false);
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      jobs.add(new Job("job-" + i % (JOBS - 10), (i % 10 == 3 ? "bad " : "good ") + i));
    }
    messages.apply(jobs).forEach(rig.backlog::put);
    for (InMemoryQueue queue : List.of(rig.backlog, rig.results, rig.deadLetters)) {
      queue.misbehave(random, OFTEN);
    }
    if (ledger != null) {
      ledger.misbehave(random, OFTEN);
    }
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      workers.add(started(rig));
    }
    for (int i = 0; i < 3; i++) {
      int ends = (i + 1) * JOBS / 5;
      await().atMost(Duration.ofSeconds(60)).until(() -> ends(rig) >= ends);
      workers.removeFirst().drain(Duration.ofMillis(random.nextInt(50)));
      workers.add(started(rig));
    }
    await().atMost(Duration.ofMinutes(2)).until(() -> rig.backlog.contents().isEmpty());
    for (Worker worker : workers) {
      worker.drain(Duration.ofSeconds(5));
    }

    assertEquals(List.of(), rig.fatal);
    check(rig, table);
  }

  private static int ends(Rig rig) {
    return results(rig).size() + rig.deadLetters.contents().size();
  }

  /** By their ids, whether they travelled alone or together. */
  private static List<Job> results(Rig rig) {
    List<Job> results = new ArrayList<>();
    for (OutgoingMessage message : rig.results.contents()) {
      if (PackFormat.isPack(message.attributes())) {
        for (PackLine line : PackLine.split(message.body())) {
          try {
            ResultLine result = ResultLine.read(line.text());
            results.add(new Job(result.jobId(), result.body()));
          } catch (UnreadableLine e) {
            throw new IllegalStateException(e);
          }
        }
      } else {
        results.add(new Job(id(message), message.body()));
      }
    }
    return results;
  }

  private Worker started(Rig rig) {
    Worker worker = rig.worker(new Flaky());
    worker.start();
    return worker;
  }

  /** No two runs have the same result. */
  private final class Flaky implements JobAwareExecutor {
    @Override
    public String execute(String job, JobContext context) throws Exception {
      runs.add(context.jobId());
      if (job.startsWith("bad")) {
        throw new IOException("as planned");
      }
      return job + " run " + runs.size() + " " + System.nanoTime();
    }
  }

  private static String id(OutgoingMessage message) {
    Attribute id = message.attributes().get("job_id");
    return id == null ? "" : String.valueOf(id.text());
  }

  /** Ten ids have two messages each, with other definitions: strangers where there is a table. */
  private void check(Rig rig, boolean table) {
    Map<String, Set<String>> results = new TreeMap<>();
    results(rig).forEach(r -> results.computeIfAbsent(r.id(), _ -> new TreeSet<>()).add(r.body()));
    Set<String> ended = new HashSet<>(results.keySet());
    rig.deadLetters.contents().stream()
        .filter(letter -> !"PackLineUnreadable".equals(text(letter, "error_type")))
        .forEach(letter -> ended.add(id(letter)));
    assertEquals(JOBS - 10, ended.size(), "every job has an end");
    if (table) {
      results.forEach((id, bodies) -> assertEquals(1, bodies.size(), id + " " + bodies));
      Set<String> reused = new TreeSet<>();
      rig.deadLetters.contents().stream()
          .filter(letter -> "JobIdReused".equals(text(letter, "error_type")))
          .forEach(letter -> reused.add(letter.body()));
      assertEquals(10, reused.size(), reused.toString());
      assertTrue(runs.size() >= JOBS - 10);
    }
  }

  private static String text(OutgoingMessage message, String attribute) {
    Attribute value = message.attributes().get(attribute);
    return value == null ? "" : String.valueOf(value.text());
  }
}
