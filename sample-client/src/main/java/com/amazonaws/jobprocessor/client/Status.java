package com.amazonaws.jobprocessor.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** {@code status}: what the job table knows of jobs. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the job table (the worker's job_table_name) what became of jobs, by their ids.",
      "QUEUED: given back, to be taken again. RUNNING, SUCCEEDED, DEAD. FAILED: will be tried again.",
      "A job that no worker has taken yet is not in the table."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all jobs are in the table",
      "1:something went wrong",
      "2:the command line makes no sense",
      "3:some jobs are not in the table; standard error says which"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client status --job-table jobs abc123-1 abc123-2",
      "  sample-client status --job-table jobs --ids ids.txt"
    })
final class Status implements Callable<Integer> {
  /** Keys of one BatchGetItem (API reference). */
  private static final int MOST_KEYS = 100;

  private static final int WIDEST_NOTE = 60;
  private static final List<String> TITLES =
      List.of("JOB ID", "STATE", "ATTEMPTS", "WORKER", "STARTED", "FINISHED", "RESULT OR ERROR");

  @Parameters(arity = "0..*", paramLabel = "JOB_ID", description = "ids of the jobs")
  private Set<String> jobIds = new LinkedHashSet<>();

  @Option(names = "--ids", paramLabel = "FILE", description = "file of ids, one a line")
  private Path idsFile;

  @Option(
      names = "--job-table",
      paramLabel = "NAME",
      required = true,
      description = "the worker's job_table_name")
  private String table;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    List<String> ids = new ArrayList<>(jobIds);
    if (idsFile != null) {
      ids.addAll(lines());
    }
    if (ids.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "which jobs? give their ids, or --ids FILE");
    }
    Map<String, Map<String, AttributeValue>> items = items(new LinkedHashSet<>(ids));
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    ids.stream().distinct().filter(items::containsKey).forEach(id -> rows.add(row(items.get(id))));
    print(rows);
    List<String> unknown = ids.stream().distinct().filter(id -> !items.containsKey(id)).toList();
    PrintWriter err = spec.commandLine().getErr();
    unknown.forEach(id -> err.println("sample-client: not in the table: " + Text.oneLine(id)));
    err.flush();
    return unknown.isEmpty() ? 0 : SampleClient.INCOMPLETE;
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(idsFile).stream().filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      throw new UserError(
          "cannot read the ids in \"" + idsFile + "\": " + e.getClass().getSimpleName());
    }
  }

  private Map<String, Map<String, AttributeValue>> items(Set<String> ids) {
    Map<String, Map<String, AttributeValue>> items = new TreeMap<>();
    List<String> all = new ArrayList<>(ids);
    try (DynamoDbClient dynamo = connection.openDynamo()) {
      for (int from = 0; from < all.size(); from += MOST_KEYS) {
        read(dynamo, all.subList(from, Math.min(all.size(), from + MOST_KEYS)), items);
      }
    } catch (ResourceNotFoundException e) {
      throw new UserError(
          "there is no table \"" + table + "\" in this region; check --job-table and --region");
    }
    return items;
  }

  private void read(
      DynamoDbClient dynamo, List<String> ids, Map<String, Map<String, AttributeValue>> items) {
    List<Map<String, AttributeValue>> keys = ids.stream().map(this::key).toList();
    Map<String, KeysAndAttributes> left =
        Map.of(table, KeysAndAttributes.builder().keys(keys).build());
    while (!left.isEmpty()) {
      Map<String, KeysAndAttributes> request = left;
      BatchGetItemResponse answer = dynamo.batchGetItem(r -> r.requestItems(request));
      answer
          .responses()
          .getOrDefault(table, List.of())
          .forEach(item -> items.put(text(item, "job_id"), item));
      left = answer.unprocessedKeys();
    }
  }

  private Map<String, AttributeValue> key(String id) {
    return Map.of("job_id", AttributeValue.fromS(id), "queue", AttributeValue.fromS(backlog.name));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null ? "" : value.s() != null ? value.s() : String.valueOf(value.n());
  }

  private static List<String> row(Map<String, AttributeValue> item) {
    String error = text(item, "error_type");
    String note =
        error.isEmpty() ? text(item, "result") : error + ": " + text(item, "error_message");
    List<String> row = new ArrayList<>();
    for (String name :
        List.of("job_id", "state", "attempts", "worker_id", "started_at", "finished_at")) {
      row.add(Text.oneLine(text(item, name)));
    }
    row.add(Text.cell(note, WIDEST_NOTE));
    return row;
  }

  private void print(List<List<String>> rows) {
    Map<Integer, Integer> widths = new LinkedHashMap<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        widths.merge(i, cell.codePointCount(0, cell.length()), Math::max);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(Text.pad(row.get(i), widths.get(i))).append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }
}
