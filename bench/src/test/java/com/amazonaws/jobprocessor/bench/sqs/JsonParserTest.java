package com.amazonaws.jobprocessor.bench.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonParserTest {
  @Test
  void reads_what_requests_are_made_of() {
    JsonObject request =
        JsonParser.parse(
            """
            {"a": "x\\n\\u00e9\\ud83d\\ude80\\"\\/", "n": 12, "none": null, "t": true,
             "o": {"p": "q"}, "list": ["All", null], "entries": [{"Id": "1"}, {"Id": "2"}], "e": []}
            """);

    assertEquals("x\né🚀\"/", request.text("a"));
    assertEquals(12, request.number("n", 0));
    assertEquals(7, request.number("other", 7));
    assertNull(request.text("none"));
    assertEquals("true", request.text("t"));
    assertEquals("q", request.object("o").text("p"));
    assertEquals(List.of("All"), request.texts("list"));
    assertEquals(2, request.objects("entries").size());
    assertEquals(List.of(), request.texts("e"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{} x",
        "{\"a\":\"\\u12\"}",
        "{\"a"
      })
  void refuses_what_is_no_object(String text) {
    assertThrows(SqsError.class, () -> JsonParser.parse(text));
  }

  @Test
  void refuses_what_is_too_deep() {
    String deep = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
    assertThrows(SqsError.class, () -> JsonParser.parse(deep));
  }

  @Test
  void writes_what_it_reads() {
    String text = "\"\\\n\r\t\u0000\u001f é🚀/";
    String json = Json.member(new StringBuilder("{"), "a", text).append('}').toString();
    assertEquals(text, JsonParser.parse(json).text("a"));
  }
}
