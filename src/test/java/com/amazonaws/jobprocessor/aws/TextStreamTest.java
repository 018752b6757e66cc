package com.amazonaws.jobprocessor.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextStreamTest {
  private static void isRead(String text) throws IOException {
    assertArrayEquals(text.getBytes(UTF_8), new TextStream(text).readAllBytes());
  }

  @Test
  void a_text_is_read_as_its_bytes_in_utf_8() throws Exception {
    for (String text : List.of("", "a", "\u0000", "é", "中", "🚀", "a\r\nb\uffff")) {
      isRead(text);
    }
  }

  @Test
  void no_character_is_cut_where_a_piece_ends() throws Exception {
    for (String character : List.of("é", "中", "🚀")) {
      for (int before = 0; before < 3; before++) {
        isRead("x".repeat(before) + character.repeat(20_000));
      }
    }
  }

  @Test
  void it_may_be_read_in_any_steps() throws Exception {
    Random random = new Random(1);
    String text = "a é 中 🚀".repeat(5_000);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream in = new TextStream(text);
    byte[] buffer = new byte[20_000];
    int last = 0;
    while (last >= 0) {
      if (random.nextBoolean()) {
        last = in.read();
        read.write(last >= 0 ? new byte[] {(byte) last} : new byte[0]);
      } else {
        int offset = random.nextInt(100);
        last = in.read(buffer, offset, random.nextInt(buffer.length - offset));
        read.write(buffer, offset, Math.max(last, 0));
      }
    }

    assertArrayEquals(text.getBytes(UTF_8), read.toByteArray());
    assertEquals(-1, in.read());
    assertEquals(-1, in.read(buffer));
    assertEquals(0, in.read(buffer, 0, 0));
  }

  @Test
  void what_utf_8_cannot_say_is_not_read_as_something_else() {
    for (String text : List.of("\ud800", "a\udc00b", "x".repeat(8191) + "\ud800")) {
      assertThrows(CharacterCodingException.class, () -> new TextStream(text).readAllBytes());
    }
  }
}
