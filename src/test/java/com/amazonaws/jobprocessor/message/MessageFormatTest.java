package com.amazonaws.jobprocessor.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageFormatTest {
  /** The rule as the API reference of SendMessage has it. */
  private static boolean allowed(int c) {
    return c == 0x9
        || c == 0xA
        || c == 0xD
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }

  @Test
  void every_character_of_unicode_is_judged_as_sqs_does() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String text = "a" + Character.toString(c) + "b";
      assertEquals(allowed(c), MessageFormat.isSendable(text), Integer.toHexString(c));
      assertTrue(MessageFormat.isSendable(MessageFormat.sendable(text)), Integer.toHexString(c));
    }
    assertEquals("a\ufffdb\ufffd", MessageFormat.sendable("a\u0000b\ud800"));
  }

  @Test
  void bytes_are_those_of_utf_8() {
    for (String text : new String[] {"", "abc", "é", "€", "🚀", "a🚀é€"}) {
      assertEquals(text.getBytes(UTF_8).length, MessageFormat.utf8Length(text));
    }
    assertEquals(
        1 + "nä".getBytes(UTF_8).length + 6 + 2,
        MessageFormat.size("x", Map.of("nä", Attribute.of("é"))));
  }

  @Test
  void a_cut_falls_between_characters() {
    assertEquals("a", MessageFormat.cut("aé", 2));
    assertEquals("aé", MessageFormat.cut("aé", 3));
    assertEquals("", MessageFormat.cut("🚀", 3));
    assertEquals("🚀", MessageFormat.cut("🚀", 4));
  }

  @Test
  void a_job_id_has_1_to_256_printable_characters() {
    assertFalse(MessageFormat.isJobId(""));
    assertTrue(MessageFormat.isJobId("🚀".repeat(256)));
    assertFalse(MessageFormat.isJobId("a".repeat(257)));
    assertTrue(MessageFormat.isJobId("with blank é 東"));
    for (String bad :
        new String[] {"a\nb", "\t", "\u007f", "\u0085", "\u202e", "\u2028", "\ud800", "\ufffe"}) {
      assertFalse(MessageFormat.isJobId(bad));
    }
  }
}
