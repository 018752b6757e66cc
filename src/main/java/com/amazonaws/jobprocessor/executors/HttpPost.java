package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import com.amazonaws.jobprocessor.RetryAfter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts each job to a URL on this box, as the queue daemon of Elastic Beanstalk's worker tier does.
 *
 * <p>A status of 2xx is success, with the answer's body (UTF-8, at most 1 MiB) as the result. 429
 * and 503 with {@code Retry-After}, in seconds or as an HTTP date, say when to try again, in twelve
 * hours at most. Anything else, redirects included, is a failure whose message is {@code HTTP
 * status N:} and the first 500 bytes of the answer.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code executor.url}: http or https, without a user or password in it, e.g. {@code
 *       http://127.0.0.1:8000/job}. Required.
 *   <li>{@code executor.content_type}: default {@code text/plain; charset=utf-8}. Beanstalk sends
 *       {@code application/json}.
 *   <li>{@code executor.permanent_statuses}: statuses, 300 to 599, after which a retry cannot help,
 *       separated by blanks or semicolons. Default none.
 *   <li>{@code executor.connect_timeout_in_secs}: 1 to 60, default 5.
 *   <li>{@code executor.read_timeout_in_secs}: for the whole answer, 1 to 43,000, default 300.
 * </ul>
 *
 * <p>Headers of the request: {@code X-Aws-Sqsd-Msgid}, {@code X-Aws-Sqsd-Receive-Count} (the
 * attempt), {@code X-Aws-Sqsd-Attr-NAME} for the job's attributes, and {@code X-Job-Id}; a value
 * that a header cannot carry is left out.
 */
public final class HttpPost implements JobAwareExecutor, Configurable, AutoCloseable {
  private static final int LONGEST_RESULT = 1024 * 1024;
  private static final int LONGEST_ERROR = 500;
  private static final Duration LONGEST_RETRY = Duration.ofHours(12);

  private URI url = URI.create("http://127.0.0.1/");
  private String contentType = "";
  private Set<Integer> permanentStatuses = Set.of();
  private Duration readTimeout = Duration.ZERO;
  private @Nullable HttpClient client;

  /** For the executor loader. */
  public HttpPost() {}

  @Override
  public void configure(Map<String, String> settings) {
    Options options = new Options("HttpPost", settings);
    url = url(options.required("url", "http://127.0.0.1:8000/job"));
    String type = options.text("content_type");
    contentType = type == null ? "text/plain; charset=utf-8" : type;
    permanentStatuses = options.numbers("permanent_statuses", 300, 599);
    Duration connectTimeout = options.seconds("connect_timeout_in_secs", 5, 1, 60);
    readTimeout = options.seconds("read_timeout_in_secs", 300, 1, 43_000);
    options.refuseRest();
    if (!isHeaderValue(contentType)) {
      throw new IllegalArgumentException("executor.content_type: not a header's value");
    }
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectTimeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  private static URI url(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "executor.url: not a URL; allowed is one such as http://127.0.0.1:8000/job");
    }
    boolean http =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getPort() > 65_535) {
      throw new IllegalArgumentException(
          "executor.url: allowed are http://HOST[:PORT]/PATH and https://...");
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "executor.url: a user or password in a URL is not allowed");
    }
    return uri;
  }

  @Override
  public String execute(String jobDefinition, JobContext job)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client().sendAsync(request(jobDefinition, job), _ -> new BoundedBody(LONGEST_RESULT));
    try {
      return result(answer.get(readTimeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new IOException("no whole answer within " + readTimeout.toSeconds() + " s");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String text =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      throw new IOException("cannot post to " + url.getHost() + ": " + text, cause);
    } finally {
      answer.cancel(true); // an interrupt or a time-out ends the request as well
    }
  }

  private HttpClient client() {
    if (client == null) {
      throw new IllegalStateException("not configured");
    }
    return client;
  }

  private HttpRequest request(String jobDefinition, JobContext job) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .POST(HttpRequest.BodyPublishers.ofString(jobDefinition, UTF_8))
            .header("Content-Type", contentType)
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

  private String result(HttpResponse<byte[]> answer) throws IOException {
    int status = answer.statusCode();
    if (status / 100 == 2) {
      if (answer.body().length > LONGEST_RESULT) {
        throw new IOException("the answer has more than 1 MiB, which SQS does not take");
      }
      return new String(answer.body(), UTF_8);
    }
    String message = "HTTP status " + status + firstOf(answer.body());
    if (permanentStatuses.contains(status)) {
      throw new PermanentJobFailure(message);
    }
    Optional<Duration> delay =
        status == 429 || status == 503
            ? answer.headers().firstValue("Retry-After").flatMap(HttpPost::delay)
            : Optional.empty();
    if (delay.isPresent()) {
      throw new RetryAfter(delay.get(), message);
    }
    throw new IOException(message);
  }

  private static String firstOf(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, LONGEST_ERROR), UTF_8).strip();
    return text.isEmpty() ? "" : ": " + text;
  }

  /**
   * Retry-After is a number of seconds or a date (RFC 9110, 10.2.3); at most twelve hours count.
   */
  private static Optional<Duration> delay(String header) {
    String value = header.strip();
    Duration delay;
    if (value.matches("[0-9]{1,18}")) {
      delay = Duration.ofSeconds(Long.parseLong(value));
    } else {
      try {
        ZonedDateTime until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
        delay = Duration.between(ZonedDateTime.now(until.getZone()), until);
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }
    Duration notPast = delay.isNegative() ? Duration.ZERO : delay;
    return Optional.of(notPast.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : notPast);
  }

  @Override
  public void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
