package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.RetryAfter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers as servers send them, byte by byte: a result is unchanged and whole, or there is none.
 */
@Timeout(60)
class HttpPostAnswerIT {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private static String post(RawServer server) throws Exception {
    HttpPost executor = new HttpPost();
    executor.configure(Map.of("url", server.url()));
    return executor.execute("job", Jobs.job());
  }

  private static String result(String answer) throws Exception {
    try (RawServer server = RawServer.answering(answer)) {
      return post(server);
    }
  }

  private static String failure(Class<? extends Throwable> type, String answer) throws Exception {
    try (RawServer server = RawServer.answering(answer)) {
      return Thrown.message(type, () -> post(server));
    }
  }

  private static String answer(String headers, byte[] body) {
    return OK
        + headers
        + "Content-Length: "
        + body.length
        + "\r\n\r\n"
        + new String(body, ISO_8859_1);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain; charset=iso-8859-1          | ISO-8859-1",
        "text/plain;charset=\"ISO-8859-15\"      | ISO-8859-15",
        "application/json; Charset=UTF-16        | UTF-16",
        "text/plain; charset=utf-16le; q=1       | UTF-16LE",
        "text/html; charset='windows-1252'       | windows-1252",
        "text/plain; format=flowed; charset=utf8 | UTF-8",
        "text/plain; charset=                    | UTF-8",
        "application/octet-stream                | UTF-8",
        "nonsense                                | UTF-8"
      })
  void the_charset_that_the_answer_names_is_used(String type, String charset) throws Exception {
    byte[] body = "grüße".getBytes(Charset.forName(charset));
    assertEquals("grüße", result(answer("Content-Type: " + type + "\r\n", body)));
  }

  @Test
  void a_byte_order_mark_is_a_part_of_the_text_as_any_other() throws Exception {
    assertEquals("\uFEFFx", result(answer("", "\uFEFFx".getBytes(UTF_8))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                   | abc\u00FF  | UTF-8: byte 0xFF at offset 3",
        "                                   | ab\u00C3   | UTF-8: byte 0xC3 at offset 2",
        "Content-Type: image/png            | \u0089PNG  | UTF-8: byte 0x89 at offset 0",
        "Content-Type: a/b;charset=us-ascii | a\u00E9    | US-ASCII: byte 0xE9 at offset 1",
        "Content-Type: a/b;charset=cp1252   | a\u0081    | windows-1252: byte 0x81 at offset 1",
        "Content-Type: a/b;charset=utf-16be | abc        | UTF-16BE: byte 0x63 at offset 2",
        "Content-Type: a/b;charset=utf-16be | \u00D8\u0000\u0000a | UTF-16BE: byte 0xD8 at offset 0"
      })
  void what_is_no_text_in_its_charset_is_a_failure(String header, String body, String says)
      throws Exception {
    String headers = header == null ? "" : header + "\r\n";
    String message =
        failure(ResultNotText.class, answer(headers, body.strip().getBytes(ISO_8859_1)));
    assertEquals("the answer is not text in " + says, message);
  }

  @Test
  void an_offset_is_counted_over_all_of_a_long_answer() throws Exception {
    byte[] body = "ü".repeat(100_000).getBytes(UTF_8);
    body[150_001] = (byte) 0xFF;
    assertEquals(
        "the answer is not text in UTF-8: byte 0xC3 at offset 150000",
        failure(ResultNotText.class, answer("", body)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-unknown", "no/charset", "utf-7", "utf-8,utf-8"})
  void an_unknown_charset_is_a_failure_that_names_it(String charset) throws Exception {
    String message =
        failure(
            ResultNotText.class,
            answer("Content-Type: text/plain; charset=" + charset + "\r\n", new byte[] {'x'}));
    assertEquals("the answer has the charset \"" + charset + "\", which is unknown", message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "identity, gzip"})
  void an_answer_that_is_packed_unasked_is_unpacked(String coding) throws Exception {
    byte[] body = gzip("grüße".getBytes(UTF_8));
    assertEquals("grüße", result(answer("Content-Encoding: " + coding + "\r\n", body)));
  }

  @Test
  void a_packed_answer_that_cannot_be_unpacked_is_a_failure() throws Exception {
    byte[] whole = gzip("x".repeat(1_000).getBytes(UTF_8));
    byte[] cut = Arrays.copyOf(whole, whole.length - 9);
    for (byte[] body : new byte[][] {cut, "no gzip".getBytes(UTF_8), {0x1F}}) {
      String message = failure(ResultNotText.class, answer("Content-Encoding: gzip\r\n", body));
      assertTrue(message.startsWith("the answer cannot be unpacked as gzip"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "gzip, gzip", "zstd"})
  void another_encoding_is_a_failure_that_names_it(String coding) throws Exception {
    String message =
        failure(
            ResultNotText.class, answer("Content-Encoding: " + coding + "\r\n", new byte[] {'x'}));
    assertTrue(message.contains("Content-Encoding \"" + coding + "\""), message);
  }

  @Test
  void a_packed_answer_is_bounded_by_what_it_becomes() throws Exception {
    byte[] bomb = gzip(new byte[65 * MEBIBYTE]);
    String message = failure(ResultTooLarge.class, answer("Content-Encoding: gzip\r\n", bomb));
    assertEquals("the unpacked answer has more than 64 MiB", message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\nonly this",
        "Content-Length: 100\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "Transfer-Encoding: chunked\r\n\r\n50\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"
      })
  void an_answer_that_ends_early_is_a_failure(String rest) throws Exception {
    String message = failure(HttpNoAnswer.class, OK + rest);
    assertTrue(message.matches("no complete answer from http://127.0.0.1:\\d+/job: .+"), message);
  }

  /** The JDK's client tells of it in two ways, either of which may be the first. */
  @RepeatedTest(100)
  void the_status_of_a_failure_is_told_though_its_body_ends_early() throws Exception {
    String message =
        failure(
            HttpStatus.class,
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 100\r\n\r\nonly this");
    assertTrue(message.matches("HTTP status 500 from http://[^ ]+/job: only this"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "500 Internal Server Error,,HttpStatus",
    "400 Bad Request,,HttpStatusForGood",
    "503 Service Unavailable,Retry-After: 7,HttpStatusRetryAfter"
  })
  void so_it_is_if_the_rest_of_its_body_does_not_come_in_time(
      String status, @Nullable String header, String type) throws Exception {
    String head = "HTTP/1.1 " + status + (header == null ? "" : "\r\n" + header) + "\r\n";
    byte[] begin = (head + "Content-Length: 100\r\n\r\nonly this").getBytes(UTF_8);
    HttpPost executor = new HttpPost();
    Throwable thrown;
    try (RawServer server =
        RawServer.of(
            (connection, _) -> {
              connection.getOutputStream().write(begin);
              connection.getInputStream().read(); // until the client gives up
            })) {
      executor.configure(
          Map.of("url", server.url(), "read_timeout_in_secs", "1", "permanent_statuses", "400"));
      thrown = assertThrows(Exception.class, () -> executor.execute("job", Jobs.job()));
    }
    assertEquals(type, thrown.getClass().getSimpleName());
    String message = String.valueOf(thrown.getMessage());
    String code = status.substring(0, 3);
    assertTrue(
        message.matches("HTTP status " + code + " from http://[^ ]+/job: only this"), message);
    if (thrown instanceof RetryAfter later) {
      assertEquals(Duration.ofSeconds(7), later.delay());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caf\u00C3\u00A9                       |                    | : café",
        "caf\u00E9                             | charset=iso-8859-1 | : café",
        "caf\u00E9                             | charset=x-unknown  | : caf",
        "\u0089\u0090\u0091                    |                    | ''"
      })
  void of_a_failure_is_told_what_can_be_read(String body, String charset, String says)
      throws Exception {
    String type = charset == null ? "" : "Content-Type: text/plain; " + charset + "\r\n";
    String message =
        failure(HttpStatus.class, "HTTP/1.1 500 Oops\r\n" + type + "\r\n" + body.strip());
    assertTrue(message.endsWith("/job" + says), message);
  }

  @Test
  void a_packed_failure_is_told_by_its_status() throws Exception {
    String body = new String(gzip("no disk".getBytes(UTF_8)), ISO_8859_1);
    String message =
        failure(HttpStatus.class, "HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\n\r\n" + body);
    assertTrue(message.endsWith("/job"), message);
  }

  @Test
  void chunks_without_an_announced_length_and_a_body_up_to_the_end_are_taken() throws Exception {
    assertEquals(
        "hello world",
        result(
            OK
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: x\r\n\r\n"));
    assertEquals("hello", result("HTTP/1.0 200 OK\r\n\r\nhello"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"204 No Content\r\n", "205 Reset Content\r\nContent-Length: 0\r\n", "200 OK\r\n"})
  void an_answer_without_a_body_is_an_empty_result(String head) throws Exception {
    assertEquals("", result("HTTP/1.1 " + head + "\r\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
  void what_comes_before_the_answer_is_passed_over(String interim) throws Exception {
    assertEquals(
        "done",
        result(
            "HTTP/1.1 " + interim + "\r\nLink: </x>\r\n\r\n" + answer("", "done".getBytes(UTF_8))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        "garbage\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\ndone"
      })
  void what_is_no_answer_is_a_failure_of_this_attempt(String bytes) throws Exception {
    String message = failure(HttpNoAnswer.class, bytes);
    assertTrue(message.startsWith("no complete answer from "), message);
  }

  @Test
  void an_answer_of_64_mebibytes_is_taken_and_more_is_a_failure() throws Exception {
    try (RawServer server =
        RawServer.of((connection, _) -> send(connection.getOutputStream(), 64))) {
      String result = post(server);
      assertEquals(64 * MEBIBYTE, result.length());
      assertTrue(result.endsWith("xy"));
    }
    try (RawServer server =
        RawServer.of((connection, _) -> send(connection.getOutputStream(), 200))) {
      assertEquals(
          "the answer has more than 64 MiB",
          Thrown.message(ResultTooLarge.class, () -> post(server)));
    }
  }

  private static void send(OutputStream out, int mebibytes) throws IOException {
    out.write(OK.getBytes(UTF_8));
    out.write("Connection: close\r\n\r\n".getBytes(UTF_8));
    byte[] part = "x".repeat(MEBIBYTE).getBytes(UTF_8);
    for (int i = 1; i <= mebibytes; i++) {
      part[MEBIBYTE - 1] = (byte) (i == mebibytes ? 'y' : 'x');
      out.write(part);
    }
  }
}
