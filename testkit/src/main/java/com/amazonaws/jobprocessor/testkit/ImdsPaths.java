package com.amazonaws.jobprocessor.testkit;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What the paths of {@link FakeImds} answer, and the lists of what lies in their folders. */
final class ImdsPaths {
  private final Map<String, String> bodies = new ConcurrentSkipListMap<>();

  void set(String path, String body) {
    bodies.put(path, body);
  }

  void remove(String path) {
    bodies.remove(path);
  }

  /** What a path answers, with or without a slash at its end; null if there is nothing. */
  @Nullable String body(String path) {
    String body = bodies.get(path);
    if (body == null) {
      body = bodies.get(path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/");
    }
    return body == null ? list(path.endsWith("/") ? path : path + "/") : body;
  }

  /**
   * What lies in a folder, a name a line, folders with a slash at their end; null if there is none.
   */
  private @Nullable String list(String folder) {
    Set<String> names = new TreeSet<>();
    for (String path : bodies.keySet()) {
      if (path.startsWith(folder) && path.length() > folder.length()) {
        int slash = path.indexOf('/', folder.length());
        names.add(path.substring(folder.length(), slash < 0 ? path.length() : slash + 1));
      }
    }
    return names.isEmpty() ? null : String.join("\n", names);
  }
}
