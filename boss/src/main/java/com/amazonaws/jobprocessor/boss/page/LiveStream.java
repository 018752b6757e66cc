package com.amazonaws.jobprocessor.boss.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.store.Trouble;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Server-sent events (WHATWG HTML, section 9.2): the overview's live part, whenever there is a new
 * pulse. A browser that loses the stream asks for it again by itself.
 */
final class LiveStream {
  /** Streams at a time; who comes later has a page that does not refresh by itself. */
  static final int MAX_STREAMS = 200;

  /** Without news a comment is sent, so that a lost connection is noticed. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Pulses after which it is looked whether the session has ended. */
  private static final int CHECKED_EVERY = 5;

  private final Pulses pulses;
  private final Gate gate;
  private final Function<Pulse, String> html;
  private final Semaphore places = new Semaphore(MAX_STREAMS);

  /**
   * A stream.
   *
   * @param html of a pulse
   */
  LiveStream(Pulses pulses, Gate gate, Function<Pulse, String> html) {
    this.pulses = pulses;
    this.gate = gate;
    this.html = html;
  }

  /** Sends until the browser goes away, the session ends or the boss stops. */
  void serve(Visit visit) throws InterruptedException {
    if (!places.tryAcquire()) {
      visit.request().header("Retry-After", "30");
      throw new Refused(503, "Too many pages are watching already.");
    }
    pulses.join();
    try {
      send(visit);
    } catch (IOException e) {
      // The browser has gone.
    } finally {
      pulses.leave();
      places.release();
    }
  }

  private void send(Visit visit) throws IOException, InterruptedException {
    HttpServletResponse response = visit.request().res();
    response.setContentType("text/event-stream; charset=utf-8");
    // nginx would keep it back otherwise.
    response.setHeader("X-Accel-Buffering", "no");
    OutputStream out = response.getOutputStream();
    write(out, "retry: 2000\n\n");
    long seen = 0;
    for (int sent = 1; !pulses.isClosed(); sent++) {
      if (sent % CHECKED_EVERY == 0 && isOver(visit)) {
        write(out, "event: over\ndata: signed out\n\n");
        return;
      }
      Pulses.Beat beat = pulses.await(seen, PATIENCE);
      if (beat == null) {
        write(out, ":\n\n");
        continue;
      }
      seen = beat.number();
      // The page is newer than what was left of the time before it.
      if (!beat.pulse().at().isBefore(visit.now())) {
        write(out, event(html.apply(beat.pulse())));
      }
    }
  }

  /** While the database does not answer nobody knows, and there is no news to be sent. */
  private boolean isOver(Visit visit) {
    try {
      return !gate.isOpen(visit.session());
    } catch (RuntimeException e) {
      if (Trouble.of(e).isEmpty()) {
        throw e;
      }
      return false;
    }
  }

  private static String event(String html) {
    StringBuilder event = new StringBuilder(html.length() + 256).append("event: live\n");
    html.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
    return event.append('\n').toString();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }
}
