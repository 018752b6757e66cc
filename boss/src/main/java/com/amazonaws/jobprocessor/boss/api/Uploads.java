package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Makes tasks of what is uploaded. */
public final class Uploads {
  /** Bytes of a request. */
  public static final long MAX_BYTES = 64L * 1024 * 1024;

  /** Requests whose tasks are in memory at the same time; the others are told to come again. */
  private static final int MAX_AT_ONCE = 2;

  private final Tasks tasks;
  private final Runnable news;
  private final Semaphore places = new Semaphore(MAX_AT_ONCE);

  /**
   * Makes tasks.
   *
   * @param news called when some were made
   */
  Uploads(Tasks tasks, Runnable news) {
    this.tasks = tasks;
    this.news = news;
  }

  void create(Context request) throws IOException {
    if (!places.tryAcquire()) {
      request.header("Retry-After", "1");
      throw new Problem(503, "other uploads are being read; send it again in a moment");
    }
    try {
      answer(request);
    } finally {
      places.release();
    }
  }

  private void answer(Context request) throws IOException {
    Query.of(request);
    String type = type(request);
    BoundedInput body = new BoundedInput(request.bodyInputStream(), MAX_BYTES, type);
    Upload upload =
        switch (type) {
          case "application/json" -> Upload.json(body);
          case "text/csv" -> Upload.csv(body);
          default -> throw new Problem(415, "Content-Type must be application/json or text/csv");
        };
    String batch = batchName(upload.batch());
    try {
      Tasks.Created created =
          tasks.create(
              Api.who(request), batch, upload.tasks(), IdempotencyKey.of(request, body.digest()));
      news.run();
      ObjectNode json = Json.object();
      json.put("batch", Long.toString(created.batch()));
      json.put("first_task", Long.toString(created.firstTask()));
      json.put("count", created.count());
      request.status(201).header("Location", Api.ROOT + "/batches/" + created.batch());
      request.contentType("application/json").result(Json.bytes(json));
    } catch (Tasks.KeyReused e) {
      throw IdempotencyKey.reused();
    }
  }

  private static String type(Context request) {
    String header = request.contentType();
    String type = header == null ? "" : header;
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  private static String batchName(@Nullable String asked) {
    String name = asked == null ? "" : asked.strip();
    if (name.length() > NewTask.MAX_NAME || !MessageFormat.isSendable(name)) {
      throw new Problem(422, "batch must have at most " + NewTask.MAX_NAME + " characters");
    }
    return name;
  }
}
