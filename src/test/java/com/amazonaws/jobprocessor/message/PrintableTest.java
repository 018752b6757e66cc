package com.amazonaws.jobprocessor.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
  /** It is made of parts, none of which may end within a character. */
  @Test
  void the_digest_of_a_text_is_that_of_its_bytes() {
    String faces = "\ud83d\ude00".repeat(20_000);
    for (String text :
        new String[] {"", "a", "é".repeat(8_192), faces, "a" + faces, "aé" + faces}) {
      assertEquals(Printable.sha256(text.getBytes(UTF_8)), Printable.sha256(text));
    }
  }
}
