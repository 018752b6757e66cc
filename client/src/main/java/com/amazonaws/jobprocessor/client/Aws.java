package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Backoff;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * AWS for the classes of this package: a session, and calls that are made again when they fail for
 * a reason that may pass.
 */
final class Aws implements AutoCloseable {
  /** Of a call that brings no answer, or an error of the service. */
  static final int MAX_TRIES = 5;

  /** Of a call that AWS throttles: some minutes. */
  static final int MAX_THROTTLES = 60;

  /** Something that needs a session. */
  interface Made<T> {
    T make(AwsSession session) throws InvalidEnvironment;
  }

  /** A call of a port. */
  interface Call<T> {
    T make() throws CallFailed, InterruptedException;
  }

  private final AwsSession session;

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
            () -> new ClientException("there is no queue \"" + name + "\" in this region"));
  }

  /**
   * Makes a call that does no harm when it is made twice.
   *
   * @param what it does, for the message: "finding the queue"
   * @throws ClientException what it fails with for good, at last
   */
  <T> T call(String what, Call<T> call) throws InterruptedException {
    Backoff waits = new Backoff();
    int tries = 0;
    int throttles = 0;
    while (true) {
      try {
        return call.make();
      } catch (CallFailed e) {
        boolean again =
            SqsCalls.isThrottle(e.code())
                ? ++throttles < MAX_THROTTLES
                : e.kind() == CallFailed.Kind.UNKNOWN && ++tries < MAX_TRIES;
        if (!again) {
          throw new ClientException(what + " failed: " + e.getMessage(), e);
        }
        TimeUnit.NANOSECONDS.sleep(waits.failed());
      }
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
