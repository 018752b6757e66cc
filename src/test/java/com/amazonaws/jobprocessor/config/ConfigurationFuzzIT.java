package com.amazonaws.jobprocessor.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever the text is: no exception, and each problem is one line. */
class ConfigurationFuzzIT {
  /** User data has at most so many bytes (EC2 quota). */
  private static final int LARGEST = 16 * 1024;

  private static final List<String> PARTS =
      List.of(
          "=",
          ",",
          "\n",
          "\\",
          "#",
          "#!",
          ".",
          " ",
          "\r",
          "\u0000",
          "\u2028",
          "٣",
          "\uD800",
          "-1",
          "concurrency",
          "secret_access_key",
          "executor.",
          "job_executor",
          "true",
          "99999999999",
          "results_queue_name",
          "q.fifo",
          "#job-processor:",
          "poll_rate_per_minute");

  private static void read(String text) {
    Configuration read = Read.bakedAndUserData(text, text);
    for (Problem problem : read.problems()) {
      assertOneLine(problem.key());
      assertOneLine(problem.message());
    }
    read.warnings().forEach(ConfigurationFuzzIT::assertOneLine);
    read.effective().forEach(row -> assertOneLine(row.key() + row.value() + row.note()));
    Configuration.refusedOnCommandLine(text).forEach(problem -> assertOneLine(problem.message()));
    if (read.problems().isEmpty()) {
      read.settings();
    }
  }

  private static void assertOneLine(String line) {
    assertFalse(
        line.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029),
        line);
  }

  @Test
  void random_bytes_are_refused_line_by_line() {
    Random random = new Random(25);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[random.nextInt(2_048)];
      random.nextBytes(bytes);
      read(new String(bytes, UTF_8));
    }
  }

  @Test
  void random_parts_of_the_grammar_are_read_or_refused() {
    Random random = new Random(26);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      random
          .ints(random.nextInt(40), 0, PARTS.size())
          .forEach(part -> text.append(PARTS.get(part)));
      read(text.toString());
    }
  }

  @Test
  void sixteen_kilobytes_of_anything_are_read() {
    for (String part : PARTS) {
      read(part.repeat(LARGEST / part.length()));
    }
    for (String start : List.of("concurrency=", "aws_region=", "job_executor=", "executor.")) {
      for (String part : List.of("9", "a", "a.", "a-", "\\", "\\,", "=")) {
        read(start + part.repeat(LARGEST / part.length()));
      }
    }
  }

  @Test
  void each_control_character_is_harmless_anywhere() {
    IntStream.rangeClosed(0, 0x9F)
        .filter(Character::isISOControl)
        .forEach(
            c -> {
              String control = Character.toString(c);
              read("aws_region=us" + control + "-east-1");
              read("conc" + control + "urrency=1");
              read("hello" + control + "world");
              read(control + "=" + control);
              Configuration.read(List.of(new Source("a" + control, "x=1," + control)), 1)
                  .problems()
                  .forEach(problem -> assertOneLine(problem.message()));
            });
  }
}
