package com.amazonaws.jobprocessor.status.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request without its body.
 *
 * @param method as it was sent: methods are case-sensitive
 * @param path decoded
 * @param query not decoded; null if there is none
 * @param headers by name in lower case, with all their values in order
 */
public record RequestHead(
    String method, String path, @Nullable String query, Map<String, List<String>> headers) {
  /** Copies the headers. */
  public RequestHead {
    headers = Map.copyOf(headers);
  }

  /** All values of a header, by its name in lower case. */
  public List<String> values(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** The first value of a header; empty if it is not there. */
  public String first(String name) {
    List<String> values = values(name);
    return values.isEmpty() ? "" : values.getFirst();
  }

  /** Whether something follows the head. */
  boolean hasBody() {
    return headers.containsKey("transfer-encoding")
        || !List.of("", "0").contains(first("content-length"));
  }

  /** Nothing of query and headers: some may be secrets. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
