package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.plan.Plan;
import com.amazonaws.jobprocessor.boss.store.Forecasts;
import com.amazonaws.jobprocessor.boss.store.Forecasts.Forecast;
import com.amazonaws.jobprocessor.boss.store.Hooks;
import com.amazonaws.jobprocessor.boss.store.Night;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The plan, what it has said before and what came; the nights and their boxes; the webhooks. */
public final class PlanPages {
  private static final int DOLLAR_DIGITS = 4;

  private final Supplier<Outlook> outlooks;
  private final Forecasts forecasts;
  private final Nights nights;
  private final Hooks hooks;
  private final CostPages costs;

  /** Pages of a database. */
  public PlanPages(
      Supplier<Outlook> outlooks, Forecasts forecasts, Nights nights, Hooks hooks, Costs costs) {
    this.costs = new CostPages(costs);
    this.outlooks = outlooks;
    this.forecasts = forecasts;
    this.nights = nights;
    this.hooks = hooks;
  }

  void plan(Context request) {
    Query.of(request);
    Outlook outlook = outlooks.get();
    Plan plan = outlook.plan();
    ObjectNode json = Json.object();
    json.put("at", Json.time(outlook.at()));
    json.put("closes_at", Json.time(outlook.closes()));
    json.put("open_tasks", outlook.load().open());
    json.put("mean_seconds", outlook.load().meanSeconds());
    json.put("boxes", outlook.pace().boxes());
    json.put("tasks_per_second", outlook.pace().perSecond());
    json.put("done_at", Json.time(plan.doneAt()));
    json.put("left_at_end", plan.leftAtEnd());
    Plan.Needed needed = plan.needed();
    if (needed == null) {
      json.putNull("needed");
    } else {
      json.putObject("needed")
          .put("boxes", needed.boxes())
          .put("in_time", needed.inTime())
          .put("done_at", Json.time(needed.doneAt()))
          .put("dollars", dollars(needed.cost().rounded(DOLLAR_DIGITS)));
    }
    request.contentType("application/json").result(Json.bytes(json));
  }

  private static @Nullable BigDecimal dollars(@Nullable String text) {
    return text == null ? null : new BigDecimal(text);
  }

  void forecasts(Context request) {
    Query query = Query.of(request, Query.PAGE);
    Reports.answer(
        request,
        query,
        forecasts.before(query.after(Long.MAX_VALUE), query.limit()),
        PlanPages::node,
        Forecasts.Kept::id);
  }

  private static ObjectNode node(Forecasts.Kept kept) {
    Forecast forecast = kept.forecast();
    ObjectNode json = Json.object();
    json.put("id", Long.toString(kept.id()));
    json.put("made_at", Json.time(kept.madeAt()));
    json.put("closes_at", Json.time(forecast.closes()));
    json.put("open_tasks", forecast.open());
    json.put("mean_seconds", forecast.meanSeconds());
    json.put("boxes", forecast.boxes());
    json.put("tasks_per_second", forecast.perSecond());
    json.put("done_at", Json.time(forecast.doneAt()));
    json.put("left_at_end", forecast.left());
    json.put("boxes_needed", forecast.needed());
    json.put("dollars", dollars(forecast.dollars()));
    json.put("actual_done_at", Json.time(kept.actualDoneAt()));
    json.put("actual_left_at_end", kept.actualLeft());
    json.put("error_seconds", CostPages.error(forecast.doneAt(), kept.actualDoneAt()));
    return json;
  }

  void costs(Context request) {
    costs.list(request);
  }

  void nights(Context request) {
    Query query = Query.of(request, Query.PAGE);
    Reports.answer(
        request,
        query,
        nights.before(query.after(Long.MAX_VALUE), query.limit()),
        PlanPages::node,
        Night::id);
  }

  private static ObjectNode node(Night night) {
    ObjectNode json = Json.object();
    json.put("id", Long.toString(night.id()));
    json.put("opened_at", Json.time(night.openedAt()));
    json.put("closes_at", Json.time(night.closesAt()));
    json.put("open_at_start", night.openAtStart());
    json.put("drained_at", Json.time(night.drainedAt()));
    json.put("left_at_end", night.leftAtEnd());
    json.put("boxes_state", Nights.text(night.brought().state()));
    json.put("boxes", night.brought().boxes());
    json.put("boxes_note", night.brought().note());
    return json;
  }

  void webhooks(Context request) {
    Query query = Query.of(request, Query.PAGE);
    Reports.answer(
        request,
        query,
        hooks.before(query.after(Long.MAX_VALUE), query.limit()),
        PlanPages::node,
        Hooks.Row::id);
  }

  private static ObjectNode node(Hooks.Row row) {
    ObjectNode json = Json.object();
    json.put("id", Long.toString(row.id()));
    json.put("event", row.event());
    json.put("state", row.state());
    json.put("attempts", row.attempts());
    json.put("last_error", row.lastError());
    json.put("created_at", Json.time(row.createdAt()));
    json.put("changed_at", Json.time(row.changedAt()));
    return json;
  }
}
