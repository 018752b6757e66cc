package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Role;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages that every page leads to. */
final class Navigation {
  private final List<Entry> entries;

  /**
   * A page.
   *
   * @param role who may see it
   */
  record Entry(String name, String path, @Nullable Role role) {}

  /** Leads to those of the routes that are in it. */
  Navigation(List<Route> routes) {
    this.entries =
        Stream.of(
                "Overview /",
                "Tasks /tasks",
                "Operations /operations",
                "Failures /failures",
                "Workers /workers",
                "Costs /costs",
                "Checks /checks",
                "Hours /hours",
                "Users /users",
                "Log /actions")
            .map(text -> text.split(" ", 2))
            .flatMap(
                entry ->
                    routes.stream()
                        .filter(route -> route.method().equals(HandlerType.GET))
                        .filter(route -> route.path().equals(entry[1]))
                        .map(route -> new Entry(entry[0], entry[1], route.role())))
            .toList();
  }

  /** What somebody may see; nothing for a stranger. */
  List<Entry> of(@Nullable Session session) {
    return session == null
        ? List.of()
        : entries.stream()
            .filter(entry -> entry.role() == null || session.role().includes(entry.role()))
            .toList();
  }

  /** The entry that a path belongs to: {@code /tasks/7} to {@code /tasks}. */
  static boolean isIn(Entry entry, String path) {
    return path.equals(entry.path())
        || (!entry.path().equals("/") && path.startsWith(entry.path() + "/"));
  }
}
