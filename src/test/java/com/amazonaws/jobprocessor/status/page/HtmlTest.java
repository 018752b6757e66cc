package com.amazonaws.jobprocessor.status.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  @Test
  void parts_are_text_unless_they_are_html() {
    Html inner = Html.of("<b>{}</b>", "a<b");

    assertEquals(
        "<p title=\"&quot;\">7 <b>a&lt;b</b></p>",
        text("<p title=\"{}\">{} {}</p>", "\"", 7, inner));
    assertEquals("{} &lt;i&gt;{}", text("{}", "{} <i>{}"), "a part has no places");
    assertThrows(IllegalArgumentException.class, () -> Html.of("{}"));
    assertThrows(IllegalArgumentException.class, () -> Html.of("", "part"));
  }

  private static String text(String markup, Object... parts) {
    return Html.of(markup, parts).toString();
  }

  @Test
  void what_strangers_write_is_cut_and_isolated() {
    assertEquals("<bdi>short</bdi>", Html.foreign("short", 5).toString());
    assertEquals("<bdi title=\"too long\">too\u2026</bdi>", Html.foreign("too long", 4).toString());
    assertEquals(
        "<bdi title=\"ab\ud83d\ude00cd\">ab\u2026</bdi>",
        Html.foreign("ab\ud83d\ude00cd", 4).toString(),
        "no half of a character");
    assertTrue(Html.foreign("<".repeat(1_000_000), 64).toString().length() < 10_000);
  }
}
