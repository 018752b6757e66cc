package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The jobs of a scene: sends them, and knows which there are. */
final class Jobs {
  private static final int MAX_PACK = 12;

  private record Job(String id, String definition) {}

  private final EmbeddedSqs sqs;
  private final String queue;
  private final Set<String> ids = new TreeSet<>();
  private final Map<String, String> nameOfMessage = new HashMap<>();
  private final Attempts attempts = new Attempts();

  Jobs(EmbeddedSqs sqs, String queue) {
    this.sqs = sqs;
    this.queue = queue;
  }

  /** Sends jobs of all kinds; {@code deadly} ones only where workers are replaced. */
  void send(Load load, int count, int deadly, Random random) {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int millis = random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(10);
      String kind = i < deadly ? "deadly" : i % 10 == 3 ? "bad" : i % 10 == 7 ? "weak" : "good";
      jobs.add(job(kind, millis));
    }
    if (load == Load.SINGLE) {
      jobs.forEach(this::send);
    } else {
      sendInPacks(jobs, random);
    }
  }

  /** Sends jobs of a kind that take so long, each in a message of its own. */
  void send(String kind, int millis, int count) {
    for (int i = 0; i < count; i++) {
      send(job(kind, millis));
    }
  }

  private Job job(String kind, int millis) {
    int number = ids.size();
    String id = "job-" + number;
    ids.add(id);
    attempts.expect(id, kind);
    return new Job(id, kind + " " + millis + " " + number);
  }

  private void send(Job job) {
    Map<String, String> attributes = Map.of("job_id", job.id());
    nameOfMessage.put(sqs.sendWithAttributes(queue, job.definition(), attributes), job.id());
  }

  private void sendInPacks(List<Job> jobs, Random random) {
    for (int from = 0; from < jobs.size(); ) {
      int to = Math.min(jobs.size(), from + 1 + random.nextInt(MAX_PACK));
      List<Job> some = jobs.subList(from, to);
      if (random.nextInt(3) == 0) {
        some.forEach(this::send);
      } else {
        sendPack(some, random.nextBoolean());
      }
      from = to;
    }
  }

  private void sendPack(List<Job> jobs, boolean packedResults) {
    String lines =
        jobs.stream()
            .map(job -> new JobLine(job.id(), job.definition(), 0).write())
            .collect(Collectors.joining("\n"));
    Map<String, String> attributes = new HashMap<>(Map.of("job_pack", "1"));
    if (packedResults) {
      attributes.put("result_pack", "1");
    }
    nameOfMessage.put(
        sqs.sendWithAttributes(queue, lines, attributes),
        jobs.getFirst().id() + ".." + jobs.getLast().id());
  }

  /** The ids of all. */
  Set<String> ids() {
    return ids;
  }

  /** What a message carries, in short; of one that a worker has sent its MessageId. */
  String nameOf(String messageId) {
    return nameOfMessage.getOrDefault(messageId, messageId);
  }

  /** How many attempts they need and have had. */
  Attempts attempts() {
    return attempts;
  }
}
