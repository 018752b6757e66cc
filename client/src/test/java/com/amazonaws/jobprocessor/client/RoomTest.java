package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoomTest {
  private static Thread taking(Room room, long bytes, CountDownLatch taken) {
    Thread thread =
        new Thread(
            () -> {
              try {
                room.take(bytes);
                taken.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    return thread;
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void who_comes_when_it_is_full_waits_until_room_is_given() throws Exception {
    for (Room room : new Room[] {new Room(1, 100), new Room(9, 10)}) {
      room.take(8);
      CountDownLatch taken = new CountDownLatch(1);
      Thread second = taking(room, 8, taken);
      awaitWaiting(second);
      assertEquals(1, taken.getCount());

      room.give(8);

      assertTrue(taken.await(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void a_job_larger_than_all_room_has_it_alone() throws Exception {
    Room room = new Room(9, 10);
    room.take(1_000);
    CountDownLatch taken = new CountDownLatch(1);
    Thread small = taking(room, 1, taken);
    awaitWaiting(small);

    room.give(1_000);

    assertTrue(taken.await(30, TimeUnit.SECONDS));
  }

  @Test
  void who_is_interrupted_takes_nothing() throws Exception {
    Room room = new Room(1, 10);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> room.take(1));

    room.take(1);
  }
}
