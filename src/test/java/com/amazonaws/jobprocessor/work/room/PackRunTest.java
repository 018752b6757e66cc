package com.amazonaws.jobprocessor.work.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class PackRunTest {
  private final SettableClock clock = new SettableClock();
  private final SlotQueue slots = new SlotQueue(2, 10, Duration.ofMillis(250), clock);

  private static List<Job> jobs(int count) {
    Delivery delivery =
        new Delivery("m", "h", "{\"body\":\"x\"}\n".repeat(count), PackFormat.attributes(count), 1);
    return Message.of(delivery, new Lease(0, Duration.ofMinutes(1)), 1).jobs();
  }

  private PackRun offered(int count) {
    PackRun pack = new PackRun(jobs(count), 0, clock);
    slots.expect(count);
    assertTrue(slots.offer(pack, count));
    return pack;
  }

  private SlotRun take() {
    SlotRun run = slots.take();
    assertNotNull(run);
    return run;
  }

  private static Outcome success(String result) {
    return new Outcome.Succeeded(result, Duration.ZERO);
  }

  @Test
  void a_slot_goes_on_with_the_pack_that_it_has_begun() {
    offered(3);
    SlotRun first = take();
    SlotRun second = slots.nextOfPack(first);
    assertNotNull(second);
    assertEquals(List.of(second), slots.running());
    assertNotNull(slots.nextOfPack(first));
    assertNull(slots.nextOfPack(first));
    slots.returned(first);
    assertEquals(List.of(), slots.running());
    assertEquals(2, slots.free());
  }

  @Test
  void its_jobs_are_in_line_before_those_that_came_later() {
    offered(2);
    SlotRun single = new SlotRun(jobs(1).getFirst(), "later", false);
    slots.expect(1);
    slots.offer(single);
    assertEquals(-1, slots.free());
    SlotRun first = take();
    SlotRun second = take();
    assertEquals("m/1", first.job().key());
    assertEquals("m/2", second.job().key());
    assertNull(slots.nextOfPack(first));
    slots.returned(first);
    assertEquals(single, take());
  }

  @Test
  void a_suspect_that_may_run_is_run_before_the_pack_goes_on() {
    offered(2);
    SlotRun first = take();
    SlotRun suspect = new SlotRun(jobs(1).getFirst(), "s", true);
    slots.expect(1);
    slots.offer(suspect);
    assertNull(slots.nextOfPack(first));
    slots.returned(first);
    assertEquals(suspect, take());
    assertEquals("m/2", take().job().key());
  }

  @Test
  void no_job_begins_while_too_much_of_the_pack_is_to_be_settled() throws Exception {
    PackRun pack = offered(9);
    SlotRun first = take();
    SlotRun run = first;
    for (int i = 0; i < 3; i++) {
      assertNotNull(run);
      SlotRun next = slots.nextOfPack(first);
      run.end(success("y".repeat(900_000)));
      run = next;
    }
    assertNull(slots.nextOfPack(first));
    SlotRun single = new SlotRun(jobs(1).getFirst(), "later", false);
    slots.expect(1);
    slots.offer(single);
    assertEquals(single, take(), "others may go on");

    clock.advance(Duration.ofSeconds(1));
    List<PackRun.Ended> group = awaitGroup(pack);
    assertEquals(3, group.size());
    assertTrue(pack.settled(group.subList(0, 1)), "there is room again");
    assertFalse(pack.settled(group.subList(1, 2)));
    slots.goOn();
    assertNotNull(slots.nextOfPack(first));
  }

  private List<PackRun.Ended> awaitGroup(PackRun pack) throws InterruptedException {
    Thread time =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    clock.advance(Duration.ofMillis(1));
                    Thread.onSpinWait();
                  }
                });
    try {
      return pack.await();
    } finally {
      time.interrupt();
    }
  }

  @Test
  void what_ends_is_handed_out_in_groups_until_all_is_settled() throws Exception {
    PackRun pack = new PackRun(jobs(2), 1, clock);
    Job other = jobs(1).getFirst();
    pack.ended(other, Outcome.GivenBack.now("test"));
    assertEquals(List.of(other), awaitGroup(pack).stream().map(PackRun.Ended::job).toList());
    List<SlotRun> rest = pack.takeAll();
    rest.forEach(run -> run.end(success("x")));
    assertFalse(rest.getFirst().end(success("again")));
    List<PackRun.Ended> group = pack.await();
    assertEquals(2, group.size());
    pack.settled(group);
    pack.settled(List.of(new PackRun.Ended(other, Outcome.GivenBack.now("test"))));
    assertEquals(List.of(), pack.await());
  }

  @Test
  void each_job_is_taken_once_however_many_take() throws Exception {
    for (int round = 0; round < 200; round++) {
      SlotQueue line = new SlotQueue(4, 10, Duration.ofMillis(250), System::nanoTime);
      int count = 200;
      PackRun pack = new PackRun(jobs(count), 0, System::nanoTime);
      line.expect(count);
      Set<String> taken = ConcurrentHashMap.newKeySet();
      Thread[] threads = new Thread[4];
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (SlotRun run = line.take(); run != null; run = line.take()) {
                        for (SlotRun at = run; at != null; ) {
                          SlotRun next = line.nextOfPack(run);
                          if (next == null) {
                            line.returned(run);
                          }
                          assertTrue(taken.add(at.job().key()));
                          at.end(success("x"));
                          at = next;
                        }
                      }
                    });
      }
      line.offer(pack, count);
      Set<String> ended = new HashSet<>();
      for (List<PackRun.Ended> group = pack.await(); !group.isEmpty(); group = pack.await()) {
        group.forEach(end -> ended.add(end.job().key()));
        pack.settled(group);
      }
      assertEquals(count, ended.size());
      assertEquals(ended, taken);
      line.close();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(4, line.free());
    }
  }
}
