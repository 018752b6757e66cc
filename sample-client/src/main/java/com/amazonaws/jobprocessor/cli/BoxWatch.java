package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.fleet.Box;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Waits until the workers of launched boxes poll, or it is clear that they will not. */
final class BoxWatch {
  private static final Duration FIRST_LOOK = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /** EC2 shows what it has launched only after some seconds. */
  private static final String NOT_SHOWN = "EC2 does not show it";

  private final Boxes boxes;
  private final Stop stop;
  private final Duration look;
  private final Terminal.Progress progress;
  private final Set<String> ready = new TreeSet<>();
  private final Map<String, String> problems = new LinkedHashMap<>();
  private boolean isOnlyLate;

  BoxWatch(Boxes boxes, Stop stop, Terminal.Progress progress) {
    this(boxes, stop, FIRST_LOOK, progress);
  }

  /**
   * A watch.
   *
   * @param look how long to wait between two looks at first; later it grows
   */
  BoxWatch(Boxes boxes, Stop stop, Duration look, Terminal.Progress progress) {
    this.boxes = boxes;
    this.stop = stop;
    this.look = look;
    this.progress = progress;
  }

  /**
   * Watches boxes until each polls or has failed.
   *
   * @return why those do not poll that do not, by their ids; empty if all do
   * @throws Stop.Asked if the command is stopped
   */
  Map<String, String> await(List<String> ids, Duration timeout)
      throws CallFailed, InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    Map<String, String> waitFor = new LinkedHashMap<>();
    ids.forEach(id -> waitFor.put(id, NOT_SHOWN));
    long wait = look.toNanos();
    while (true) {
      look(waitFor);
      long left = end - System.nanoTime();
      if (waitFor.isEmpty() || left <= 0) {
        break;
      }
      if (stop.await(Duration.ofNanos(Math.min(wait, left)))) {
        throw new Stop.Asked();
      }
      wait = Math.min(LONGEST_WAIT.toNanos(), wait + wait / 4);
    }
    String late = "its worker has not started in " + timeout.toSeconds() + " s: ";
    isOnlyLate = problems.isEmpty() && !waitFor.isEmpty();
    waitFor.forEach((id, seen) -> problems.put(id, late + seen));
    return problems;
  }

  /** The boxes whose workers poll. */
  Set<String> ready() {
    return ready;
  }

  /** True if some do not poll as yet, and none has failed. */
  boolean isOnlyLate() {
    return isOnlyLate;
  }

  private void look(Map<String, String> waitFor) throws CallFailed, InterruptedException {
    for (Box box : reading(() -> boxes.find(new ArrayList<>(waitFor.keySet())))) {
      if (box.isUp()) {
        look(box, waitFor);
      } else {
        settle(waitFor, box.id());
        problems.put(box.id(), "it is " + box.state() + because(box) + said(box.id()));
      }
    }
  }

  private void look(Box box, Map<String, String> waitFor) throws CallFailed, InterruptedException {
    if (box.state() == Box.State.PENDING) {
      waitFor.put(box.id(), "it is pending");
      return;
    }
    ConsoleText console = console(box.id());
    if (console.isReady()) {
      ready.add(box.id());
      settle(waitFor, box.id());
    } else if (console.failure().isPresent()) {
      problems.put(box.id(), console.failure().get());
      settle(waitFor, box.id());
    } else {
      waitFor.put(
          box.id(),
          console.end().isEmpty()
              ? "it runs, and its console shows nothing yet"
              : "it runs, and its console ends with: " + console.end());
    }
  }

  private void settle(Map<String, String> waitFor, String id) {
    waitFor.remove(id);
    progress.step(1);
  }

  private static String because(Box box) {
    String reason = box.condition().reason();
    return reason.isEmpty() ? "" : " (" + reason + ")";
  }

  private String said(String id) throws CallFailed, InterruptedException {
    return console(id).failure().map(failure -> ": " + failure).orElse("");
  }

  private <T> T reading(Retry.Call<T> call) throws CallFailed, InterruptedException {
    return stop.reading(() -> new Retry(stop).call(call));
  }

  private ConsoleText console(String id) throws CallFailed, InterruptedException {
    return new ConsoleText(reading(() -> boxes.console(id)));
  }
}
