package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.DynamoTables;
import com.amazonaws.jobprocessor.aws.S3Buckets;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Asks AWS what a start would ask, once each and without making anything, and prints the answers.
 */
final class AwsCheck {
  private static final String BUCKET = "bucket";

  /** Codes of failures whose messages say all there is to say. */
  private static final Set<String> SAY_ALL =
      Set.of(SqsCalls.NO_CREDENTIALS, SqsCalls.PROXY_REFUSED);

  private final Settings settings;
  private final String region;
  private final AwsClients clients;
  private final PrintStream out;
  private final List<String> problems = new ArrayList<>();

  AwsCheck(Settings settings, String region, AwsClients clients, PrintStream out) {
    this.settings = settings;
    this.region = region;
    this.clients = clients;
    this.out = out;
  }

  /**
   * Asks and prints; an AWS that is away is printed and is no problem.
   *
   * @return why a start would be refused; empty if it would not be
   */
  List<String> run() throws InterruptedException {
    ask("queues", this::queues);
    ask("table", this::table);
    ask(BUCKET, this::bucket);
    return problems;
  }

  private interface Question {
    void ask() throws CallFailed, InterruptedException;
  }

  private void ask(String label, Question question) throws InterruptedException {
    try {
      question.ask();
    } catch (CallFailed e) {
      String message = String.valueOf(e.getMessage());
      boolean said = SAY_ALL.contains(e.code()) || message.startsWith(e.code());
      String start = label.equals(BUCKET) ? "go on without" : "wait";
      print(
          label,
          "cannot be checked now, a start would %s: ".formatted(start)
              + (said ? "" : e.code() + ": ")
              + message);
    }
  }

  private void print(String label, String text) {
    out.println(label + " ".repeat(Math.max(1, 10 - label.length())) + text);
  }

  private void queues() throws CallFailed, InterruptedException {
    SqsQueues queues = clients.queues();
    SqsQueue backlog = find(queues, "job_backlog_queue_name", settings.queues().backlog());
    SqsQueue results = find(queues, "results_queue_name", settings.queues().results());
    SqsQueue deadLetters = find(queues, "dead_letter_queue_name", settings.queues().deadLetters());
    if (backlog != null && deadLetters != null) {
      new QueueWarnings(settings)
          .of(queues.policy(backlog), policyOfResults(queues, results), queues.policy(deadLetters))
          .forEach(this::warn);
    }
  }

  private static SqsQueues.Policy policyOfResults(SqsQueues queues, @Nullable SqsQueue results)
      throws InterruptedException {
    try {
      return results == null ? SqsQueues.Policy.UNKNOWN : queues.policy(results);
    } catch (CallFailed e) {
      return SqsQueues.Policy.UNKNOWN; // as at a start
    }
  }

  private @Nullable SqsQueue find(SqsQueues queues, String key, String name)
      throws CallFailed, InterruptedException {
    Optional<SqsQueue> found = queues.find(name);
    if (found.isPresent()) {
      print("queue", name + " is there");
    } else {
      missing(new FindOrCreate.Named(key, "queue", name));
    }
    return found.orElse(null);
  }

  private void missing(FindOrCreate.Named named) {
    if (settings.queues().create()) {
      print(named.kind(), named.name() + " is missing in " + region + "; a start would create it");
    } else {
      problems.add(named.missingIn(region));
    }
  }

  private void warn(Warning warning) {
    print("warning", warning.toString());
  }

  private void table() throws CallFailed, InterruptedException {
    String name = settings.stores().jobTable();
    DynamoDbClient dynamo = clients.dynamo();
    if (name == null || dynamo == null) {
      return;
    }
    DynamoTables tables = new DynamoTables(dynamo, clients.tableCalls());
    switch (tables.find(name)) {
      case READY -> {
        print("table", name + " is there");
        if (tables.expiry(name) == DynamoTables.Expiry.OTHER) {
          warn(TableSetup.noExpiry(name));
        }
      }
      case NOT_READY -> print("table", name + " is being made; a start would wait for it");
      case MISSING -> missing(new FindOrCreate.Named("job_table_name", "table", name));
      case OTHER -> problems.add(TableSetup.otherTable(name, region));
    }
  }

  private void bucket() throws CallFailed, InterruptedException {
    String name = settings.stores().payloadBucket();
    S3Client s3 = clients.s3();
    if (name != null && s3 != null) {
      String found = new S3Buckets(s3, clients.bucketCalls()).regionOf(name, region);
      if (found != null) {
        print(BUCKET, name + " is there");
      }
      Warning.ofBucket(name, found, region).ifPresent(this::warn);
    }
  }
}
