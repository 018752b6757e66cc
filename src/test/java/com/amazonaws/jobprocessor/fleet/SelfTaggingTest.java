package com.amazonaws.jobprocessor.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SelfTaggingTest {
  private final Hasty clock = new Hasty();
  private final FakeTag tag = new FakeTag();
  private final SelfTagging tagging = new SelfTagging("todo", tag, clock);

  /** Sleeps by letting the time pass. */
  private static final class Hasty implements MonotonicClock {
    private long now = 1;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void sleep(long nanos) {
      now += nanos;
    }
  }

  private static final class FakeTag implements OwnTag {
    final List<String> set = new ArrayList<>();
    @Nullable String known;
    boolean away;
    int failures;
    String code = "RequestLimitExceeded";

    @Override
    public @Nullable String read() throws IOException {
      if (away) {
        throw new IOException("no answer");
      }
      return known;
    }

    @Override
    public void set(String backlog) throws CallFailed {
      set.add(backlog);
      if (set.size() <= failures) {
        throw new CallFailed(
            Service.EC2,
            code,
            "refused",
            CallFailed.Kind.REJECTED,
            true,
            new IllegalStateException());
      }
    }
  }

  @Test
  void a_box_without_its_queues_tag_is_given_it() throws Exception {
    tagging.run();
    assertEquals(List.of("todo"), tag.set);
  }

  @Test
  void a_tag_that_is_there_is_not_set_again_and_that_of_another_queue_is_replaced()
      throws Exception {
    tag.known = "todo";
    tagging.run();
    assertEquals(List.of(), tag.set);

    tag.known = "another";
    tagging.run();
    assertEquals(List.of("todo"), tag.set);
  }

  @Test
  void metadata_that_does_not_tell_is_no_reason_not_to_try() throws Exception {
    tag.away = true;
    tagging.run();
    assertEquals(List.of("todo"), tag.set);
  }

  @Test
  void what_is_throttled_is_tried_again_and_not_for_ever() throws Exception {
    tag.failures = 5;
    tagging.run();
    assertEquals(6, tag.set.size());

    tag.set.clear();
    tag.failures = Integer.MAX_VALUE;
    long before = clock.nanoTime();
    tagging.run();
    assertTrue(tag.set.size() < 200, () -> tag.set.size() + " calls");
    assertTrue(clock.nanoTime() - before < Duration.ofMinutes(11).toNanos());
  }

  @Test
  void a_right_that_is_missing_is_asked_for_once() throws Exception {
    tag.failures = Integer.MAX_VALUE;
    tag.code = "UnauthorizedOperation";
    tagging.run();
    assertEquals(1, tag.set.size());
  }
}
