package com.amazonaws.jobprocessor.boss.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Results.Result;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Gives results: a page as JSON, or all of them as CSV or JSON Lines, in constant memory. */
final class Downloads {
  private static final int ROWS = 1_000;
  private static final Set<String> FORMAT = Set.of("format");

  /** Each has two pages of results in memory. */
  private static final int MAX_AT_ONCE = 4;

  private final Results results;
  private final LargeAnswers pages;
  private final LargeAnswers all = new LargeAnswers(MAX_AT_ONCE);

  /**
   * Gives results.
   *
   * @param pages bounds pages with other large answers; whoever takes all for hours holds up none
   */
  Downloads(Results results, LargeAnswers pages) {
    this.results = results;
    this.pages = pages;
  }

  void answer(Context request) throws Exception {
    Query query = Query.of(request, Query.PAGE, Query.FILTER, FORMAT);
    TaskFilter filter = query.filter();
    String format = Objects.requireNonNullElse(request.queryParam("format"), "json");
    long after = query.after(0);
    Api.Handler handler =
        switch (format) {
          case "json" -> pages.of(asked -> page(asked, query, filter));
          case "csv" -> all.of(asked -> csv(asked, filter, after));
          case "jsonl" -> all.of(asked -> lines(asked, filter, after));
          default -> throw Problem.badRequest("format must be one of json, jsonl, csv");
        };
    handler.answer(request);
  }

  private void page(Context request, Query query, TaskFilter filter) {
    int limit = query.limit();
    List<Result> page = results.after(filter, query.after(0), limit);
    ObjectNode json = Json.object();
    page.forEach(result -> json.withArray("items").add(node(result)));
    json.withArray("items");
    // A page may end early for its bytes.
    json.put("next", page.isEmpty() ? null : Long.toString(page.getLast().task()));
    request.contentType("application/json").result(Json.bytes(json));
  }

  static ObjectNode node(Result result) {
    ObjectNode json = Json.object();
    json.put("task", Long.toString(result.task()));
    json.put("run", result.run());
    json.put("name", result.name());
    json.put("succeeded", result.succeeded());
    json.put("worker", result.worker());
    json.put("attempts", result.attempts());
    json.put("duration_seconds", result.durationMillis() / 1000.0);
    json.put("message_id", result.messageId());
    json.put("in_s3", result.inS3());
    json.put("body", result.body());
    json.put("error_type", result.errorType());
    json.put("error_message", result.errorMessage());
    json.put("copies", result.copies());
    json.put("received_at", Json.time(result.receivedAt()));
    return json;
  }

  /** Who does not want the results need not wait until all of them are read. */
  private static boolean isHead(Context request) {
    return request.method().equals(HandlerType.HEAD);
  }

  private void lines(Context request, TaskFilter filter, long after) throws IOException {
    request.contentType("application/jsonl; charset=utf-8");
    if (isHead(request)) {
      return;
    }
    OutputStream out = request.outputStream();
    forEach(
        filter,
        after,
        result -> {
          out.write(Json.bytes(node(result)));
          out.write('\n');
        });
  }

  private void csv(Context request, TaskFilter filter, long after) throws IOException {
    request.contentType("text/csv; charset=utf-8");
    request.header("Content-Disposition", "attachment; filename=\"results.csv\"");
    if (isHead(request)) {
      return;
    }
    Writer writer = new BufferedWriter(new OutputStreamWriter(request.outputStream(), UTF_8));
    CsvWriter csv = CsvWriter.builder().build(writer);
    csv.writeRecord(
        "task",
        "run",
        "name",
        "succeeded",
        "worker",
        "attempts",
        "duration_seconds",
        "body",
        "error_type",
        "error_message",
        "received_at");
    forEach(
        filter,
        after,
        result ->
            csv.writeRecord(
                Long.toString(result.task()),
                Integer.toString(result.run()),
                Cells.of(result.name()),
                Boolean.toString(result.succeeded()),
                Cells.of(result.worker()),
                Integer.toString(result.attempts()),
                Double.toString(result.durationMillis() / 1000.0),
                Cells.of(result.body()),
                Cells.of(Objects.requireNonNullElse(result.errorType(), "")),
                Cells.of(result.errorMessage()),
                result.receivedAt().toString()));
    try {
      csv.flush();
    } catch (IOException e) {
      throw new BrokenOff(e);
    }
  }

  /** What has been written is not all, and nothing that follows would say so. */
  static final class BrokenOff extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean clientGone;

    BrokenOff(Exception why) {
      super(why);
      this.clientGone = why instanceof IOException || why instanceof UncheckedIOException;
    }

    /** True if it is not the boss that failed. */
    boolean isClientGone() {
      return clientGone;
    }
  }

  private interface Writing {
    void write(Result result) throws IOException;
  }

  /**
   * Writes all results after one; each page is read while the one before it is written.
   *
   * @throws BrokenOff if something fails when a part of them is written
   */
  private void forEach(TaskFilter filter, long after, Writing writing) {
    List<Result> page = get(read(filter, after));
    try {
      while (!page.isEmpty()) {
        CompletableFuture<List<Result>> next = read(filter, page.getLast().task());
        for (Result result : page) {
          writing.write(result);
        }
        page = get(next);
      }
    } catch (IOException | RuntimeException e) {
      throw new BrokenOff(e);
    }
  }

  private CompletableFuture<List<Result>> read(TaskFilter filter, long after) {
    return CompletableFuture.supplyAsync(
        () -> results.after(filter, after, ROWS), Thread::startVirtualThread);
  }

  /** What has been read, or the reason why it could not be. */
  private static List<Result> get(CompletableFuture<List<Result>> page) {
    try {
      return page.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
