package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing {@link Results} while AWS throttles. */
@Timeout(120)
class CloseInTroubleIT {
  private static final String QUEUE = "ends";
  private static final Duration LONG = Duration.ofSeconds(60);

  private final EmbeddedSqs sqs = EmbeddedSqs.start();

  @BeforeEach
  void open() {
    Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
    sqs.createQueue(QUEUE);
  }

  @AfterEach
  void close() {
    Settings.forget();
    sqs.close();
  }

  /** What {@code follow} has returned, when the call has met trouble and was closed. */
  private long closedIn(Fault trouble) throws Exception {
    Results results = Results.of(QUEUE).build();
    FutureTask<Long> following = new FutureTask<>(() -> results.follow(end -> {}));
    new Thread(following).start();
    trouble.awaitHits(2, LONG);
    int tries = trouble.hits();

    results.close();

    long count = following.get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertTrue(trouble.hits() <= tries + 6, tries + " tries, then " + trouble.hits());
    return count;
  }

  @Test
  void it_ends_as_if_its_time_were_over_if_receives_fail() throws Exception {
    assertEquals(0, closedIn(sqs.proxy().on("ReceiveMessage").throttle().forever()));
  }

  @Test
  void deletes_that_fail_are_soon_given_up_and_the_results_come_again() throws Exception {
    sqs.send(QUEUE, List.of("x", "y"));

    assertTrue(closedIn(sqs.proxy().on("DeleteMessageBatch").throttle().forever()) > 0);

    assertEquals(2, sqs.counts(QUEUE).total());
  }
}
