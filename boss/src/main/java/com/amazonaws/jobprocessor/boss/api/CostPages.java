package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.WorkRun;
import com.amazonaws.jobprocessor.cost.Bill;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The first estimate of each run, and what it actually cost. */
final class CostPages {
  private static final int DOLLAR_DIGITS = 6;

  private final Costs costs;

  CostPages(Costs costs) {
    this.costs = costs;
  }

  void list(Context request) {
    Query query = Query.of(request, Query.PAGE);
    Reports.answer(
        request,
        query,
        costs.runs().before(query.after(Long.MAX_VALUE), query.limit()),
        this::node,
        WorkRun::id);
  }

  private ObjectNode node(WorkRun run) {
    ObjectNode json = Json.object();
    json.put("id", Long.toString(run.id()));
    json.put("began_at", Json.time(run.beganAt()));
    json.put("ended_at", Json.time(run.endedAt()));
    json.put("open_at_start", run.openAtStart());
    json.put("left_at_end", run.leftAtEnd());
    WorkRun.Planned planned = run.planned();
    if (planned == null) {
      json.putNull("estimate");
    } else {
      ObjectNode estimate = json.putObject("estimate");
      estimate.put("made_at", Json.time(planned.at()));
      estimate.put("done_at", Json.time(planned.doneAt()));
      estimate.put("boxes", planned.boxes());
      put(estimate, planned.boxSeconds(), planned.tasks());
      costs.estimated(run).ifPresent(bill -> put(estimate, bill));
    }
    ObjectNode actual = json.putObject("actual");
    actual.put("done_at", Json.time(run.doneAt()));
    actual.put("boxes", run.seen().workers());
    put(actual, run.seen().boxSeconds(), run.seen().answers());
    put(actual, costs.actual(run));
    json.put("error_seconds", error(planned == null ? null : planned.doneAt(), run.doneAt()));
    return json;
  }

  private static void put(ObjectNode json, double boxSeconds, long tasks) {
    json.put("box_seconds", boxSeconds);
    json.put("tasks", tasks);
  }

  private static void put(ObjectNode json, Bill bill) {
    json.put("dollars", new BigDecimal(bill.total().rounded(DOLLAR_DIGITS)));
    ArrayNode items = json.putArray("items");
    for (Bill.Line line : bill.lines()) {
      items
          .addObject()
          .put("item", line.item().key())
          .put("quantity", line.quantity())
          .put("dollars", new BigDecimal(line.cost().rounded(DOLLAR_DIGITS)));
    }
  }

  /** Positive if it came later than was said; null if nobody can tell. */
  static @Nullable Double error(@Nullable Instant said, @Nullable Instant came) {
    return said == null || came == null ? null : Duration.between(said, came).toMillis() / 1000.0;
  }
}
