package com.amazonaws.jobprocessor.status.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HtmlTest {
  @Test
  void markup_is_text() {
    assertEquals(
        "&lt;script&gt;alert(&quot;a&quot;,&#39;b&#39;)&lt;/script&gt; &amp;amp;",
        Html.escape("<script>alert(\"a\",'b')</script> &amp;"));
  }

  @Test
  void what_would_turn_the_text_around_it_is_made_visible() {
    assertEquals("a[U+202e]gpj.exe", Html.escape("a\u202egpj.exe"));
    assertEquals("[U+2066]x[U+2069][U+200f]", Html.escape("\u2066x\u2069\u200f"));
    assertEquals("\u05d0\u05d1", Html.escape("\u05d0\u05d1"));
  }

  @Test
  void control_characters_and_halves_of_characters_are_replaced() {
    assertEquals("a\uFFFDb\uFFFDc\uFFFD", Html.escape("a\u0000b\u001bc\ud800"));
    assertEquals("\ud83d\ude00\n\t", Html.escape("\ud83d\ude00\n\t"));
  }
}
