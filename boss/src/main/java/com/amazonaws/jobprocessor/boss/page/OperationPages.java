package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.FilterText;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Operations.Cutoff;
import com.amazonaws.jobprocessor.boss.store.Operations.Kind;
import com.amazonaws.jobprocessor.boss.store.Operations.Operation;
import com.amazonaws.jobprocessor.boss.store.Operations.Preview;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskList.Order;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is done to all tasks that match: the question before, and how far it is. */
final class OperationPages {
  private static final int ROWS = 50;
  private static final int MAX_REASON = 1_000;

  private final Work work;
  private final Runnable news;

  OperationPages(Work work, Runnable news) {
    this.work = work;
    this.news = news;
  }

  List<Route> routes() {
    return List.of(
        Route.page("/operations", this::list),
        Route.operatorPage("/operations/new", this::ask),
        Route.action("/operations", this::create),
        Route.page("/operations/{id}", this::show),
        Route.page("/operations/{id}/progress", this::progress),
        Route.action("/operations/{id}/stop", this::stop));
  }

  private void list(Visit visit) {
    String after = visit.query("after");
    boolean first = !after.matches("[1-9][0-9]{0,17}");
    List<Operation> found =
        work.operations().before(first ? Long.MAX_VALUE : Long.parseLong(after), ROWS + 1);
    boolean more = found.size() > ROWS;
    List<Operation> shown = more ? found.subList(0, ROWS) : found;
    visit.show(
        "Operations",
        "operations.jte",
        Map.of(
            "operations", shown,
            "first", first,
            "next", more ? "/operations?after=" + shown.getLast().id() : ""));
  }

  /**
   * What is asked before.
   *
   * @param list where the tasks are listed
   */
  record Question(
      Kind kind, TaskFilter filter, Preview preview, String list, String reason, String wrong) {
    List<String> words() {
      return Filters.words(filter);
    }

    Map<String, String> fields() {
      return FilterText.values(filter);
    }

    long able() {
      return preview.able(kind);
    }
  }

  private static Kind kind(String text) {
    return Kind.of(text).orElseThrow(() -> new Refused(400, "Tasks can be retried or cancelled."));
  }

  private void ask(Visit visit) {
    ask(visit, 200, kind(visit.query("kind")), Filters.read(visit::query), null, "", "");
  }

  private void ask(
      Visit visit,
      int status,
      Kind kind,
      TaskFilter filter,
      @Nullable Cutoff cutoff,
      String reason,
      String wrong) {
    Question question =
        new Question(
            kind,
            filter,
            work.operations().preview(filter, cutoff),
            Filters.url(filter, Order.CREATED),
            reason,
            wrong);
    visit.show(
        status,
        kind == Kind.RETRY ? "Run all these again?" : "Cancel all these?",
        "operationask.jte",
        Map.of("question", question));
  }

  private void create(Visit visit) {
    Kind kind = kind(visit.field("kind"));
    TaskFilter filter = Filters.read(visit::field);
    Cutoff cutoff = cutoff(visit);
    if (FilterText.write(filter).length() > FilterText.MAX_KEPT) {
      throw new Refused(400, "The filter is too long for an operation.");
    }
    String reason = visit.field("reason").strip();
    if (reason.isEmpty() || reason.length() > MAX_REASON) {
      String wrong = "Say why, in at most 1,000 characters: the log keeps it.";
      ask(visit, 422, kind, filter, cutoff, reason, wrong);
      return;
    }
    long shown = shown(visit);
    long matching = work.operations().preview(filter, cutoff).matching();
    if (matching > shown) {
      String wrong =
          "More match than the page had said: "
              + Words.count(matching)
              + ", not "
              + Words.count(shown)
              + ". Some were on their way in.";
      ask(visit, 409, kind, filter, cutoff, reason, wrong);
      return;
    }
    Operation operation =
        work.operations()
            .create(
                visit.session().user(),
                new Operations.Wanted(
                    kind, filter, cutoff, Words.storable(reason), Operations.UNDO));
    news.run();
    visit.seeOther("/operations/" + operation.id());
  }

  /** What the page has shown: nothing that has come since. */
  private static Cutoff cutoff(Visit visit) {
    Instant at = Filters.time(visit.field("cutoff_at"), java.time.ZoneOffset.UTC);
    String task = visit.field("cutoff_task");
    if (at == null || !task.matches("[0-9]{1,18}")) {
      throw new Refused(400, "The form does not say what it was about. Open its page again.");
    }
    return new Cutoff(Long.parseLong(task), at);
  }

  /** How many tasks the page has said. */
  private static long shown(Visit visit) {
    String shown = visit.field("matching");
    if (!shown.matches("[0-9]{1,18}")) {
      throw new Refused(400, "The form does not say what it was about. Open its page again.");
    }
    return Long.parseLong(shown);
  }

  private Operation find(Visit visit) {
    long id = visit.id("operation");
    return work.operations().find(id).orElseThrow(() -> Refused.notFound("operation " + id));
  }

  private Map<String, Object> parameters(Operation operation) {
    TaskFilter filter = FilterText.read(operation.filter());
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("operation", operation);
    parameters.put("failures", work.operations().failures(operation.id()));
    parameters.put("words", Filters.words(filter));
    parameters.put("list", Filters.url(filter, Order.CREATED));
    return parameters;
  }

  private void show(Visit visit) {
    Operation operation = find(visit);
    visit.show("Operation " + operation.id(), "operation.jte", parameters(operation));
  }

  /** The part of the page that refreshes; at the end the whole page does, once. */
  private void progress(Visit visit) {
    Operation operation = find(visit);
    if (operation.isOver()) {
      visit.request().header("HX-Refresh", "true");
    }
    visit.part("progress.jte", Map.of("operation", operation, "now", visit.now()));
  }

  /** One button, whether it has begun meanwhile or not. */
  private void stop(Visit visit) {
    Operation operation = find(visit);
    String who = visit.session().user();
    long id = operation.id();
    if (work.operations().undo(who, id)) {
      visit.seeOther("/operations/" + id + "?done=undone");
    } else if (work.operations().stop(who, id)) {
      visit.seeOther("/operations/" + id + "?done=stopped");
    } else {
      throw new Refused(409, "Operation " + id + " is over already; nothing was changed.");
    }
  }
}
