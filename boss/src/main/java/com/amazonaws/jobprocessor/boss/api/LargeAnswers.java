package com.amazonaws.jobprocessor.boss.api;

import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the memory that answers of some megabytes take together: how many are made at a time, and
 * how many bytes are kept for clients that have not read them yet.
 */
public final class LargeAnswers {
  /** What one may take while it is made: as it is read, as JSON, and as bytes. */
  private static final int MAKING = 16 * 1024 * 1024;

  /** Most are sent in much less; who waits holds nothing meanwhile. */
  private static final long WAIT_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(LargeAnswers.class);

  private final Semaphore bytes;

  /**
   * A bound.
   *
   * @param atOnce how many may be made at a time
   */
  public LargeAnswers(int atOnce) {
    this.bytes = new Semaphore(atOnce * MAKING, true);
  }

  /** Makes an answer. */
  public interface Maker {
    /** Sets the result of the request, or streams it. */
    void make() throws Exception;
  }

  /**
   * Makes an answer and sends it; what a client has not read yet counts until it has.
   *
   * @return false if there was no room for it within a second, and nothing was done
   */
  public boolean answer(Context request, Maker maker) throws Exception {
    if (!bytes.tryAcquire(MAKING, WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
      return false;
    }
    int held = MAKING;
    try {
      maker.make();
      int size = Math.min(MAKING, size(request.resultInputStream()));
      bytes.release(held - size);
      held = size;
      send(request);
    } finally {
      bytes.release(held);
    }
    return true;
  }

  private static int size(@Nullable InputStream made) {
    return made instanceof ByteArrayInputStream array ? array.available() : 0;
  }

  /** Sends what was set as the result now; the server would after the request was handled. */
  static void send(Context request) {
    InputStream made = request.resultInputStream();
    if (made == null || size(made) == 0) {
      return;
    }
    try {
      made.transferTo(request.outputStream());
    } catch (IOException gone) {
      LOG.debug("{} {}: {}", request.method(), request.path(), gone.toString());
    }
    request.result(InputStream.nullInputStream());
  }

  /** The same for a route of the API: who finds no room is told to come again. */
  Api.Handler of(Api.Handler handler) {
    return request -> {
      Maker maker =
          () -> {
            handler.answer(request);
            EntityTag.put(request);
          };
      if (!answer(request, maker)) {
        request.header("Retry-After", "1");
        throw new Problem(503, "other large answers are being sent; ask again in a moment");
      }
    };
  }
}
