package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.PermanentJobFailure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SleepTest {
  private final Sleep executor = new Sleep();

  @ParameterizedTest
  @CsvSource({"sleep 1,slept 1 ms", "1,slept 1 ms", "0,slept 0 ms", "' sleep  2\n',slept 2 ms"})
  void it_says_how_long_it_slept(String job, String result) throws InterruptedException {
    assertEquals(result, executor.execute(job));
  }

  @Test
  void it_takes_the_time_that_it_says() throws InterruptedException {
    long start = System.nanoTime();
    executor.execute("60");
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() >= 59);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sleep", "-1", "1.5", "sleep 1s", "43200001", "99999999999", "nap 1"})
  void anything_else_fails_for_good(String job) {
    String message = Thrown.message(PermanentJobFailure.class, () -> executor.execute(job));
    assertTrue(message.contains("from 0 to 43200000"), message);
  }

  @Test
  void an_interrupt_ends_the_longest_sleep() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> executor.execute("43200000"));
  }
}
