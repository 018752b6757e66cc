package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.PermanentJobFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountPrimesTest {
  private final CountPrimes executor = new CountPrimes();

  /** The larger ones are the known values of the prime-counting function. */
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,0",
    "2,1",
    "3,2",
    "4,2",
    "9,4",
    "10,4",
    "25,9",
    "100,25",
    "1000,168",
    "1000000,78498",
    "10000000,664579"
  })
  void it_counts_the_primes_up_to_the_number(String n, String count) throws InterruptedException {
    assertEquals(count, executor.execute(n));
  }

  /** The sieve works in segments of 262,144 numbers that begin at 2: 262,147 is a prime. */
  @ParameterizedTest
  @ValueSource(ints = {262_143, 262_144, 262_145, 262_146, 262_147, 524_289, 524_290})
  void no_number_is_lost_between_segments(int n) throws InterruptedException {
    assertEquals(countByDivision(n), Integer.parseInt(executor.execute(Integer.toString(n))));
  }

  private static int countByDivision(int n) {
    int count = 0;
    for (int i = 2; i <= n; i++) {
      boolean prime = true;
      for (int d = 2; d * d <= i && prime; d++) {
        prime = i % d != 0;
      }
      count += prime ? 1 : 0;
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "ten", "1e6", "1000000001", "99999999999", "٣"})
  void anything_else_fails_for_good(String job) {
    String message = Thrown.message(PermanentJobFailure.class, () -> executor.execute(job));
    assertTrue(message.contains("from 0 to 1000000000"), message);
  }

  @Test
  void an_interrupt_ends_it_soon() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> executor.execute("1000000000"));
  }
}
