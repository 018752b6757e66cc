package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Throughput;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The first page: how it stands, what goes on, and the switch of the dispatch. */
final class OverviewPages implements AutoCloseable {
  private final Work work;
  private final Runnable news;
  private final Pulses pulses;
  private final LiveStream stream;

  /**
   * Pages.
   *
   * @param html makes the live part alone
   * @param news called when there may be something to dispatch
   */
  OverviewPages(
      Work work,
      Throughput throughput,
      Gate gate,
      Templates html,
      InstantSource clock,
      Runnable news) {
    this.work = work;
    this.news = news;
    this.pulses = new Pulses(work, throughput, clock);
    this.stream =
        new LiveStream(pulses, gate, pulse -> html.render("live.jte", Map.of("pulse", pulse)));
  }

  List<Route> routes() {
    return List.of(
        Route.page("/", this::overview),
        Route.stream("/live", stream::serve),
        Route.operatorPage("/dispatch/start", visit -> ask(visit, false)),
        Route.operatorPage("/dispatch/pause", visit -> ask(visit, true)),
        Route.action("/dispatch/start", visit -> set(visit, false)),
        Route.action("/dispatch/pause", visit -> set(visit, true)));
  }

  private void overview(Visit visit) {
    visit.show("Overview", "overview.jte", Map.of("pulse", pulses.take()));
  }

  private void ask(Visit visit, boolean pause) {
    visit.show(
        pause ? "Pause the dispatch?" : "Start processing?",
        "switch.jte",
        Map.of("pulse", pulses.take(), "pause", pause));
  }

  private void set(Visit visit, boolean pause) {
    work.control().pause(visit.session().user(), pause);
    news.run();
    visit.seeOther(pause ? "/?done=paused" : "/?done=started");
  }

  /** Ends all streams. */
  @Override
  public void close() {
    pulses.close();
  }
}
