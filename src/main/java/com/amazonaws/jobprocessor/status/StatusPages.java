package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.fleet.BoxesWatch;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.stats.QueueWatch;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.status.http.HttpListener;
import com.amazonaws.jobprocessor.status.http.Pace;
import com.amazonaws.jobprocessor.status.page.Assets;
import com.amazonaws.jobprocessor.status.page.Page;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What there is at which path, and who is told that somebody looks at it. */
public final class StatusPages {
  private static final int REQUESTS_A_SECOND = 50;
  private static final int REQUESTS_AT_ONCE = 20;

  /** A year is the longest that caches are told (RFC 9111 knows no "for ever"). */
  private static final Map<String, String> FOR_EVER =
      Map.of("Cache-Control", "public, max-age=31536000, immutable");

  private final Supplier<Snapshot> snapshots;
  private final QueueWatch queueWatch;
  private final @Nullable BoxesWatch boxesWatch;
  private final Map<String, Action> actions;

  /**
   * The pages of a worker.
   *
   * @param snapshots gives one within a second, whatever hangs
   * @param boxesWatch null if EC2 is not to be asked
   * @param actions the buttons, by path; empty for none
   */
  public StatusPages(
      Supplier<Snapshot> snapshots,
      QueueWatch queueWatch,
      @Nullable BoxesWatch boxesWatch,
      Map<String, Action> actions) {
    this.snapshots = snapshots;
    this.queueWatch = queueWatch;
    this.boxesWatch = boxesWatch;
    this.actions = Map.copyOf(actions);
  }

  /**
   * Starts to serve them.
   *
   * @param address an IP address
   * @param port 1 to 65,535
   * @param threads starts all threads of the server
   * @throws IOException if that is not possible there
   */
  public StatusServer serve(
      String address, int port, HttpListener.Threads threads, MonotonicClock clock)
      throws IOException {
    return new StatusServer(
        address,
        port,
        new StatusServer.Site(resources(clock), actions),
        threads,
        new Pace(REQUESTS_A_SECOND, REQUESTS_AT_ONCE, clock),
        clock);
  }

  private Map<String, Resource> resources(MonotonicClock clock) {
    Assets assets = Assets.load();
    Reply style = new Reply(200, Reply.CSS, assets.style(), FOR_EVER);
    Reply script = new Reply(200, Reply.SCRIPT, assets.script(), FOR_EVER);
    return Map.of(
        "/",
        lookedAt(new Recent(_ -> page(assets), clock)),
        assets.stylePath(),
        _ -> style,
        assets.scriptPath(),
        _ -> script,
        "/status.json",
        fetched(new Recent(new StatusJson(snapshots), clock)),
        "/metrics",
        fetched(new Recent(new MetricsPage(snapshots), MetricsPage::isOpenMetrics, clock)),
        "/livez",
        new Recent(Health.live(snapshots), clock),
        "/healthz",
        new Recent(Health.ready(snapshots), clock));
  }

  private Reply page(Assets assets) {
    return new Reply(200, Reply.HTML, Page.of(snapshots.get(), assets, !actions.isEmpty()));
  }

  /** Somebody wants numbers that are not old. */
  private Resource fetched(Resource numbers) {
    return accept -> {
      queueWatch.fetched();
      return numbers.get(accept);
    };
  }

  /** Somebody looks at the page, perhaps for a while. */
  private Resource lookedAt(Resource page) {
    return accept -> {
      queueWatch.lookedAt();
      if (boxesWatch != null) {
        boxesWatch.lookedAt();
      }
      return page.get(accept);
    };
  }
}
