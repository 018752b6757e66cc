package com.amazonaws.jobprocessor.aws.lean;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CallLimitsIT {
  /** A process in which a job takes all of the heap again and again while calls begin and end. */
  static final class Full {
    private Full() {}

    private static volatile @Nullable Object @Nullable [] all;

    public static void main(String[] args) throws InterruptedException {
      CallLimits limits = new CallLimits();
      Thread watch =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("call-limits"))
              .findFirst()
              .orElseThrow();
      for (int i = 0; i < 20; i++) {
        fillTheHeapAndWake(watch);
      }
      CallLimits.Limited call = limits.begin(Duration.ofMillis(200));
      try {
        Thread.sleep(10_000);
      } catch (InterruptedException e) {
        // cut
      }
      System.out.print(call.end() ? "cut" : "never cut");
    }

    private static void fillTheHeapAndWake(Thread watch) {
      try {
        while (true) {
          all = new Object[] {all, new byte[64]};
        }
      } catch (OutOfMemoryError e) {
        for (int i = 0; i < 2000; i++) {
          LockSupport.unpark(watch); // as calls that begin do
        }
        all = null;
      }
    }
  }

  @Test
  void a_job_that_takes_all_of_the_heap_leaves_no_call_without_its_limit() throws Exception {
    assertEquals("cut", ChildJvm.run(List.of("-Xmx32m", "-XX:+UseG1GC"), Full.class).out());
  }
}
