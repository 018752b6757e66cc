package com.amazonaws.jobprocessor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * No text depends on the JVM's default locale: machines read many of them, and an executor, or the
 * application around the client library, may set one that has digits of its own.
 */
class LocalesTest {
  /**
   * A conversion that a locale changes; {@code %s} writes a number as it is, and {@code %23f} is
   * part of a URL.
   */
  private static final Pattern LOCAL =
      Pattern.compile("%(?!2\\d)(?:\\d+\\$)?[-#+,(0]*\\d*(?:\\.\\d+)?[defgat]");

  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*\\*.*?\\*/|(?m)^ *//.*$");

  /** How far before a conversion its format's locale stands at most, in characters. */
  private static final int REACH = 200;

  /** The conversions of a source that stand behind no {@code Locale.ROOT}. */
  private static List<String> local(String name, String source) {
    List<String> found = new ArrayList<>();
    String code = COMMENT.matcher(source).replaceAll("");
    Matcher conversion = LOCAL.matcher(code);
    while (conversion.find()) {
      int at = conversion.start();
      if (!code.substring(Math.max(0, at - REACH), at).contains("Locale.ROOT")) {
        found.add(name + ": " + conversion.group());
      }
    }
    return found;
  }

  @Test
  void no_format_depends_on_the_default_locale() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : SourceSizesTest.sources()) {
      String name = SourceSizesTest.nameOf(source);
      if (!name.startsWith("bench/")) { // sets its own
        found.addAll(local(name, Files.readString(source)));
      }
    }

    assertEquals(List.of(), found);
  }

  @Test
  void what_depends_on_it_is_found() {
    for (String conversion :
        List.of("%d", "%,d", "%03d", "%-10d", "%.1f", "%10.3f", "%2$d", "%10d", "%08.3f")) {
      assertEquals(
          List.of("A.java: " + conversion),
          local("A.java", "\"Max-Age=" + conversion + ";\".formatted(seconds)"));
      assertEquals(
          List.of(), local("A.java", "String.format(Locale.ROOT, \"" + conversion + "\", n)"));
      assertEquals(List.of(), local("A.java", "  /** As {@code \"" + conversion + "\"}. */"));
    }
    assertEquals(List.of(), local("A.java", "\"%s: 100 %%, %04x\""));
  }
}
