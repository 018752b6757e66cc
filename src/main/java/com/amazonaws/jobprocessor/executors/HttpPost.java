package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts each job to a URL on this box, as the queue daemon of Elastic Beanstalk's worker tier does.
 *
 * <p>A status of 2xx is success, with the answer's body as the result: text of at most 64 MiB in
 * the charset that {@code Content-Type} names, else in UTF-8. What is no such text fails the
 * attempt as {@link ResultNotText} or {@link ResultTooLarge}, an answer that is cut off, or not
 * there in time, as {@link HttpNoAnswer}. Any other status, redirects included, is {@link
 * HttpStatus}, whose message is {@code HTTP status N from URL:} and the first 500 bytes of the
 * body. 429 and 503 with {@code Retry-After}, in seconds or as an HTTP date, say when to try again,
 * in twelve hours at most: {@link HttpStatusRetryAfter}.
 *
 * <p>If no connection can be made (refused, unknown host, no route, TLS, time-out), it is {@link
 * ExecutorUnavailable}, which costs no attempt.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code executor.url}: http or https, without a user or password in it, e.g. {@code
 *       http://127.0.0.1:8000/job}. Required.
 *   <li>{@code executor.content_type}: default {@code text/plain; charset=utf-8}. Beanstalk sends
 *       {@code application/json}. The job is sent in the charset that it names, else in UTF-8.
 *   <li>{@code executor.permanent_statuses}: statuses, 300 to 599, after which a retry cannot help,
 *       separated by blanks or semicolons: {@link HttpStatusForGood}. Default none.
 *   <li>{@code executor.connect_timeout_in_secs}: 1 to 60, default 5.
 *   <li>{@code executor.read_timeout_in_secs}: for the whole answer, 1 to 43,000, default 300.
 * </ul>
 *
 * <p>Headers of the request: {@code X-Aws-Sqsd-Msgid}, {@code X-Aws-Sqsd-Receive-Count} (the
 * attempt), {@code X-Aws-Sqsd-Attr-NAME} for the job's attributes, and {@code X-Job-Id}; a value
 * that a header cannot carry (other than printable ASCII) is left out.
 *
 * <p>Each job has a connection of its own. On one that is used again, a server that closes it
 * without a word is not to be told from one that has died of the job.
 */
public final class HttpPost implements JobAwareExecutor, Configurable {
  private @Nullable URI url;
  private String contentType = "";
  private Charset charset = UTF_8;
  private Set<Integer> permanentStatuses = Set.of();
  private Duration connectTimeout = Duration.ZERO;
  private Duration readTimeout = Duration.ZERO;

  /** For the executor loader. */
  public HttpPost() {}

  @Override
  public void configure(Map<String, String> settings) {
    Options options = new Options("HttpPost", settings);
    url = options.checked(options.required("url", "http://127.0.0.1:8000/job"), HttpPost::url);
    String type = options.text("content_type");
    contentType = type == null ? "text/plain; charset=utf-8" : type;
    Charset named = options.checked(contentType, HttpPost::charset);
    permanentStatuses = options.numbers("permanent_statuses", 300, 599);
    connectTimeout = options.seconds("connect_timeout_in_secs", 5, 1, 60);
    readTimeout = options.seconds("read_timeout_in_secs", 300, 1, 43_000);
    options.refuseProblems();
    charset = named == null ? UTF_8 : named;
  }

  private static Charset charset(String contentType) {
    if (!isHeaderValue(contentType)) {
      throw new IllegalArgumentException(
          "executor.content_type: \"" + contentType + "\" cannot be the value of a header");
    }
    Charset charset = null;
    try {
      charset = Answer.charset(contentType);
    } catch (IllegalArgumentException e) {
      // refused below
    }
    if (charset == null || !charset.canEncode()) {
      throw new IllegalArgumentException(
          "executor.content_type: \"" + contentType + "\" names a charset that Java cannot write");
    }
    return charset;
  }

  private static URI url(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw noUrl(text);
    }
    boolean http =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getPort() > 65_535) {
      throw noUrl(text);
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "executor.url: a user or password in a URL is not allowed");
    }
    return uri;
  }

  /** With the text, unless it may have a password before its host. */
  private static IllegalArgumentException noUrl(String text) {
    return new IllegalArgumentException(
        "executor.url: "
            + (text.contains("@") ? "the value" : "\"" + text + "\"")
            + " is not a URL that jobs can be posted to; allowed are http://HOST[:PORT]/PATH and"
            + " https://HOST[:PORT]/PATH");
  }

  @Override
  public String execute(String jobDefinition, JobContext job)
      throws IOException, InterruptedException {
    if (url == null) {
      throw new IllegalStateException("not configured");
    }
    JobBody body = new JobBody(jobDefinition, charset);
    HttpClient client = client(url);
    try (AnswerBody answer = new AnswerBody()) {
      return result(url, send(client, request(url, body, job), body, answer));
    } finally {
      client.shutdownNow(); // an interrupt or a time-out ends the request as well
    }
  }

  /** One for each job, since a client keeps its connections: half a millisecond of CPU. */
  private HttpClient client(URI to) {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(connectTimeout)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(task -> Thread.ofVirtual().start(task))
          .build();
    } catch (UncheckedIOException e) {
      throw NoConnection.to(to, connectTimeout, e);
    } catch (OutOfMemoryError e) {
      throw NoConnection.noThreads(to, connectTimeout, e);
    }
  }

  private AnswerBody.Received send(
      HttpClient client, HttpRequest request, JobBody body, AnswerBody answer)
      throws IOException, InterruptedException {
    try {
      return AnswerBody.Received.of(
          client.sendAsync(request, answer).get(readTimeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      AnswerBody.Received failure = answer.failure();
      if (failure != null) {
        return failure; // the rest of its body would tell little
      }
      if (!body.isBegun()) {
        throw NoConnection.to(request.uri(), readTimeout, e);
      }
      throw new HttpNoAnswer(
          "no complete answer from "
              + NoConnection.shown(request.uri())
              + " within "
              + readTimeout.toSeconds()
              + " s",
          e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof OutOfMemoryError error) {
        if (!body.isBegun()) {
          throw NoConnection.noThreads(request.uri(), connectTimeout, error);
        }
        throw error;
      }
      if (cause instanceof ExecutorUnavailable unavailable) {
        throw unavailable;
      }
      AnswerBody.Received failure = answer.failure();
      if (failure != null) {
        return failure; // the client may be faster to tell of the broken connection
      }
      Throwable handshake = NoConnection.handshake(cause);
      if (!body.isBegun() || handshake != null) {
        throw NoConnection.to(request.uri(), connectTimeout, handshake == null ? cause : handshake);
      }
      throw new HttpNoAnswer(
          "no complete answer from "
              + NoConnection.shown(request.uri())
              + ": "
              + cause.getMessage(),
          cause);
    }
  }

  private HttpRequest request(URI to, JobBody body, JobContext job) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to)
            .POST(body)
            .header("Content-Type", contentType)
            .header("Accept-Encoding", "identity")
            .header("User-Agent", "aws-sqsd/job-processor");
    header(request, "X-Aws-Sqsd-Msgid", job.messageId());
    header(request, "X-Aws-Sqsd-Receive-Count", Integer.toString(job.attempt()));
    header(request, "X-Job-Id", job.jobId());
    job.attributes().forEach((name, value) -> header(request, "X-Aws-Sqsd-Attr-" + name, value));
    return request.build();
  }

  private static void header(HttpRequest.Builder request, String name, String value) {
    if (isHeaderValue(value) && name.matches("[A-Za-z0-9_.-]+")) {
      request.header(name, value);
    }
  }

  /** Printable ASCII: what comes from a message must not become a header of its own. */
  private static boolean isHeaderValue(String value) {
    return !value.isEmpty() && value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }

  private String result(URI from, AnswerBody.Received received)
      throws IOException, InterruptedException {
    Answer answer = new Answer(received.headers(), received.body());
    int status = received.status();
    if (AnswerBody.isSuccess(status)) {
      return answer.text();
    }
    String message = message(from, received, answer);
    if (permanentStatuses.contains(status)) {
      throw new HttpStatusForGood(message);
    }
    Optional<RetryAfterHeader> wait =
        status == 429 || status == 503 ? answer.retryAfter() : Optional.empty();
    if (wait.isPresent()) {
      throw new HttpStatusRetryAfter(wait.get().delay(), message);
    }
    throw new HttpStatus(message);
  }

  private static String message(URI from, AnswerBody.Received received, Answer answer)
      throws IOException {
    String redirect =
        received.status() / 100 == 3
            ? received.headers().firstValue("Location").map(HttpPost::redirect).orElse("")
            : "";
    String beginning = answer.beginning();
    return "HTTP status "
        + received.status()
        + " from "
        + NoConnection.shown(from)
        + redirect
        + (beginning.isEmpty() ? "" : ": " + beginning);
  }

  private static String redirect(String location) {
    try {
      return ", a redirect to " + NoConnection.shown(URI.create(location));
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
