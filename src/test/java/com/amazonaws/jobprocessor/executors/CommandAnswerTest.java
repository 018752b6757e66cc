package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandAnswerTest {
  private static CommandAnswer answer(String line) throws IOException {
    return answer(line, UTF_8);
  }

  /** As a line in memory and as a long one: they are read in the same way. */
  private static CommandAnswer answer(String line, Charset charset) throws IOException {
    byte[] bytes = ("...." + line + "....").getBytes(charset);
    int length = bytes.length - 8;
    CommandAnswer answer = CommandAnswer.of(bytes, 4, length, "job-1");
    assertEquals(answer, CommandAnswer.of(new ByteArrayInputStream(bytes, 4, length), "job-1"));
    return answer;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"result\":\"done\"} | done",
        "  {\"result\": \"done\"} | done",
        "{\"job_id\":\"job-1\",\"result\":\"done\"} | done",
        "{\"result\":\"done\",\"job_id\":null,\"error\":null,\"permanent\":null} | done",
        "{\"result\":\"done\",\"retry_after_secs\":null,\"more\":{\"result\":[1,2]}} | done",
        "{\"result\":\"gr\\u00fc\\u00dfe \\ud83d\\ude00 \\\"\\n\"} | ~grüße 😀 \"\n~",
        "{\"result\":\"grüße 😀\"} | grüße 😀",
        "{\"result\":\"\"} | ~~"
      })
  void a_result(String line, String result) throws IOException {
    assertEquals(result, answer(line).result());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"result\":null}", "{\"result\":null,\"error\":null}"})
  void no_result_is_one(String line) throws IOException {
    assertNull(answer(line).result());
  }

  @Test
  void an_error_is_for_now_for_good_or_for_later() throws IOException {
    CommandAnswer now = answer("{\"error\":\"no luck\",\"permanent\":false,\"result\":null}");
    assertEquals("no luck", Thrown.message(CommandFailed.class, now::result));

    CommandAnswer good =
        answer("{\"error\":\"bad job\",\"permanent\":true,\"retry_after_secs\":5}");
    assertEquals("bad job", Thrown.message(CommandFailedForGood.class, good::result));

    CommandAnswer later = answer("{\"error\":\"busy\",\"retry_after_secs\":2.5}");
    CommandFailedRetryAfter failure = assertThrows(CommandFailedRetryAfter.class, later::result);
    assertEquals("busy", failure.getMessage());
    assertEquals(Duration.ofMillis(2_500), failure.delay());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1e9,43200", "1e999,43200", "43201,43200", "3,3"})
  void a_retry_waits_for_twelve_hours_at_most(String seconds, long waits) throws IOException {
    CommandAnswer answer = answer("{\"error\":\"busy\",\"retry_after_secs\":" + seconds + "}");
    assertEquals(
        waits, assertThrows(CommandFailedRetryAfter.class, answer::result).delay().toSeconds());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "hello, world | not JSON in one line",
        "{\"result\":\"do | not JSON in one line",
        "{\"result\":NaN} | not JSON in one line",
        "{'result':'done'} | not JSON in one line",
        "{\"result\":\"a\tb\"} | not JSON in one line",
        "[\"done\"] | not a JSON object",
        "42 | not a JSON object",
        "\"done\" | not a JSON object",
        "{} | neither",
        "{\"error\":null} | neither",
        "{\"reslt\":\"done\"} | neither",
        "{\"result\":\"a\",\"error\":\"b\"} | both",
        "{\"result\":\"a\",\"result\":\"b\"} | two results",
        "{\"result\":42} | \"result\" is not a string",
        "{\"result\":{\"a\":1}} | \"result\" is not a string",
        "{\"error\":true} | \"error\" is not a string",
        "{\"error\":\"a\",\"permanent\":\"yes\"} | \"permanent\" is not true or false",
        "{\"error\":\"a\",\"retry_after_secs\":\"5\"} | \"retry_after_secs\" is not a number from 0",
        "{\"error\":\"a\",\"retry_after_secs\":-1} | \"retry_after_secs\" is not a number from 0",
        "{\"job_id\":\"job-2\",\"result\":\"a\"} | to the job \"job-2\"",
        "{\"job_id\":1,\"result\":\"a\"} | \"job_id\" is not a string",
        "{\"result\":\"a\"} {\"result\":\"b\"} | text after the answer",
        "{\"result\":\"a\"}, | not JSON in one line",
        "{\"result\":\"a\"} b | not JSON in one line"
      })
  void what_is_no_answer(String line, String says) {
    String message = Thrown.message(InvalidAnswer.class, () -> answer(line));
    assertTrue(message.contains(says), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"result\":\"grüße\"}", "\0\0\0{", "{\0\"\0"})
  void bytes_that_are_not_utf8_are_no_answer(String line) {
    assertThrows(InvalidAnswer.class, () -> answer(line, ISO_8859_1));
  }

  /** Overlong forms of "a", a surrogate, a number above Unicode's, half a character. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u00c1\u00a1b",
        "\u00e0\u0081\u00a1",
        "\u00ed\u00a0\u0080",
        "\u00f4\u0090\u0080\u0080",
        "x\u00c3"
      })
  void nor_are_bytes_that_another_reader_of_utf8_would_take(String text) {
    String line = "{\"result\":\"" + text + "\"}";
    byte[] bytes = line.getBytes(ISO_8859_1);
    String message =
        Thrown.message(
            InvalidAnswer.class, () -> CommandAnswer.of(bytes, 0, bytes.length, "job-1"));
    assertTrue(message.startsWith("the answer is not in UTF-8: \"{"), message);
    assertEquals(
        "the answer is not in UTF-8",
        Thrown.message(
            InvalidAnswer.class, () -> CommandAnswer.of(new ByteArrayInputStream(bytes), "job-1")));
  }

  @Test
  void a_byte_order_mark_does_not_count() throws IOException {
    assertEquals("a", answer("\uFEFF{\"result\":\"a\"}").result());
  }

  /** With its neighbours' answers it would not fit the heap. */
  @Test
  void a_text_that_is_too_long_is_refused_before_all_of_it_is_read() {
    AtomicLong read = new AtomicLong();
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] to, int offset, int length) {
            Arrays.fill(to, offset, offset + length, (byte) 'x');
            read.addAndGet(length);
            if (read.get() > 3L * Collected.MAX_RESULT) {
              throw new IllegalStateException("all of it is read");
            }
            return length;
          }
        };
    InputStream begin = new ByteArrayInputStream("{\"result\":\"".getBytes(UTF_8));
    assertThrows(
        ResultTooLarge.class,
        () -> CommandAnswer.of(new SequenceInputStream(begin, endless), "job-1"));
    assertTrue(read.get() < 1.2 * Collected.MAX_RESULT, () -> read + " bytes");
  }

  @Test
  void json_too_deep_is_no_answer() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThrows(InvalidAnswer.class, () -> answer("{\"x\":" + deep + ",\"result\":\"a\"}"));
  }

  @Test
  void the_message_has_the_beginning_in_words_that_can_be_printed() {
    String line = "\u001b[31m" + "ä".repeat(5_000) + "\0";
    String message =
        Thrown.message(
            InvalidAnswer.class,
            () -> CommandAnswer.of(line.getBytes(UTF_8), 0, line.getBytes(UTF_8).length, "job-1"));
    assertEquals("the answer is not JSON in one line: \"[31m" + "ä".repeat(196) + "...\"", message);
  }
}
