package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of one answer: all of a result up to the limit, only the beginning of anything
 * else. What is longer is cut, and the connection given up.
 */
final class AnswerBody implements BodyHandler<Collected>, BodySubscriber<Collected>, AutoCloseable {
  private static final int MAX_ERROR = 500;

  private final CompletableFuture<Collected> body = new CompletableFuture<>();
  private final LongFunction<Collected> collecting;
  private volatile Collected collected = new Collected(MAX_ERROR);
  private volatile boolean isResult;
  private volatile @Nullable ResponseInfo info;
  private @Nullable Subscription subscription;

  AnswerBody() {
    this(Collected::new);
  }

  /** With a place of its own for a result of so many bytes at most. */
  AnswerBody(LongFunction<Collected> collecting) {
    this.collecting = collecting;
  }

  /** An answer, as far as it has come. */
  record Received(int status, HttpHeaders headers, Collected body) {
    static Received of(HttpResponse<Collected> response) {
      return new Received(response.statusCode(), response.headers(), response.body());
    }
  }

  /** What has come of a failure; null if there is no answer yet, or it is a result. */
  @Nullable Received failure() {
    ResponseInfo known = info;
    return known == null || isResult
        ? null
        : new Received(known.statusCode(), known.headers(), collected);
  }

  static boolean isSuccess(int status) {
    return status / 100 == 2;
  }

  @Override
  public BodySubscriber<Collected> apply(ResponseInfo answer) {
    isResult = isSuccess(answer.statusCode());
    if (isResult) {
      collected = collecting.apply(Collected.MAX_RESULT);
    }
    info = answer;
    return this;
  }

  @Override
  public CompletionStage<Collected> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    try {
      for (ByteBuffer buffer : buffers) {
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        collected.add(part, 0, part.length);
      }
    } catch (IOException | ExecutorUnavailable | OutOfMemoryError e) { // a full disk, or heap
      giveUp(e);
      return;
    }
    if (collected.isOverLimit()) {
      cancel();
      body.complete(collected);
    } else if (subscription != null) {
      subscription.request(1);
    }
  }

  private void giveUp(Throwable why) {
    cancel();
    body.completeExceptionally(why);
  }

  private void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  /** A result that ends early is none; of a failure the status is known all the same. */
  @Override
  public void onError(Throwable t) {
    if (isResult) {
      body.completeExceptionally(t);
    } else {
      body.complete(collected);
    }
  }

  @Override
  public void onComplete() {
    body.complete(collected);
  }

  @Override
  public void close() throws IOException {
    collected.close();
  }
}
