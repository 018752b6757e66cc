package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsoleTextTest {
  /** As systemd of Debian 13 writes it. */
  static final String READY =
      """
      [    1.700000] systemd[1]: Reached target network.target - Network.\r
      [\u001B[0;32m  OK  \u001B[0m] Started \u001B[0;1;39mssh.service\u001B[0m - OpenBSD Secure Shell server.\r
      [\u001B[0;32m  OK  \u001B[0m] Started \u001B[0;1;39mjob-processor.service\u001B[0m - Job processor: takes jobs from an SQS queue.\r

      Debian GNU/Linux 13 ip-10-0-0-1 ttyS0\r
      """;

  static final String REFUSED =
      """
               Starting job-processor.service - Job processor: takes jobs from an SQS queue...
      [   12.345678] job-processor[612]: concurency: unknown; did you mean concurrency?
      [   12.345679] job-processor[612]: poll_rate_per_min: "0" in user data is out of range
      [\u001B[0;1;31mFAILED\u001B[0m] Failed to start \u001B[0;1;39mjob-processor.service\u001B[0m - Job processor.
      See 'systemctl status job-processor.service' for details.
      """;

  @Test
  void a_unit_that_has_started_polls() {
    assertTrue(new ConsoleText(READY).isReady());
    assertEquals(Optional.empty(), new ConsoleText(READY).failure());
    assertTrue(
        new ConsoleText("[  OK  ] Started Job processor: takes jobs from an SQS queue.").isReady());
  }

  @Test
  void a_unit_that_failed_says_what_the_worker_said() {
    ConsoleText console = new ConsoleText(REFUSED);

    assertFalse(console.isReady());
    assertEquals(
        Optional.of(
            "concurency: unknown; did you mean concurrency?;"
                + " poll_rate_per_min: \"0\" in user data is out of range"),
        console.failure());
    assertEquals(
        Optional.of("its worker does not start"),
        new ConsoleText("[FAILED] Failed to start job-processor.service").failure());
  }

  @Test
  void the_last_word_counts() {
    assertTrue(new ConsoleText(REFUSED + READY).isReady());
    assertFalse(new ConsoleText(READY + REFUSED).isReady());
    assertEquals(Optional.empty(), new ConsoleText(REFUSED + READY).failure());
  }

  @Test
  void neither_is_known_at_first_and_the_end_is_shown() {
    ConsoleText console = new ConsoleText("one\n\n  two \nthree\nfour\n");

    assertFalse(console.isReady());
    assertEquals(Optional.empty(), console.failure());
    assertEquals("two | three | four", console.end());
    assertEquals("", new ConsoleText("").end());
    assertFalse(new ConsoleText("Started job-processor-cleanup.service").isReady());
  }

  @Test
  void a_worker_that_repeats_itself_is_quoted_once_and_shortly() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      text.append("[ 1.0] job-processor[7]: again\n[ 1.0] job-processor[7]: ")
          .append(i)
          .append('\n');
    }
    text.append("[FAILED] Failed to start job-processor.service\n");

    assertEquals(Optional.of("96; 97; 98; again; 99"), new ConsoleText(text.toString()).failure());
  }
}
