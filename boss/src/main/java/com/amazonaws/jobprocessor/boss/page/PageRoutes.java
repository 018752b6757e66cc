package com.amazonaws.jobprocessor.boss.page;

import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pages there are. */
public final class PageRoutes {
  private PageRoutes() {}

  /**
   * The site.
   *
   * @param news called when there may be something to dispatch
   * @param address that the server listens on
   * @param publicUrl of a proxy before it; null if there is none
   */
  public static Pages site(
      Work work,
      People people,
      InstantSource clock,
      Runnable news,
      String address,
      @Nullable URI publicUrl) {
    Gate gate = new Gate(people.sessions(), address, publicUrl);
    Templates templates = new Templates();
    OverviewPages overview =
        new OverviewPages(work, work.throughput(), gate, templates, clock, news);
    List<Route> routes = new ArrayList<>(overview.routes());
    routes.addAll(new HoursPages(work, news).routes());
    routes.addAll(new NewTaskPages(work.tasks(), news).routes());
    routes.addAll(new UserPages(people, gate).routes());
    routes.addAll(new LoginPages(people, gate, clock).routes());
    routes.addAll(new ActionPages(people.actions()).routes());
    routes.addAll(new TaskListPages(work).routes());
    routes.addAll(new TaskPages(work, news).routes());
    routes.addAll(new OperationPages(work, news).routes());
    routes.addAll(new FailurePages(work.views()).routes());
    routes.addAll(new WorkerPages(work).routes());
    routes.addAll(new CostPages(work.costs()).routes());
    routes.addAll(new CheckPages(work.views(), work.results()).routes());
    return new Pages(routes, gate, templates, clock, overview);
  }
}
