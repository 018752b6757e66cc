package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.port.CallFailed;
import org.jspecify.annotations.Nullable;

/**
 * AWS for the classes of this package: a session, and calls that are made again when they fail for
 * a reason that may pass.
 */
final class Aws implements AutoCloseable {
  /** Something that needs a session. */
  interface Made<T> {
    T make(AwsSession session) throws InvalidEnvironment;
  }

  private final AwsSession session;
  private final Retry retry = new Retry(Halt.never());

  private Aws(AwsSession session) {
    this.session = session;
  }

  /**
   * Opens a session; makes no call.
   *
   * @param region null for the SDK's own: environment, profile, instance
   * @throws ClientException if nobody knows a region, or the environment contradicts itself
   */
  static Aws open(@Nullable String region) {
    if (region != null) {
      return new Aws(new AwsSession(region));
    }
    try {
      return new Aws(
          new AwsSession(
              AwsSession.usualRegion()
                  .orElseThrow(
                      () -> new ClientException("no region: name one, or set AWS_REGION"))));
    } catch (InvalidEnvironment e) {
      throw new ClientException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Makes a port of the session. */
  <T> T make(Made<T> made) {
    try {
      return made.make(session);
    } catch (InvalidEnvironment e) {
      throw new ClientException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The queue of a name.
   *
   * @throws ClientException if there is none
   */
  SqsQueue queue(String name) throws InterruptedException {
    var queues = make(AwsSession::queues);
    return call("finding the queue \"" + name + "\"", () -> queues.find(name))
        .orElseThrow(
            () -> new ClientException("there is no queue \"" + name + "\" in " + session.region()));
  }

  /**
   * Makes a call that does no harm when it is made twice.
   *
   * @param what it does, for the message: "finding the queue"
   * @throws ClientException what it fails with for good, at last
   */
  <T> T call(String what, Retry.Call<T> call) throws InterruptedException {
    try {
      return retry.call(call);
    } catch (CallFailed e) {
      throw failed(what, e);
    }
  }

  /** What has failed for good, in words. */
  static ClientException failed(String what, CallFailed e) {
    String message = String.valueOf(e.getMessage());
    return new ClientException(
        JobTableReader.isMissing(e) ? message : what + " failed: " + message, e);
  }

  /** The objects of a payload bucket; null without one. */
  @Nullable PayloadObjects payloads(@Nullable String bucket) {
    return bucket == null
        ? null
        : make(session -> new PayloadObjects(session.payloads(bucket), retry));
  }

  /**
   * What a pointer stands for.
   *
   * @throws ClientException if it cannot be had
   */
  static String fetch(PayloadObjects payloads, String pointer) throws InterruptedException {
    try {
      return payloads.fetch(pointer);
    } catch (PayloadObjects.Unusable e) {
      throw new ClientException("fetching from S3 failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
