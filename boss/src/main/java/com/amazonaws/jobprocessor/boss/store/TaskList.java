package com.amazonaws.jobprocessor.boss.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of tasks that match a filter, by their ids or by their last changes, the newest first; made
 * for millions of them. What an index does not answer (text in names, an error together with a
 * worker, either in a list by changes) is looked for among a bounded number of rows, and the page
 * says how far it has looked.
 */
public final class TaskList {
  /** Rows that a page looks at, at most, where no index answers. */
  static final int MAX_SEARCHED = 10_000;

  private final Database database;

  /** The tasks of a database. */
  public TaskList(Database database) {
    this.database = database;
  }

  /** How a list is ordered. */
  public enum Order {
    CREATED,
    CHANGED;

    /** As a URL has it. */
    public String text() {
      return this == CREATED ? "created" : "changed";
    }
  }

  /**
   * What is asked for.
   *
   * @param older true: what comes after the place; false: what comes before it, towards the newest
   * @param place null for the beginning of the list
   */
  public record Wanted(
      TaskFilter filter, Order order, boolean older, @Nullable Place place, int limit) {}

  /**
   * A page.
   *
   * @param items in the order of the list, whichever way it was asked for
   * @param older where what is older begins; null at the list's end
   * @param newer where what is newer begins; null at the list's beginning
   * @param searched rows that were looked at without an index's help, before the search was given
   *     up for now; 0 if it was not
   */
  public record Page(
      List<Task> items, @Nullable Place older, @Nullable Place newer, long searched) {}

  /** A page of the list. */
  public Page page(Wanted wanted) {
    return database.read(
        handle -> {
          List<Stretch> stretches = new ArrayList<>();
          for (Branch branch : Branch.of(wanted)) {
            stretches.add(branch.read(handle, MAX_SEARCHED, wanted.limit() + 1));
          }
          return merge(wanted, stretches);
        });
  }

  /**
   * What a branch of the list has.
   *
   * @param tasks that match, in the way of the list
   * @param stop where the search was given up; null if it has come to its end, or has enough
   * @param searched rows, if it was a search
   */
  record Stretch(List<Task> tasks, @Nullable Place stop, long searched) {}

  private static Page merge(Wanted wanted, List<Stretch> stretches) {
    // In the way of the list: what comes first is the smallest.
    Comparator<Place> way = wanted.older() ? Place.ORDER.reversed() : Place.ORDER;
    Optional<Place> stop = stretches.stream().map(Stretch::stop).filter(Objects::nonNull).min(way);
    List<Task> all = new ArrayList<>();
    stretches.forEach(stretch -> all.addAll(stretch.tasks()));
    all.removeIf(task -> stop.isPresent() && way.compare(place(wanted, task), stop.get()) > 0);
    all.sort(Comparator.comparing(task -> place(wanted, task), way));
    boolean full = all.size() > wanted.limit();
    List<Task> items = new ArrayList<>(full ? all.subList(0, wanted.limit()) : all);
    Place more = full ? place(wanted, items.getLast()) : stop.orElse(null);
    Place back = items.isEmpty() ? wanted.place() : place(wanted, items.getFirst());
    long searched = full ? 0 : stretches.stream().mapToLong(Stretch::searched).sum();
    if (wanted.older()) {
      return new Page(items, more, wanted.place() == null ? null : back, searched);
    }
    return new Page(items.reversed(), back, more, searched);
  }

  private static Place place(Wanted wanted, Task task) {
    return place(wanted.order(), task);
  }

  /** Where a task is in a list. */
  public static Place place(Order order, Task task) {
    return new Place(order == Order.CHANGED ? task.changedAt() : null, task.id());
  }

  /** The tasks of a name, at most so many, the newest first. */
  public List<Task> named(String name, int limit) {
    TaskFilter filter =
        new TaskFilter(null, null, null, null, name, null, TaskFilter.Period.ALWAYS);
    return page(new Wanted(filter, Order.CREATED, true, null, limit)).items();
  }
}
