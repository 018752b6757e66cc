package com.amazonaws.jobprocessor.boss;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A whole boss, with its API, loops and an SQS, whose clock is set to just before and to when the
 * clocks of a zone have opened and closed its hours, on the days on which they change.
 */
@Tag("long")
class ClockIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  /** What the dispatch asks while the hours are over: more, and it has looked more than once. */
  private static final int LOOKS = 5;

  private static EmbeddedSqs sqs;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WatchedClock clock = new WatchedClock();
  private String token;

  /** Counts how often the dispatch has asked since the time was set. */
  private static final class WatchedClock implements InstantSource {
    private record Time(Instant now, AtomicInteger asked) {}

    private volatile Time time = new Time(Instant.EPOCH, new AtomicInteger());

    @Override
    public Instant instant() {
      Time read = time;
      if (Thread.currentThread().getName().equals("dispatch")) {
        read.asked().incrementAndGet();
      }
      return read.now();
    }

    void set(Instant now) {
      time = new Time(now, new AtomicInteger());
    }

    int asked() {
      return time.asked().get();
    }
  }

  @BeforeAll
  static void start() {
    sqs = EmbeddedSqs.start();
    OfficeIT.use(sqs);
  }

  @AfterAll
  static void stop() {
    OfficeIT.useNone();
    sqs.close();
  }

  private URI api() throws Exception {
    return AdminFile.read(folder).orElseThrow().address().resolve("/api/v1/");
  }

  private void call(String method, String path, String type, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(api().resolve(path))
                .timeout(SOON)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertTrue(answer.statusCode() < 300, answer.body());
  }

  private void make() throws Exception {
    call("POST", "tasks", "text/csv", "name,payload\na,b\n");
  }

  /** Returns when the dispatch has looked several times at the time that is set now. */
  private void awaitLooks() {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              // It looks at once.
              call("POST", "dispatch/start", "application/json", "");
              return clock.asked() >= LOOKS;
            });
  }

  private static long sent(String queue) {
    return sqs.exists(queue) ? sqs.counts(queue).total() : 0;
  }

  private static void awaitSent(String queue, int count) {
    await().atMost(SOON).until(() -> sent(queue) == count);
  }

  @ParameterizedTest
  @CsvSource({
    "Africa/Casablanca, 02:30, 05:00, 2026-02-15T01:30:00Z, 2026-02-15T05:00:00Z",
    "America/New_York, 02:30, 05:00, 2026-03-08T07:00:00Z, 2026-03-08T09:00:00Z",
    "Africa/Casablanca, 02:30, 05:00, 2026-03-22T02:00:00Z, 2026-03-22T04:00:00Z",
    "Europe/Berlin, 02:30, 05:00, 2026-03-29T01:00:00Z, 2026-03-29T03:00:00Z",
    "Australia/Lord_Howe, 01:45, 05:00, 2026-04-04T14:45:00Z, 2026-04-04T18:30:00Z",
    "Australia/Lord_Howe, 02:15, 05:00, 2026-10-03T15:30:00Z, 2026-10-03T18:00:00Z",
    "Europe/Berlin, 02:30, 05:00, 2026-10-25T00:30:00Z, 2026-10-25T04:00:00Z",
    "America/New_York, 01:30, 05:00, 2026-11-01T05:30:00Z, 2026-11-01T10:00:00Z"
  })
  void nothing_is_sent_before_the_hours_open_or_after_they_close(
      String zone, String from, String to, Instant open, Instant close) throws Exception {
    String queue = "clock-" + open.getEpochSecond();
    clock.set(open.minusMillis(1));
    try (Database database = Database.embedded(folder)) {
      token =
          new Tokens(database, new Actions(database, clock), clock)
              .create("me", "clock", Tokens.Scope.OPERATE);
    }
    Optional<Path> own = Optional.of(folder);
    try (AwsSession aws = new AwsSession("us-east-1");
        Office _ =
            new Office(OfficeIT.plan(queue), Database.embedded(folder), own, aws, null, clock)) {
      call(
          "PUT",
          "hours",
          "application/json",
          "{\"time_zone\":\"%s\",\"windows\":[{\"day\":\"sunday\",\"from\":\"%s\",\"to\":\"%s\"}]}"
              .formatted(zone, from, to));
      make();
      awaitLooks();
      assertEquals(0, sent(queue + "-todo"), "a millisecond before it opens");
      clock.set(open);
      awaitSent(queue + "-todo", 1);
      clock.set(close.minusMillis(2_001));
      make();
      awaitSent(queue + "-todo", 2);
      // What is sent now might come when it has closed.
      clock.set(close.minusSeconds(2));
      make();
      awaitLooks();
      assertEquals(2, sent(queue + "-todo"), "two seconds before it closes");
      clock.set(close);
      awaitLooks();
      assertEquals(2, sent(queue + "-todo"), "when it has closed");
    }
  }
}
