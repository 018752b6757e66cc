package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.JobId;
import com.amazonaws.jobprocessor.boss.store.Place;
import com.amazonaws.jobprocessor.boss.store.Task;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskList;
import com.amazonaws.jobprocessor.boss.store.TaskList.Order;
import com.amazonaws.jobprocessor.boss.store.TaskList.Page;
import com.amazonaws.jobprocessor.boss.store.TaskList.Wanted;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The list of tasks: filtered, page by page, and the search. */
final class TaskListPages {
  private static final int ROWS = 50;

  /** The list does not wait longer for the counts beside it. */
  private static final Duration SOON = Duration.ofMillis(250);

  /** New rows are counted up to this. */
  private static final int MAX_NEWS = 100;

  private final Work work;

  TaskListPages(Work work) {
    this.work = work;
  }

  List<Route> routes() {
    return List.of(Route.page("/tasks", this::list), Route.page("/task-news", this::news));
  }

  /**
   * What the template shows.
   *
   * @param news where new rows are asked for; empty on later pages
   * @param older the next page's URL, newer the one's before; empty if there is none
   * @param counts by state, all tasks; null where they are not shown, or not there in time
   */
  record Shown(
      TaskFilter filter,
      Order order,
      List<Task> tasks,
      String news,
      String older,
      String newer,
      long searched,
      Census.@Nullable Counts counts) {
    /** The URL of the list without a place. */
    String url() {
      return Filters.url(filter, order);
    }

    /** The URL of the tasks in a state that match otherwise. */
    String in(@Nullable TaskState state) {
      return Filters.url(filter.withState(state), order);
    }

    /** What is asked for beside the state. */
    boolean isPlain() {
      return filter.withState(null).isAll();
    }

    /** How many tasks are in a state; empty if that is not known. */
    String count(TaskState state) {
      return counts == null ? "" : Words.count(counts.total().getOrDefault(state.text(), 0L));
    }

    List<String> words() {
      return Filters.words(filter);
    }

    /** The question before something is done to all that match. */
    String operation(String kind) {
      String query = url().substring("/tasks".length()).replace("?", "&");
      return "/operations/new?kind=" + kind + query;
    }
  }

  private void list(Visit visit) {
    String find = visit.query("find");
    if (!find.isEmpty()) {
      visit.seeOther(find(find));
      return;
    }
    TaskFilter filter = Filters.read(visit::query);
    Order order = Filters.order(visit.query("order"), filter);
    Place before = Filters.place(visit.query("before"), order);
    Place after = Filters.place(visit.query("after"), order);
    boolean older = before == null;
    Page page =
        work.views().list().page(new Wanted(filter, order, older, older ? after : before, ROWS));
    if (!older && page.newer() == null) {
      // The beginning: a whole page, and the one that is told of what is new.
      visit.seeOther(Filters.url(filter, order));
      return;
    }
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("shown", shown(filter, order, page, older && after == null));
    visit.show("Tasks", "tasks.jte", parameters);
  }

  private Shown shown(TaskFilter filter, Order order, Page page, boolean first) {
    String url = Filters.url(filter, order);
    Place top =
        page.items().isEmpty()
            ? new Place(order == Order.CHANGED ? Instant.EPOCH : null, 0)
            : TaskList.place(order, page.items().getFirst());
    String news = first ? "/task-news" + Filters.with(url, "before", top.text()).substring(6) : "";
    return new Shown(
        filter,
        order,
        page.items(),
        news,
        link(url, "after", page.older()),
        first ? "" : link(url, "before", page.newer()),
        page.searched(),
        filter.withState(null).isAll() ? work.census().soon(SOON).orElse(null) : null);
  }

  private static String link(String url, String name, @Nullable Place place) {
    return place == null ? "" : Filters.with(url, name, place.text());
  }

  /** How many rows have come since the list was drawn: a part of its page. */
  private void news(Visit visit) {
    TaskFilter filter = Filters.read(visit::query);
    Order order = Filters.order(visit.query("order"), filter);
    Place place = Filters.place(visit.query("before"), order);
    Page page = work.views().list().page(new Wanted(filter, order, false, place, MAX_NEWS));
    int count = page.items().size();
    visit.part(
        "tasknews.jte",
        Map.of(
            "count",
            count + (page.newer() == null ? "" : " or more"),
            "any",
            count > 0,
            "what",
            order == Order.CHANGED ? "changed" : "new",
            "url",
            Filters.url(filter, order)));
  }

  /** Where a search leads: to the task of an id, a job's id or a name, else to a list. */
  private String find(String text) {
    Optional<Task> task = byId(text);
    if (task.isPresent()) {
      return "/tasks/" + task.get().id();
    }
    List<Task> named = work.views().list().named(text, 2);
    if (named.size() == 1) {
      return "/tasks/" + named.getFirst().id();
    }
    TaskFilter.Period always = TaskFilter.Period.ALWAYS;
    TaskFilter filter =
        named.isEmpty()
            ? new TaskFilter(null, null, null, null, null, text, always)
            : new TaskFilter(null, null, null, null, text, null, always);
    return Filters.url(filter, Order.CREATED);
  }

  private Optional<Task> byId(String text) {
    if (text.matches("[1-9][0-9]{0,17}")) {
      return work.tasks().find(Long.parseLong(text));
    }
    return JobId.parse(text)
        .filter(id -> Objects.equals(id.database(), work.settings().databaseId()))
        .flatMap(id -> work.tasks().find(id.task()));
  }
}
