package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.PermanentJobFailure;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.concurrent.Flow.Subscriber;

/** A job as the body of a request, that knows whether any of it may have been sent. */
final class JobBody implements BodyPublisher {
  private final BodyPublisher bytes;
  private volatile boolean begun;

  /**
   * A body.
   *
   * @throws PermanentJobFailure if the job has characters that the charset has not
   */
  JobBody(String job, Charset charset) {
    CharsetEncoder encoder = charset.newEncoder();
    if (!encoder.canEncode(job)) {
      throw new PermanentJobFailure(
          "the job has characters that "
              + charset.name()
              + " does not have; executor.content_type names that charset");
    }
    this.bytes = BodyPublishers.ofByteArray(job.getBytes(charset));
  }

  /** Whether the connection was made: false means that the server has seen nothing of the job. */
  boolean isBegun() {
    return begun;
  }

  @Override
  public long contentLength() {
    return bytes.contentLength();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    begun = true;
    bytes.subscribe(subscriber);
  }
}
