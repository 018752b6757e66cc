package com.amazonaws.jobprocessor.status;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request for something that acts.
 *
 * @param isPost true for a POST, false for a GET or HEAD
 * @param query the fields in its address
 * @param form the fields in its body; none of a GET
 * @param headers by name in lower case
 */
public record Request(
    boolean isPost, String path, Form query, Form form, Map<String, List<String>> headers) {
  /** Copies the headers. */
  public Request {
    Map<String, List<String>> copy = new TreeMap<>();
    headers.forEach((name, values) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    headers = Map.copyOf(copy);
  }

  /** The value of a header; null if it is not there, several joined by a comma. */
  public @Nullable String header(String name) {
    List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? null : String.join(",", values);
  }

  /** Nothing of the headers and the fields: some may be secrets. */
  @Override
  public String toString() {
    return (isPost ? "POST " : "GET ") + path;
  }
}
