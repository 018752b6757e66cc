package com.amazonaws.jobprocessor.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OldGarbageTest {
  private static final long MIB = 1L << 20;

  private final FakeHeap heap = new FakeHeap();
  private final OldGarbage garbage = new OldGarbage(heap);

  private static final class FakeHeap implements OldGarbage.Heap {
    private long fresh;
    private long old;
    private long live;
    private int collections;

    @Override
    public long used() {
      return fresh + old;
    }

    @Override
    public long neglected() {
      return old;
    }

    @Override
    public void collect() {
      collections++;
      fresh = 0;
      old = live;
    }
  }

  private int collectionsAt(long old) {
    heap.old = old;
    garbage.look();
    return heap.collections;
  }

  @Test
  void a_small_heap_is_left_alone() {
    assertEquals(0, collectionsAt(64 * MIB));
    assertEquals(1, collectionsAt(64 * MIB + 1));
    assertEquals(1, collectionsAt(64 * MIB));
  }

  @Test
  void what_is_in_use_for_long_must_double_before_the_next_look() {
    heap.live = 100 * MIB;
    assertEquals(1, collectionsAt(120 * MIB));
    assertEquals(1, collectionsAt(200 * MIB));
    assertEquals(2, collectionsAt(200 * MIB + 1));
    heap.live = 10 * MIB;
    assertEquals(3, collectionsAt(201 * MIB));
    assertEquals(4, collectionsAt(65 * MIB), "it is small again");
  }

  /** Such as with a large first heap, which is new for the most part. */
  @Test
  void what_is_new_is_left_to_the_collector() {
    heap.fresh = 1_000 * MIB;
    assertEquals(0, collectionsAt(64 * MIB));
  }

  /** The way of a JVM with jobs of 50 KB: of 2 GB each piece is in use for 10 MB's time. */
  @Test
  void a_serial_heap_stays_small_while_pieces_grow_old_and_go() throws Exception {
    long most = mostUsed();

    assertTrue(most < 128 * MIB, most + " bytes were in use");
  }

  private static String classPath() throws URISyntaxException {
    List<String> entries = new ArrayList<>();
    for (Class<?> type : List.of(Pieces.class, OldGarbage.class)) {
      entries.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  private static long mostUsed() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms24m",
                "-Xmx1g",
                "-XX:NewSize=12m",
                "-cp",
                classPath(),
                Pieces.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    return Long.parseLong(said);
  }

  /** Prints how many bytes of heap were in use at most. */
  static final class Pieces {
    private Pieces() {}

    public static void main(String[] args) {
      OldGarbage garbage = new OldGarbage();
      byte[][] inUse = new byte[200][];
      long most = 0;
      for (int i = 0; i < 40_000; i++) {
        inUse[i % inUse.length] = new byte[50_000];
        if (i % 10 == 0) {
          garbage.look();
          Runtime runtime = Runtime.getRuntime();
          most = Math.max(most, runtime.totalMemory() - runtime.freeMemory());
        }
      }
      System.out.println(most);
    }
  }
}
