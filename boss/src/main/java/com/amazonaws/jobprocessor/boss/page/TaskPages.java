package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.JobId;
import com.amazonaws.jobprocessor.boss.store.Operations.Kind;
import com.amazonaws.jobprocessor.boss.store.Passport;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Results.Result;
import com.amazonaws.jobprocessor.boss.store.Task;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A task with its passport, and what a person can do with it. */
final class TaskPages {
  private final Work work;
  private final Runnable news;

  TaskPages(Work work, Runnable news) {
    this.work = work;
    this.news = news;
  }

  List<Route> routes() {
    return List.of(
        Route.page("/tasks/{id}", this::show),
        Route.file("/tasks/{id}/payload", this::payload),
        Route.file("/tasks/{id}/runs/{run}/answer", this::answer),
        Route.operatorPage("/tasks/{id}/retry", visit -> ask(visit, Kind.RETRY)),
        Route.operatorPage("/tasks/{id}/cancel", visit -> ask(visit, Kind.CANCEL)),
        Route.action("/tasks/{id}/retry", this::retry),
        Route.action("/tasks/{id}/cancel", this::cancel));
  }

  /** What the template shows. */
  record Shown(
      Task task,
      String database,
      String payload,
      List<Tasks.Run> runs,
      Results.Newest newest,
      List<Passport.Change> changes) {
    /** Characters of a long text that are shown. */
    static final int CUT = 200;

    static final String NOT_STORED = "not what is stored";
    private static final String REPLACED = "replaced by a result";

    String jobId(int run) {
      return new JobId(database, task.id(), run).text();
    }

    List<Result> answers() {
      return newest.results();
    }

    /**
     * Whether what is stored is what the passport says came in, in words; empty if it is not read.
     */
    String stored(Passport.Change change) {
      boolean left =
          newest.leftOut() > 0 && answers().stream().allMatch(one -> one.run() > change.run());
      return left ? "" : isStored(change) ? "as stored" : hasResult(change) ? REPLACED : NOT_STORED;
    }

    /** True for a dead letter in whose place a result was stored later. */
    private boolean hasResult(Passport.Change change) {
      return change.state().equals(TaskState.FAILED.text())
          && answers().stream().anyMatch(one -> one.run() == change.run() && one.succeeded());
    }

    private boolean isStored(Passport.Change change) {
      return answers().stream()
          .filter(answer -> answer.run() == change.run())
          .anyMatch(answer -> Passport.digest(answer.body()).equals(change.digest()));
    }

    boolean can(Kind kind) {
      return TaskState.of(task.state()).filter(kind.states()::contains).isPresent();
    }
  }

  private Task find(Visit visit) {
    long id = visit.id("task");
    return work.tasks().find(id).orElseThrow(() -> Refused.notFound("task " + id));
  }

  private void show(Visit visit) {
    Task task = find(visit);
    Shown shown =
        new Shown(
            task,
            work.settings().databaseId(),
            work.tasks().payload(task.id()).orElse(""),
            work.tasks().runs(task.id()),
            work.results().newest(task.id()),
            work.views().passports().of(task.id()));
    visit.show("Task " + task.id(), "task.jte", Map.of("shown", shown));
  }

  private void payload(Visit visit) {
    Task task = find(visit);
    visit.text(work.tasks().payload(task.id()).orElse(""), "task-" + task.id() + "-payload.txt");
  }

  private void answer(Visit visit) {
    Task task = find(visit);
    String run = visit.request().pathParam("run");
    Result result =
        (run.matches("[1-9][0-9]{0,8}")
                ? work.results().of(task.id(), Integer.parseInt(run))
                : Optional.<Result>empty())
            .orElseThrow(() -> Refused.notFound("such answer"));
    visit.text(result.body(), "task-" + task.id() + "-run-" + result.run() + ".txt");
  }

  private void ask(Visit visit, Kind kind) {
    Task task = find(visit);
    boolean can = TaskState.of(task.state()).filter(kind.states()::contains).isPresent();
    visit.show(
        kind == Kind.RETRY ? "Run again?" : "Cancel?",
        "taskask.jte",
        Map.of("task", task, "kind", kind, "can", can));
  }

  private void retry(Visit visit) {
    Task task = find(visit);
    done(visit, task, work.tasks().retry(visit.session().user(), task.id()), "retried");
    news.run();
  }

  private void cancel(Visit visit) {
    Task task = find(visit);
    done(visit, task, work.tasks().cancel(visit.session().user(), task.id()), "cancelled");
  }

  private void done(Visit visit, Task task, boolean done, String notice) {
    if (!done) {
      throw new Refused(
          409,
          "Task "
              + task.id()
              + " is "
              + work.tasks().find(task.id()).map(Task::state).orElse("gone")
              + " by now; nothing was done.");
    }
    visit.seeOther("/tasks/" + task.id() + "?done=" + notice);
  }
}
