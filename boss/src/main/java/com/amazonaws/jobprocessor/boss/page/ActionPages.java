package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Actions.Action;
import java.util.List;
import java.util.Map;

/** The log of actions: who did what, the newest first. */
final class ActionPages {
  private static final int PAGE = 50;

  private final Actions actions;

  ActionPages(Actions actions) {
    this.actions = actions;
  }

  List<Route> routes() {
    return List.of(Route.page("/actions", this::list));
  }

  private void list(Visit visit) {
    String after = visit.query("after");
    boolean first = !after.matches("[1-9][0-9]{0,17}");
    List<Action> found = actions.before(first ? Long.MAX_VALUE : Long.parseLong(after), PAGE + 1);
    boolean more = found.size() > PAGE;
    List<Action> shown = more ? found.subList(0, PAGE) : found;
    visit.show(
        "Log",
        "actions.jte",
        Map.of(
            "actions", shown,
            "first", first,
            "next", more ? "/actions?after=" + shown.getLast().id() : ""));
  }
}
