package com.amazonaws.jobprocessor.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The futures that an application gets: what hangs on them runs on a thread for that. */
final class Answers {
  private final OnDemandThread thread = new OnDemandThread("enqueuer-answers");
  private volatile @Nullable Thread answering;

  /** A future that ends as the job does. */
  // What whenComplete returns ends as the other does, and nobody waits for it.
  @SuppressWarnings("FutureReturnValueIgnored")
  CompletableFuture<String> answer(Ticket ticket) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    ticket
        .done()
        .whenComplete(
            (id, problem) -> {
              try {
                thread.execute(() -> complete(answer, id, problem));
              } catch (RejectedExecutionException e) {
                complete(answer, id, problem); // closed meanwhile
              }
            });
    return answer;
  }

  private void complete(
      CompletableFuture<String> answer, @Nullable String id, @Nullable Throwable problem) {
    answering = Thread.currentThread();
    if (problem == null) {
      answer.complete(id);
    } else {
      answer.completeExceptionally(problem);
    }
    answering = null;
  }

  /** Waits until all are answered, or for so long; not for the one whose callback asks for it. */
  void end(long nanos) throws InterruptedException {
    if (!Thread.currentThread().equals(answering)) {
      thread.end(nanos);
    }
  }
}
