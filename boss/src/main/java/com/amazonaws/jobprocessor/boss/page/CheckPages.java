package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Views;
import java.util.List;
import java.util.Map;

/** What must hold of the database, and whether it does. */
final class CheckPages {
  private static final int STRAYS = 50;

  private final Views views;
  private final Results results;

  CheckPages(Views views, Results results) {
    this.views = views;
    this.results = results;
  }

  List<Route> routes() {
    return List.of(Route.page("/checks", this::show), Route.file("/strays/{id}/body", this::stray));
  }

  private void show(Visit visit) {
    visit.show(
        "Checks",
        "checks.jte",
        Map.of(
            "report",
            views.invariants().report(),
            "strays",
            results.strays(Long.MAX_VALUE, STRAYS)));
  }

  private void stray(Visit visit) {
    long id = visit.id("answer");
    Results.Body body = results.strayBody(id).orElseThrow(() -> Refused.notFound("such answer"));
    visit.text(body.text(), "stray-" + id + ".txt");
  }
}
