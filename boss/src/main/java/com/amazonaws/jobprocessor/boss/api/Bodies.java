package com.amazonaws.jobprocessor.boss.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Results.Result;
import com.amazonaws.jobprocessor.boss.store.Task;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Gives the text by which a task has ended, or of a stray, as it is, from S3 if it is there. */
final class Bodies {
  /** Each may have 64 MiB. */
  private static final int MAX_AT_ONCE = 2;

  private final Tasks tasks;
  private final Results results;
  private final PayloadReader payloads;
  private final Semaphore places = new Semaphore(MAX_AT_ONCE);

  Bodies(Tasks tasks, Results results, PayloadReader payloads) {
    this.tasks = tasks;
    this.results = results;
    this.payloads = payloads;
  }

  void answer(Context request) throws InterruptedException {
    Query.of(request);
    long id = Query.pathId(request, "task");
    Task task = tasks.find(id).orElseThrow(() -> Problem.notFound("task " + id));
    Result result =
        Optional.ofNullable(task.endedRun())
            .flatMap(run -> results.of(id, run))
            .orElseThrow(() -> new Problem(409, "the task is " + task.state() + ": no answer yet"));
    answer(request, result.body(), result.inS3());
  }

  void stray(Context request) throws InterruptedException {
    Query.of(request);
    long id = Query.pathId(request, "stray");
    Results.Body body = results.strayBody(id).orElseThrow(() -> Problem.notFound("stray " + id));
    answer(request, body.text(), body.inS3());
  }

  private void answer(Context request, String body, boolean inS3) throws InterruptedException {
    if (inS3) {
      fetch(request, body);
    } else {
      text(request, body);
    }
  }

  private static void text(Context request, String body) {
    request.contentType("text/plain; charset=utf-8").result(body.getBytes(UTF_8));
  }

  /** Holds its place until the client has it. */
  private void fetch(Context request, String pointer) throws InterruptedException {
    if (!places.tryAcquire()) {
      request.header("Retry-After", "1");
      throw new Problem(503, "other results are being read from S3; send it again in a moment");
    }
    try {
      text(request, payloads.read(pointer));
      EntityTag.put(request);
      LargeAnswers.send(request);
    } catch (PayloadReader.CannotRead e) {
      throw new Problem(e.status(), String.valueOf(e.getMessage()));
    } finally {
      places.release();
    }
  }
}
