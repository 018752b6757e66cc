package com.amazonaws.jobprocessor.status.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The page's style sheet and script, each at a path with its hash in it: what is there never
 * changes, so that browsers fetch it once.
 */
public record Assets(String style, String stylePath, String script, String scriptPath) {
  private static final int HASH_DIGITS = 12;

  /** Those that come with the program. */
  public static Assets load() {
    String style = read("page.css");
    String script = read("page.js");
    return new Assets(
        style, "/page-" + hash(style) + ".css", script, "/page-" + hash(script) + ".js");
  }

  private static String read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no " + name + " in the jar");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
