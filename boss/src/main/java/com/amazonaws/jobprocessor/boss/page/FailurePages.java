package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Failures;
import com.amazonaws.jobprocessor.boss.store.FilterText;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskList.Order;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import com.amazonaws.jobprocessor.boss.store.Views;
import java.util.List;
import java.util.Map;

/** The failed tasks by their errors. */
final class FailurePages {
  private final Views views;

  FailurePages(Views views) {
    this.views = views;
  }

  List<Route> routes() {
    return List.of(Route.page("/failures", this::show));
  }

  private void show(Visit visit) {
    visit.show("Failures", "failures.jte", Map.of("report", views.failures().report()));
  }

  private static TaskFilter of(Failures.Group group) {
    return new TaskFilter(TaskState.FAILED, null, group.error(), null);
  }

  /** Where the tasks of a group are listed. */
  static String list(Failures.Group group) {
    return Filters.url(of(group), Order.CREATED);
  }

  /** The question before they are run again. */
  static String retry(Failures.Group group) {
    return "/operations/new?kind=retry&" + FilterText.write(of(group));
  }
}
