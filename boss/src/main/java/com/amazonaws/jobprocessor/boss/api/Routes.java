package com.amazonaws.jobprocessor.boss.api;

import static com.amazonaws.jobprocessor.boss.store.Tokens.Scope.ADMIN;
import static com.amazonaws.jobprocessor.boss.store.Tokens.Scope.OPERATE;
import static com.amazonaws.jobprocessor.boss.store.Tokens.Scope.READ;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;
import static io.javalin.http.HandlerType.PUT;

import com.amazonaws.jobprocessor.boss.api.Api.Route;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Views;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What the API answers to; {@code openapi.json} says the same, and a test holds the two together.
 */
public final class Routes {
  /** Pages of results and the like that are made at a time. */
  private static final int MAX_LARGE = 3;

  private final LargeAnswers large = new LargeAnswers(MAX_LARGE);

  /**
   * One of a million tasks takes seconds, and the next waits for it: they hold up each other only.
   */
  private final LargeAnswers workers = new LargeAnswers(MAX_LARGE);

  private final Uploads uploads;
  private final TaskPages tasks;
  private final Downloads downloads;
  private final Bodies bodies;
  private final Switches switches;
  private final Reports reports;
  private final Insights insights;
  private final PlanPages plans;
  private final Bulk bulk;
  private final TokenDesk tokens;

  /**
   * The data that answers are made of.
   *
   * @param payloads of results that are in S3
   * @param news called when there may be something to dispatch
   */
  public record Data(
      Tasks tasks,
      Results results,
      Census census,
      Operations operations,
      Tokens tokens,
      PayloadReader payloads,
      Runnable news) {}

  /** The routes. */
  public Routes(Data data, Views views, Switches switches, Reports reports, PlanPages plans) {
    this.uploads = new Uploads(data.tasks(), data.news());
    this.tasks = new TaskPages(data.tasks(), data.results(), views, data.news());
    this.downloads = new Downloads(data.results(), large);
    this.bodies = new Bodies(data.tasks(), data.results(), data.payloads());
    this.switches = switches;
    this.reports = reports;
    this.insights = new Insights(views);
    this.plans = plans;
    this.bulk = new Bulk(data.operations(), data.news());
    this.tokens = new TokenDesk(data.tokens());
  }

  List<Route> all() {
    return List.of(
        new Route(GET, "/openapi.json", null, Routes::openApi),
        new Route(POST, "/tasks", OPERATE, uploads::create),
        new Route(GET, "/tasks", READ, tasks::list),
        new Route(GET, "/tasks/{id}", READ, large.of(tasks::one)),
        new Route(GET, "/tasks/{id}/body", READ, large.of(bodies::answer)),
        new Route(POST, "/tasks/{id}/retry", OPERATE, tasks::retry),
        new Route(POST, "/tasks/{id}/cancel", OPERATE, tasks::cancel),
        new Route(GET, "/results", READ, downloads::answer),
        new Route(GET, "/dispatch", READ, switches::dispatch),
        new Route(PUT, "/dispatch", OPERATE, switches::pace),
        new Route(POST, "/dispatch/start", OPERATE, request -> switches.pause(request, false)),
        new Route(POST, "/dispatch/pause", OPERATE, request -> switches.pause(request, true)),
        new Route(GET, "/hours", READ, switches::hours),
        new Route(PUT, "/hours", OPERATE, switches::setHours),
        new Route(GET, "/reports/workers", READ, workers.of(insights::workers)),
        new Route(GET, "/reports/failures", READ, insights::failures),
        new Route(GET, "/invariants", READ, insights::invariants),
        new Route(GET, "/batches", READ, reports::batches),
        new Route(GET, "/batches/{id}", READ, reports::batch),
        new Route(GET, "/strays", READ, reports::strays),
        new Route(GET, "/strays/{id}/body", READ, large.of(bodies::stray)),
        new Route(GET, "/actions", READ, reports::actions),
        new Route(GET, "/plan", READ, plans::plan),
        new Route(GET, "/forecasts", READ, plans::forecasts),
        new Route(GET, "/nights", READ, plans::nights),
        new Route(GET, "/costs", READ, plans::costs),
        new Route(GET, "/webhooks", READ, plans::webhooks),
        new Route(GET, "/operations", READ, bulk::list),
        new Route(POST, "/operations", OPERATE, bulk::create),
        new Route(GET, "/operations/{id}", READ, bulk::one),
        new Route(POST, "/operations/{id}/stop", OPERATE, bulk::stop),
        new Route(POST, "/operations/{id}/undo", OPERATE, bulk::undo),
        new Route(GET, "/tokens", ADMIN, tokens::list),
        new Route(POST, "/tokens", ADMIN, tokens::create),
        new Route(POST, "/tokens/revoke", ADMIN, tokens::revoke));
  }

  private static void openApi(Context request) throws IOException {
    try (InputStream in = Routes.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is missing");
      }
      request.contentType("application/json").result(in.readAllBytes());
    }
  }
}
