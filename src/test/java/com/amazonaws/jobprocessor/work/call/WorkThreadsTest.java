package com.amazonaws.jobprocessor.work.call;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkThreadsTest {
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final WorkThreads threads = new WorkThreads(fatal::add);

  @Test
  void what_only_waits_is_on_a_virtual_thread_and_the_rest_on_a_daemon() throws Exception {
    Thread virtual = threads.startVirtual("waits", () -> {});
    Thread platform = threads.startPlatform("works", () -> {});

    assertTrue(virtual.isVirtual());
    assertEquals("waits", virtual.getName());
    assertFalse(platform.isVirtual());
    assertTrue(platform.isDaemon());
    assertEquals("works", platform.getName());
    virtual.join();
    platform.join();
  }

  @Test
  void what_a_thread_cannot_handle_is_fatal_and_an_interrupt_is_not() throws Exception {
    OutOfMemoryError error = new OutOfMemoryError("of the test");
    threads
        .startVirtual(
            "fails",
            () -> {
              throw error;
            })
        .join();
    threads
        .startPlatform(
            "is-cut",
            () -> {
              throw new InterruptedException();
            })
        .join();

    assertEquals(List.of(error), fatal);
  }

  @Test
  void works_on_all_items_side_by_side_and_keeps_their_order() throws Exception {
    CyclicBarrier all = new CyclicBarrier(50);
    List<Integer> items = IntStream.range(0, 50).boxed().toList();

    List<String> outcomes = threads.forAll("job", items, 50, item -> awaitAll(all) + item);

    assertEquals(items.stream().map(item -> "job" + item).toList(), outcomes);
    assertEquals(List.of(), fatal);
  }

  private static String awaitAll(CyclicBarrier all) {
    try {
      all.await(30, TimeUnit.SECONDS);
      return Thread.currentThread().getName();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void the_only_item_is_worked_on_by_the_caller_and_none_is_no_work() throws Exception {
    assertSame(
        Thread.currentThread(),
        threads.forAll("job", List.of(1), 9, _ -> Thread.currentThread()).getFirst());
    assertEquals(List.of(), threads.forAll("job", List.of(), 9, _ -> "never"));
  }

  @Test
  void no_more_than_so_many_are_worked_on_side_by_side() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Integer> items = IntStream.range(0, 500).boxed().toList();

    List<Integer> outcomes =
        threads.forAll(
            "job",
            items,
            3,
            item -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.onSpinWait();
              now.decrementAndGet();
              return item;
            });

    assertEquals(items, outcomes);
    assertTrue(most.get() <= 3, most::toString);
  }

  @Test
  void the_end_of_all_is_the_end_of_the_last() throws Exception {
    CountDownLatch last = new CountDownLatch(1);
    List<Integer> ended = new CopyOnWriteArrayList<>();
    Thread caller =
        threads.startVirtual(
            "caller",
            () -> {
              threads.forAll(
                  "job",
                  List.of(1, 2, 3),
                  3,
                  item -> {
                    if (item == 2) {
                      last.await();
                    }
                    return ended.add(item);
                  });
              ended.add(0);
            });
    eventually(() -> ended.size() == 2);
    last.countDown();
    caller.join();

    assertEquals(List.of(2, 0), ended.subList(2, 4));
  }

  @Test
  void who_waits_for_all_can_be_interrupted() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(2);
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    Thread caller =
        threads.startVirtual(
            "caller",
            () ->
                thrown.add(
                    assertThrows(
                        InterruptedException.class,
                        () ->
                            threads.forAll(
                                "job",
                                List.of(1, 2),
                                2,
                                _ -> {
                                  begun.countDown();
                                  never.await();
                                  return 0;
                                }))));
    begun.await();
    caller.interrupt();
    caller.join();
    never.countDown();

    assertEquals(1, thrown.size());
  }
}
