package com.amazonaws.jobprocessor.aws.lean;

import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Backlog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The calls without the SDK's client; each is cut at once by an interrupt of its thread. */
final class LeanTransport implements SqsTransport {
  private static final CallLimits LIMITS = new CallLimits();

  /** One for all calls: a start call may take the longest. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private final AwsCredentialsProvider credentials;
  private final Signing signing;
  private final HttpPool http;

  /** Makes no call; the credentials are closed with it. */
  LeanTransport(AwsCredentialsProvider credentials, Endpoint endpoint, Clock clock) {
    this.credentials = credentials;
    this.signing = new Signing(credentials, endpoint, clock);
    this.http = new HttpPool(endpoint.url(), LONGEST_CALL);
  }

  @Override
  public AwsCredentialsProvider credentials() {
    return credentials;
  }

  @Override
  public List<Delivery> receive(Receive receive, Duration limit) {
    return call("ReceiveMessage", RequestJson.receive(receive), limit, AnswerJson::received);
  }

  @Override
  public BatchAnswer send(String queueUrl, List<OutgoingMessage> messages, Duration limit) {
    return call("SendMessageBatch", RequestJson.send(queueUrl, messages), limit, AnswerJson::batch);
  }

  @Override
  public BatchAnswer delete(String queueUrl, List<String> receiptHandles, Duration limit) {
    return call(
        "DeleteMessageBatch",
        RequestJson.delete(queueUrl, receiptHandles),
        limit,
        AnswerJson::batch);
  }

  @Override
  public BatchAnswer changeVisibility(
      String queueUrl, List<Backlog.VisibilityChange> changes, Duration limit) {
    return call(
        "ChangeMessageVisibilityBatch",
        RequestJson.changeVisibility(queueUrl, changes),
        limit,
        AnswerJson::batch);
  }

  @Override
  public String queueUrl(String name) {
    return call("GetQueueUrl", RequestJson.queueUrl(name), LONGEST_CALL, AnswerJson::queueUrl);
  }

  @Override
  public Map<String, String> attributes(String queueUrl, List<String> names) {
    return call(
        "GetQueueAttributes",
        RequestJson.attributes(queueUrl, names),
        LONGEST_CALL,
        AnswerJson::attributes);
  }

  private <T> T call(String action, byte[] body, Duration limit, HttpPool.Reader<T> reader) {
    if (Thread.currentThread().isVirtual()) {
      return callHere(action, body, limit, reader);
    }
    // An interrupt cuts what a virtual thread waits for, but not what a thread of the system reads.
    FutureTask<T> call = new FutureTask<>(() -> callHere(action, body, limit, reader));
    Thread.ofVirtual().name("sqs-call").start(call);
    try {
      return call.get();
    } catch (InterruptedException e) {
      call.cancel(true);
      throw AbortedException.create(action + " was interrupted", e);
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case RuntimeException failure -> failure;
        case Error failure -> throw failure;
        case null, default -> new IllegalStateException(e);
      };
    }
  }

  private <T> T callHere(String action, byte[] body, Duration limit, HttpPool.Reader<T> reader) {
    CallLimits.Limited limited = LIMITS.begin(limit);
    boolean cut = false;
    try {
      return http.post(signing.headers(action, body), body, reader);
    } catch (AwsServiceException e) {
      signing.learnFrom(e);
      throw e;
    } catch (IOException | RuntimeException e) {
      cut = limited.end();
      if (cut) {
        throw ApiCallTimeoutException.create(limit.toMillis());
      }
      throw e instanceof RuntimeException already
          ? already
          : SdkClientException.create("Unable to execute HTTP request: " + e.getMessage(), e);
    } finally {
      if (!cut) {
        limited.end();
      }
    }
  }

  @Override
  public void close() {
    http.close();
    if (credentials instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
