package com.amazonaws.jobprocessor.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form, from a query or a body.
 *
 * @param fields by name; the first of several counts
 */
public record Form(Map<String, String> fields) {
  private static final int MAX_FIELDS = 20;

  /** Copies the fields. */
  public Form {
    fields = Map.copyOf(fields);
  }

  /**
   * Reads the usual encoding; what is not in it is left out, as are more fields than forms have.
   */
  static Form of(@Nullable String encoded) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (encoded != null) {
      for (String pair : encoded.split("&", MAX_FIELDS + 1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && fields.size() < MAX_FIELDS && pair.indexOf('&') < 0) {
          put(fields, pair.substring(0, equals), pair.substring(equals + 1));
        }
      }
    }
    return new Form(fields);
  }

  private static void put(Map<String, String> fields, String name, String value) {
    try {
      fields.putIfAbsent(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8));
    } catch (IllegalArgumentException e) {
      // no such code
    }
  }

  /** The value of a field; empty if there is none. */
  public String get(String name) {
    return fields.getOrDefault(name, "");
  }

  /** Nothing of the values: one may be a token. */
  @Override
  public String toString() {
    return "Form" + fields.keySet();
  }
}
