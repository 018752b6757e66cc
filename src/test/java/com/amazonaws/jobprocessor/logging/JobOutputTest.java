package com.amazonaws.jobprocessor.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobOutputTest {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final JobOutput output = new JobOutput(lines::add);
  private final PrintStream out = output.stream();

  @Test
  void each_line_is_a_line_of_the_log_whatever_ends_it() {
    out.println("one");
    out.print("two\r\nth");
    out.printf("ree%n");
    out.print('\n');
    out.print("four");

    assertEquals(List.of("one", "two", "three", ""), lines);
  }

  @Test
  void who_closes_it_does_not_end_it() {
    try (PrintWriter writer = new PrintWriter(out, false, UTF_8)) {
      writer.println("report");
    }
    out.close();
    out.println("next");

    assertEquals(List.of("report", "next"), lines);
    assertFalse(out.checkError());
  }

  @Test
  void a_line_that_is_not_ended_is_the_jobs_that_has_begun_it() {
    out.print("no end");
    output.endLine(Thread.currentThread());
    out.println("next");
    output.endLine(Thread.currentThread());

    assertEquals(List.of("no end", "next"), lines);
  }

  @Test
  void threads_that_print_by_turns_have_lines_of_their_own() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  out.print("other ");
                  begun.countDown();
                  try {
                    ended.await();
                  } catch (InterruptedException e) {
                    return;
                  }
                  out.println("thread");
                });
    begun.await();
    out.println("this thread");
    ended.countDown();
    other.join();

    assertEquals(List.of("this thread", "other thread"), lines);
  }

  @Test
  void at_the_end_nothing_that_was_begun_is_lost() throws Exception {
    Thread.ofPlatform().start(() -> out.print("gone")).join();
    out.print("here");
    output.endAll();

    assertEquals(List.of("gone", "here"), lines.stream().sorted().toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ü", "語", "😀"})
  void a_line_without_end_is_cut_at_characters_and_nothing_of_it_is_lost(String letter) {
    String text = "-" + letter.repeat(100_000 / letter.getBytes(UTF_8).length);
    out.print(text);
    out.println();

    assertEquals(text, String.join("", lines));
    assertTrue(lines.stream().allMatch(line -> line.getBytes(UTF_8).length <= 8 * 1024));
    assertTrue(lines.size() <= 14, () -> lines.size() + " lines");
  }

  @Test
  void bytes_that_are_no_text_come_to_an_end() {
    byte[] bytes = new byte[100_000];
    java.util.Arrays.fill(bytes, (byte) 0x80);
    out.write(bytes, 0, bytes.length);
    output.endAll();

    assertEquals(100_000, lines.stream().mapToInt(String::length).sum());
  }

  @Test
  void threads_without_end_that_begin_lines_do_not_fill_the_memory() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch printed = new CountDownLatch(1_200);
    for (int i = 0; i < 1_200; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                out.print("x");
                printed.countDown();
                try {
                  over.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }
    printed.await();
    int ended = lines.size();
    over.countDown();

    assertTrue(ended >= 200, () -> ended + " lines");
  }
}
