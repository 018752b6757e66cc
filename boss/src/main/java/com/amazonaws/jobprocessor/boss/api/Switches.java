package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Starts, pauses and bounds the dispatch, and sets its hours. */
public final class Switches {
  private static final int MAX_BODY = 256 * 1024;

  private final Settings settings;
  private final Control control;
  private final Census census;
  private final InstantSource clock;
  private final Runnable news;

  /**
   * The switches.
   *
   * @param news called when there may be something to dispatch
   */
  public Switches(
      Settings settings, Control control, Census census, InstantSource clock, Runnable news) {
    this.settings = settings;
    this.control = control;
    this.census = census;
    this.clock = clock;
    this.news = news;
  }

  void dispatch(Context request) {
    Query.of(request);
    answerDispatch(request);
  }

  private void answerDispatch(Context request) {
    Settings.Dispatch set = settings.dispatch();
    Instant now = clock.instant();
    ObjectNode json = Json.object();
    json.put("paused", set.paused());
    json.put("open", set.hours().isOpen(now));
    json.put("next_opening", Json.time(set.hours().nextOpening(now).orElse(null)));
    json.put("next_closing", Json.time(set.hours().nextClosing(now).orElse(null)));
    json.put("per_minute", set.perMinute());
    json.put("dispatch_ahead", set.aheadMinutes());
    Census.Counts counts = census.counts();
    ObjectNode tasks = json.putObject("tasks");
    counts.total().forEach(tasks::put);
    json.put("counted_at", Json.time(counts.at()));
    request.contentType("application/json").result(Json.bytes(json));
  }

  void pause(Context request, boolean paused) {
    Query.of(request);
    control.pause(Api.who(request), paused);
    news.run();
    answerDispatch(request);
  }

  void pace(Context request) throws IOException {
    Query.of(request);
    ObjectNode body = body(request, Set.of("per_minute", "dispatch_ahead"));
    Settings.Dispatch set = settings.dispatch();
    control.setPace(
        Api.who(request),
        Json.number(body, "per_minute", set.perMinute(), 0, Control.MAX_PER_MINUTE),
        Json.number(body, "dispatch_ahead", set.aheadMinutes(), 1, Control.MAX_AHEAD_MINUTES));
    news.run();
    answerDispatch(request);
  }

  void hours(Context request) {
    Query.of(request);
    answerHours(request);
  }

  private void answerHours(Context request) {
    ProcessingHours hours = settings.dispatch().hours();
    ObjectNode json = Json.object();
    json.put("time_zone", hours.zone().getId());
    ArrayNode windows = json.putArray("windows");
    for (Window window : hours.windows()) {
      windows
          .addObject()
          .put("day", window.dayName())
          .put("from", window.from().toString())
          .put("to", window.toText());
    }
    request.contentType("application/json").result(Json.bytes(json));
  }

  void setHours(Context request) throws IOException {
    Query.of(request);
    ObjectNode body = body(request, Set.of("time_zone", "windows"));
    ZoneId zone = zone(Json.needText(body, "time_zone"));
    JsonNode windows = body.path("windows");
    if (!windows.isArray() || windows.size() > ProcessingHours.MAX_WINDOWS) {
      throw Problem.badRequest(
          "windows must be an array of at most " + ProcessingHours.MAX_WINDOWS);
    }
    List<Window> all = new ArrayList<>();
    List<Problem.Flaw> flaws = new ArrayList<>();
    for (JsonNode window : windows) {
      try {
        all.add(
            Window.parse(
                window.path("day").asText(""),
                window.path("from").asText(""),
                window.path("to").asText("")));
      } catch (DateTimeException e) {
        String at = "windows[" + (all.size() + flaws.size()) + "]";
        flaws.add(new Problem.Flaw(at, String.valueOf(e.getMessage())));
      }
    }
    if (!flaws.isEmpty()) {
      throw new Problem(422, "the hours are as they were: windows are wrong", flaws);
    }
    control.setHours(Api.who(request), new ProcessingHours(zone, all));
    news.run();
    answerHours(request);
  }

  private static ZoneId zone(String name) {
    if (!ZoneId.getAvailableZoneIds().contains(name)) {
      throw new Problem(
          422, "time_zone is none that is known here; an example is Europe/Berlin, another UTC");
    }
    return ZoneId.of(name);
  }

  private static ObjectNode body(Context request, Set<String> names) throws IOException {
    return Json.read(new BoundedInput(request.bodyInputStream(), MAX_BODY, ""), names);
  }
}
