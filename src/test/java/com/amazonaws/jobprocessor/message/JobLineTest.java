package com.amazonaws.jobprocessor.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobLineTest {
  @Test
  void a_line_has_a_job() throws UnreadableLine {
    assertEquals(
        new JobLine("a-1", "sum 1 2", 3),
        JobLine.read("{\"job_id\":\"a-1\",\"body\":\"sum 1 2\",\"attempts\":3}"));
    assertEquals(new JobLine(null, "x", 0), JobLine.read(" {\"body\":\"x\"}\t"));
    assertEquals(
        new JobLine(null, "x", 0),
        JobLine.read("{\"job_id\":null,\"attempts\":null,\"body\":\"x\"}"));
  }

  @Test
  void fields_that_nobody_knows_are_passed_over() throws UnreadableLine {
    assertEquals(
        new JobLine("a", "x", 0),
        JobLine.read("{\"z\":[{\"body\":5}],\"body\":\"x\",\"y\":{},\"job_id\":\"a\",\"n\":1e9}"));
  }

  @Test
  void an_id_that_no_job_may_have_is_read_as_it_is() throws UnreadableLine {
    assertEquals("", JobLine.read("{\"job_id\":\"\",\"body\":\"x\"}").jobId());
    assertEquals("a\tb", JobLine.read("{\"job_id\":\"a\\tb\",\"body\":\"x\"}").jobId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "7",
        "null",
        "[]",
        "{}",
        "{\"body\"}",
        "{\"body\":\"x\"",
        "{\"body\":\"x}",
        "{\"body\":\"x\"}}",
        "{\"body\":\"x\"}{\"body\":\"y\"}",
        "{\"body\":\"x\"} y",
        "{\"body\":\"x\",}",
        "{'body':'x'}",
        "{body:\"x\"}",
        "{\"body\":null}",
        "{\"body\":5}",
        "{\"body\":{\"a\":1}}",
        "{\"body\":\"\"}",
        "{\"body\":\"\\u0000\"}",
        "{\"body\":\"\\uD800\"}",
        "{\"body\":\"\\uDC00\\uD800\"}",
        "{\"body\":\"\\uFFFE\"}",
        "{\"body\":\"\\x\"}",
        "{\"body\":\"\\u12\"}",
        "{\"body\":\"x\",\"body\":\"y\"}",
        "{\"job_id\":5,\"body\":\"x\"}",
        "{\"job_id\":[\"a\"],\"body\":\"x\"}",
        "{\"body\":\"x\",\"attempts\":-1}",
        "{\"body\":\"x\",\"attempts\":1.0}",
        "{\"body\":\"x\",\"attempts\":1e3}",
        "{\"body\":\"x\",\"attempts\":\"1\"}",
        "{\"body\":\"x\",\"attempts\":1000001}",
        "{\"body\":\"x\",\"attempts\":99999999999999999999999999999999}",
        "{\"body\":\"x\",\"attempts\":true}",
        "{\"Body\":\"x\"}",
      })
  void what_is_no_job_is_unreadable(String line) {
    assertThrows(UnreadableLine.class, () -> JobLine.read(line));
  }

  @Test
  void deep_json_is_unreadable_and_no_overflow_of_the_stack() {
    String deep = "[".repeat(400_000);
    assertThrows(UnreadableLine.class, () -> JobLine.read("{\"z\":" + deep));
    assertThrows(UnreadableLine.class, () -> JobLine.read("{\"body\":" + deep));
    assertThrows(UnreadableLine.class, () -> JobLine.read(deep));
  }

  @Test
  void a_line_of_a_message_s_size_is_a_job() throws UnreadableLine {
    String body = "\u00e9".repeat(MessageFormat.MAX_BYTES / 2 - 10);
    assertEquals(body, JobLine.read("{\"body\":\"" + body + "\"}").body());
  }

  @Test
  void the_reason_quotes_nothing_of_the_line() {
    UnreadableLine unreadable =
        assertThrows(UnreadableLine.class, () -> JobLine.read("{\"body\":\"x\",\"a\":password9}"));
    assertEquals("the line is no JSON: see column 17", unreadable.getMessage());
  }

  @Test
  void what_is_written_is_read_again() throws UnreadableLine {
    Random random = new Random(17);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder body = new StringBuilder("x");
      random
          .ints(random.nextInt(40), 0x9, 0x11000)
          .filter(c -> MessageFormat.isSendable(Character.toString(c)))
          .forEach(body::appendCodePoint);
      JobLine line =
          new JobLine(random.nextBoolean() ? "id " + i : null, body.toString(), random.nextInt(3));
      String text = line.write();
      assertEquals(line, JobLine.read(text));
      assertEquals(-1, text.indexOf('\n'));
      assertTrue(MessageFormat.isSendable(text));
    }
  }

  @Test
  void a_line_written_anew_keeps_what_nobody_knows() throws UnreadableLine {
    assertEquals(
        "{\"job_id\":\"m/3\",\"attempts\":1,\"body\":\"x\",\"later\":[1]}",
        JobLine.rewrite("{\"body\":\"x\",\"later\":[1]}", "m/3", 1, null));
    assertEquals(
        " {\"attempts\" : 10 , \"job_id\":\"a\",\"body\":\"x\"}",
        JobLine.rewrite(" {\"attempts\" : 9 , \"job_id\":\"a\",\"body\":\"x\"}", "a", 10, null));
    assertEquals(
        "{\"job_id\":\"m/1\",\"body\":\"\\u00e9\"}",
        JobLine.rewrite("{\"body\":\"\\u00e9\"}", "m/1", 0, null));
    assertEquals(
        new JobLine("m/1", "x", 2),
        JobLine.read(
            JobLine.rewrite("{\"job_id\":null,\"attempts\":null,\"body\":\"x\"}", "m/1", 2, null)));
  }

  /** Of two fields of a name most readers take the last. */
  @Test
  void what_is_null_is_replaced_and_not_named_twice() throws UnreadableLine {
    assertEquals(
        "{\"body\":\"x\",\"attempts\": 2,\"job_id\":\"m/1\",\"job_origin\":\"m/1\"}",
        JobLine.rewrite(
            "{\"body\":\"x\",\"attempts\": null,\"job_id\":null,\"job_origin\":null}",
            "m/1",
            2,
            "m/1"));
    assertThrows(
        UnreadableLine.class,
        () -> JobLine.read("{\"job_id\":\"a\",\"body\":\"x\",\"job_id\":null}"));
  }

  @Test
  void where_a_job_first_stood_goes_with_it() throws UnreadableLine {
    String once = JobLine.rewrite("{\"body\":\"x\"}", "m/1", 1, "m/1");
    assertEquals(new JobLine("m/1", "x", 1, "m/1"), JobLine.read(once));
    assertEquals("m/1", JobLine.read(JobLine.rewrite(once, "m/1", 2, "n/7")).origin());
    assertEquals(null, JobLine.read("{\"body\":\"x\",\"job_origin\":{\"a\":1}}").origin());
    assertEquals(null, JobLine.read("{\"body\":\"x\",\"job_origin\":\"\\n\"}").origin());
  }

  @Test
  void an_id_by_default_says_message_and_line() {
    assertEquals("abc/12", JobLine.defaultId("abc", 12));
    assertTrue(MessageFormat.isJobId(JobLine.defaultId("8-4-4", 1)));
  }

  @Test
  void a_result_has_what_a_message_of_its_own_would_have() throws UnreadableLine {
    ResultLine line = new ResultLine("a", "7\n\"", 2, 1234, "m", "i-1");
    assertEquals(
        "{\"job_id\":\"a\",\"body\":\"7\\n\\\"\",\"attempts\":2,\"duration_millis\":1234,"
            + "\"job_message_id\":\"m\",\"worker_id\":\"i-1\"}",
        line.write());
    assertEquals(line, ResultLine.read(line.write()));
  }

  @Test
  void an_empty_result_says_so() throws UnreadableLine {
    ResultLine line = new ResultLine("a", "", 1, 0, "m", "w");
    assertTrue(line.write().contains("\"body\":\"\",\"empty_result\":true"), line.write());
    assertEquals(line, ResultLine.read(line.write()));
  }

  @Test
  void a_pack_is_known_by_its_attribute() {
    var attributes = PackFormat.attributes(7);
    assertTrue(PackFormat.isKnownPack(attributes));
    assertEquals(new Attribute("Number", "7", null), attributes.get(PackFormat.JOB_COUNT));
    assertNull(PackFormat.unmark(attributes).get(PackFormat.JOB_PACK));
  }
}
