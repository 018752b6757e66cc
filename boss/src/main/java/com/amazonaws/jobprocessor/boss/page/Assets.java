package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.message.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The style sheet and the scripts, each at a path with its hash in it: what is there never changes,
 * so that browsers fetch it once.
 */
final class Assets {
  private static final String ROOT = "/assets/";
  private static final int HASH_DIGITS = 12;
  private static final String WEBJARS = "/META-INF/resources/webjars/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final Map<String, Asset> byName = new LinkedHashMap<>();
  private final String style;
  private final List<String> scripts;

  /** A file as it is sent. */
  static final class Asset {
    private final String type;
    private final byte[] bytes;

    private Asset(String type, byte[] bytes) {
      this.type = type;
      this.bytes = bytes;
    }

    String type() {
      return type;
    }

    InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }

  /** Those that come with the program. */
  Assets() {
    this.style = add("boss.css", "text/css; charset=utf-8", "boss.css");
    this.scripts =
        List.of(
            add("htmx.js", SCRIPT, WEBJARS + "htmx.org/2.0.10/dist/htmx.min.js"),
            add("sse.js", SCRIPT, WEBJARS + "htmx-ext-sse/2.2.2/sse.js"),
            add("boss.js", SCRIPT, "boss.js"));
  }

  private String add(String name, String type, String resource) {
    byte[] bytes = read(resource);
    int dot = name.lastIndexOf('.');
    String hash = Printable.sha256(bytes).substring(0, HASH_DIGITS);
    String hashed = name.substring(0, dot) + "-" + hash + name.substring(dot);
    byName.put(hashed, new Asset(type, bytes));
    return ROOT + hashed;
  }

  private static byte[] read(String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no " + resource + " on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<Asset> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The path of the style sheet. */
  String style() {
    return style;
  }

  /** The paths of the scripts, in the order in which they must run. */
  List<String> scripts() {
    return scripts;
  }
}
