package com.amazonaws.jobprocessor.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SoakTest {
  /** As the JVM prints it. */
  @Test
  void both_generations_of_the_serial_collector_count() {
    String heapInfo =
        """
        4711:
        DefNew     total 10176K, used 905K [0x0000000687400000, 0x0000000687f00000, 0x0000000704d50000)
         eden space 9088K,   9% used [0x0000000687400000, 0x00000006874e2530, 0x0000000687ce0000)
        Tenured    total 22492K, used 13493K [0x0000000704d50000, 0x0000000706347000, 0x0000000800000000)
         the  space 22492K,  59% used [0x0000000704d50000, 0x0000000705a7d500, 0x0000000706347000)
        """;
    assertEquals(905 + 13_493, Soak.heapKilobytes(heapInfo.lines().toList()));
  }

  @Test
  void other_heaps_are_one() {
    String heapInfo =
        """
        garbage-first heap   total reserved 6172672K, committed 28672K, used 13256K [0x0000000687400000)
         region size 4096K, 1 young (4096K), 0 survivors (0K)
        """;
    assertEquals(13_256, Soak.heapKilobytes(heapInfo.lines().toList()));
  }
}
