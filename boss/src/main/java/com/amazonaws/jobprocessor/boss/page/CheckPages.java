package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Views;
import java.util.List;
import java.util.Map;

/** What must hold of the database, and whether it does. */
final class CheckPages {
  private final Views views;

  CheckPages(Views views) {
    this.views = views;
  }

  List<Route> routes() {
    return List.of(Route.page("/checks", this::show));
  }

  private void show(Visit visit) {
    visit.show("Checks", "checks.jte", Map.of("report", views.invariants().report()));
  }
}
