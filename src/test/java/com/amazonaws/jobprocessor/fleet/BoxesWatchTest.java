package com.amazonaws.jobprocessor.fleet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoxesWatchTest {
  private final SettableClock clock = new SettableClock();
  private final InMemoryBoxes boxes = new InMemoryBoxes();
  private final AtomicInteger opened = new AtomicInteger();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final BoxesWatch watch =
      new BoxesWatch(
          "todo",
          () -> {
            opened.incrementAndGet();
            return boxes;
          },
          new BoxesWatch.Told() {
            @Override
            public void boxes(List<Box> found) {
              told.add("boxes " + found.size());
            }

            @Override
            public void unknown(String why) {
              told.add(why);
            }
          },
          clock);
  private Thread thread = new Thread();

  @BeforeEach
  void run() {
    thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    watch.run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  @AfterEach
  void end() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  private void awaitTold(int times) {
    await().until(() -> told.size() == times && clock.waiters() == 1);
  }

  @Test
  void while_nobody_looks_nothing_is_asked_for_and_not_even_connected() {
    await().until(() -> clock.waiters() == 1);
    clock.advance(Duration.ofHours(1));
    await().until(() -> clock.waiters() == 1);

    assertEquals(0, opened.get());
    assertEquals(List.of(), told);
  }

  @Test
  void while_somebody_looks_it_is_asked_at_once_and_once_a_minute() {
    boxes.up("i-1", "todo");
    boxes.up("i-2", "other");
    watch.lookedAt();
    awaitTold(1);
    for (int i = 0; i < 6; i++) {
      clock.advance(Duration.ofSeconds(9));
      watch.lookedAt();
    }
    awaitTold(1);
    clock.advance(Duration.ofSeconds(9));
    awaitTold(2);

    clock.advance(Duration.ofMinutes(10));
    awaitTold(2);
    assertEquals(List.of("boxes 1", "boxes 1"), told);
  }

  @Test
  void what_has_changed_is_seen_soon() {
    watch.lookedAt();
    awaitTold(1);
    boxes.up("i-1", "todo");
    watch.changed();
    awaitTold(2);

    assertEquals(List.of("boxes 0", "boxes 1"), told);
  }

  @Test
  void a_right_that_is_missing_is_named_and_asked_for_again_later() {
    boxes.fail("list", 1, "UnauthorizedOperation", Service.EC2);
    watch.lookedAt();
    awaitTold(1);
    clock.advance(Duration.ofMinutes(1));
    watch.lookedAt();
    awaitTold(2);

    assertEquals(
        List.of(
            "this box's role lacks the right ec2:DescribeInstances; docs/iam.md has the policy"
                + " (UnauthorizedOperation)",
            "boxes 0"),
        told);
  }

  @Test
  void an_answer_that_makes_no_sense_does_not_end_it() throws CallFailed {
    boxes.breakNext();
    watch.lookedAt();
    awaitTold(1);
    clock.advance(Duration.ofMinutes(1));
    watch.lookedAt();
    awaitTold(2);

    assertEquals("boxes 0", told.getLast());
  }
}
