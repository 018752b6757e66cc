package com.amazonaws.jobprocessor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class JobFieldsTest {
  private static Map<String, String> fields(String text) {
    return JobFields.of(text).asMap();
  }

  private static String refusal(String text) {
    return String.valueOf(
        assertThrows(PermanentJobFailure.class, () -> JobFields.of(text), text).getMessage());
  }

  @Test
  void an_object_of_strings_is_read() {
    JobFields job = JobFields.of(" {\"from\" : \"a.tif\",\r\n\t\"to\":\"\"} ");

    assertEquals("a.tif", job.get("from"));
    assertEquals("", job.get("to"));
    assertEquals(List.of("from", "to"), List.copyOf(job.asMap().keySet()));
    assertEquals(Optional.empty(), job.find("other"));
    assertEquals("x", job.get("other", "x"));
    assertEquals(Map.of(), fields("{}"));
    assertEquals(Map.of("", "a"), fields("{\"\":\"a\"}"));
  }

  @Test
  void a_missing_field_fails_for_good_and_is_named() {
    JobFields job = JobFields.of("{}");
    assertEquals(
        "the job has no field \"from\"",
        assertThrows(PermanentJobFailure.class, () -> job.get("from")).getMessage());
  }

  @Test
  void escapes_are_those_of_json() {
    assertEquals(
        Map.of("a", "\"\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000"),
        fields("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00\\u0000\"}"));
    for (String broken :
        List.of("\\x", "\\u12", "\\u12g4", "\\u\uff11234", "\\ud800", "\\udc00\\ud800", "\\")) {
      assertTrue(
          refusal("{\"a\":\"" + broken + "\"}").startsWith("the job is not one JSON object"));
    }
    refusal("{\"a\":\"line\nfeed\"}");
    refusal("{\"a\":\"\ud800\"}");
  }

  @Test
  void numbers_and_booleans_are_the_text_that_stands_there() {
    assertEquals(
        Map.of("a", "1.50", "b", "-0", "c", "1E+400", "d", "true", "e", "false"),
        fields("{\"a\":1.50,\"b\":-0,\"c\":1E+400,\"d\":true,\"e\":false}"));
    for (String bad : List.of("01", "+1", "1.", ".5", "1e", "-", "0x1", "NaN", "truely", "TRUE")) {
      refusal("{\"a\":" + bad + "}");
    }
  }

  @Test
  void what_is_no_text_is_refused_and_named() {
    for (String bad : List.of("null", "{}", "[]", "{\"b\":\"c\"}")) {
      assertEquals(
          "the job is not one JSON object of texts: the value of \"a\" is no string, number, true or"
              + " false, at character 6",
          refusal("{\"a\":" + bad + "}"));
    }
  }

  @Test
  void a_name_that_comes_twice_is_refused_however_it_is_written() {
    assertEquals(
        "the job is not one JSON object of texts: the name \"a\" comes twice, at character 10",
        refusal("{\"a\":\"1\",\"\\u0061\":\"2\"}"));
  }

  @Test
  void text_that_is_no_object_is_refused() {
    for (String bad :
        List.of(
            "",
            " ",
            "text",
            "[]",
            "\"a\"",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":\"b\"",
            "{\"a\":\"b",
            "{\"a\":\"b\",}",
            "{,}",
            "{\"a\" \"b\"}",
            "{a:\"b\"}",
            "{'a':'b'}",
            "{\"a\":\"b\"} x",
            "{\"a\":\"b\"}{}",
            "\ufeff{}",
            "\u00a0{}",
            "{/**/}")) {
      refusal(bad);
    }
  }

  @Test
  void hostile_texts_cost_no_more_than_their_length() {
    String deep = "{\"a\":".repeat(200_000);
    String many =
        "{\"k\":\"" + "\\u0041".repeat(170_000) + "\"," + "\"x\":1,".repeat(1) + "\"y\":2}";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          refusal(deep);
          refusal("[".repeat(1_000_000));
          refusal("{\"a\":" + "9".repeat(1_000_000));
          assertEquals(170_000, fields(many).get("k").length());
        });
  }
}
