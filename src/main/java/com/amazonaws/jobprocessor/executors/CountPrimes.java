package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Counts the prime numbers up to the job's number, 0 to 1,000,000,000: an example that needs a core
 * and little memory (a sieve of Eratosthenes in segments). Anything but such a number fails for
 * good. Takes no settings.
 */
public final class CountPrimes implements JobExecutor {
  private static final int LARGEST = 1_000_000_000;
  private static final int SEGMENT = 1 << 18;

  /** For the executor loader. */
  public CountPrimes() {}

  @Override
  public String execute(String jobDefinition) throws InterruptedException {
    String number = jobDefinition.strip();
    if (!number.matches("[0-9]{1,10}") || Long.parseLong(number) > LARGEST) {
      throw new PermanentJobFailure(
          "not a job for CountPrimes: allowed is a whole number from 0 to " + LARGEST);
    }
    return Integer.toString(count(Integer.parseInt(number)));
  }

  private static int count(int n) throws InterruptedException {
    int[] small = primesUpTo((int) Math.sqrt(n) + 1);
    int count = 0;
    for (long from = 2; from <= n; from += SEGMENT) {
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped after the numbers below " + from);
      }
      count += countSegment(from, Math.min(n, from + SEGMENT - 1), small);
    }
    return count;
  }

  private static int countSegment(long from, long to, int[] small) {
    int size = (int) (to - from + 1);
    BitSet composite = new BitSet(size);
    for (int prime : small) {
      long first = Math.max((long) prime * prime, (from + prime - 1) / prime * prime);
      for (long multiple = first; multiple <= to; multiple += prime) {
        composite.set((int) (multiple - from));
      }
    }
    return size - composite.cardinality();
  }

  private static int[] primesUpTo(int n) {
    BitSet composite = new BitSet(n + 1);
    int[] primes = new int[n + 1];
    int count = 0;
    for (int i = 2; i <= n; i++) {
      if (!composite.get(i)) {
        primes[count++] = i;
        for (long multiple = (long) i * i; multiple <= n; multiple += i) {
          composite.set((int) multiple);
        }
      }
    }
    return Arrays.copyOf(primes, count);
  }
}
