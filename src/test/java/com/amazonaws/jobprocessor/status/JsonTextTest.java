package com.amazonaws.jobprocessor.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  @Test
  void objects_lists_and_what_is_not_known() {
    String json =
        new JsonText()
            .object("a", () -> {})
            .list("b", List.of(), _ -> {})
            .numbers("c", List.of(1L, -2L))
            .text("d", null)
            .number("e", null)
            .flag("f", true)
            .end();

    assertEquals("{\"a\":{},\"b\":[],\"c\":[1,-2],\"d\":null,\"e\":null,\"f\":true}\n", json);
  }

  @Test
  void commas_stand_between_and_nowhere_else() {
    JsonText json = new JsonText();
    json.list("x", List.of("[", "{", ","), item -> json.text("y", item).number("z", 1));

    assertEquals(
        "{\"x\":[{\"y\":\"[\",\"z\":1},{\"y\":\"{\",\"z\":1},{\"y\":\",\",\"z\":1}]}\n",
        json.end());
  }

  @Test
  void numbers_are_plain_decimals() {
    assertEquals(
        "{\"a\":0.0000004,\"b\":90.500,\"c\":0.3333,\"d\":\"2026-01-02T03:04:05.678Z\"}\n",
        new JsonText()
            .number("a", new BigDecimal("4E-7"))
            .seconds("b", Duration.ofMillis(90_500))
            .share("c", 1 / 3.0)
            .time("d", Instant.parse("2026-01-02T03:04:05.678999Z"))
            .end());
  }

  @Test
  void a_parser_reads_back_whatever_text_was_written() throws Exception {
    Random random = new Random(16);
    ObjectMapper parser = new ObjectMapper();
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < 20; j++) {
        int c = random.nextInt(random.nextBoolean() ? 0x100 : 0x110000);
        text.appendCodePoint(c >= 0xD800 && c < 0xE000 ? '"' : c);
      }
      String json = new JsonText().text("a", text.toString()).end();
      assertEquals(text.toString(), parser.readTree(json).at("/a").asText(), json);
    }
  }
}
