package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.work.WorkListener.Request;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;

class CarriersTest {
  private static void request(Carriers carriers, int times) {
    for (int i = 0; i < times; i++) {
      carriers.requested(Request.RECEIVE, 10, 600);
    }
  }

  @Test
  void a_warm_worker_takes_all_cores_once() {
    AtomicInteger taken = new AtomicInteger();
    Carriers carriers = new Carriers(taken::incrementAndGet);

    request(carriers, Carriers.WARM - 1);
    assertEquals(0, taken.get());

    request(carriers, Carriers.WARM);
    assertEquals(1, taken.get());
  }

  /** The scheduler of this JVM, which has all cores again at the end. */
  @Test
  void the_calls_of_a_warm_worker_run_on_as_many_threads_as_there_are_cores() {
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    scheduler.setParallelism(1);

    request(new Carriers(), Carriers.WARM);

    assertEquals(Runtime.getRuntime().availableProcessors(), scheduler.getParallelism());
  }
}
