package com.amazonaws.jobprocessor.work.room;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in line for slots, in the order in which they came: single ones, and packs, from which one
 * job after the other is taken; suspects in a line of their own, of which one runs at a time.
 * Guarded by the lock of {@link SlotQueue}.
 */
final class SlotLine {
  /** A single job or a pack: one of the two is there. */
  private record Place(@Nullable SlotRun run, @Nullable PackRun pack) {
    boolean isOver() {
      return pack != null && pack.waiting() == 0;
    }
  }

  private final ArrayDeque<Place> places = new ArrayDeque<>();
  private final List<PackRun> packs = new ArrayList<>();
  private final ArrayDeque<SlotRun> suspects = new ArrayDeque<>();
  private final int maxSuspects;
  private boolean suspectRuns;
  private boolean closed;

  /**
   * A line without jobs.
   *
   * @param maxSuspects how many suspects may wait
   */
  SlotLine(int maxSuspects) {
    this.maxSuspects = maxSuspects;
  }

  Offer offer(SlotRun run, long now) {
    if (closed) {
      return Offer.CLOSED;
    }
    if (run.isSuspect() && suspects.size() >= maxSuspects) {
      return Offer.TOO_MANY_SUSPECTS;
    }
    run.inLine(now);
    if (run.isSuspect()) {
      suspects.add(run);
    } else {
      places.add(new Place(run, null));
    }
    return Offer.TAKEN;
  }

  /** False if the line is closed. */
  boolean offer(PackRun pack, long now) {
    if (closed) {
      return false;
    }
    pack.inLine(now);
    places.add(new Place(null, pack));
    packs.add(pack);
    return true;
  }

  /** From now on nothing comes into it. */
  void close() {
    closed = true;
  }

  /** True if a suspect waits, and none runs. */
  boolean isSuspectNext() {
    return !suspectRuns && !suspects.isEmpty();
  }

  /** A suspect that had left the line has ended. */
  void suspectReturned() {
    suspectRuns = false;
  }

  /** The next job, which leaves the line, a suspect first; null if there is none. */
  @Nullable SlotRun poll() {
    if (isSuspectNext()) {
      suspectRuns = true;
      return suspects.poll();
    }
    for (Iterator<Place> line = places.iterator(); line.hasNext(); ) {
      Place place = line.next();
      PackRun pack = place.pack();
      SlotRun run = pack == null ? place.run() : pack.next();
      if (pack == null || place.isOver()) {
        line.remove();
        packs.remove(pack);
      }
      if (run != null) {
        return run;
      }
    }
    return null;
  }

  /** True if a slot would find a job. */
  boolean hasNext() {
    return isSuspectNext() || hasNextPlace();
  }

  private boolean hasNextPlace() {
    Place first = places.peek();
    while (first != null && first.isOver()) {
      places.remove();
      packs.remove(first.pack());
      first = places.peek();
    }
    if (first == null || first.pack() == null || !first.pack().isFull()) {
      return first != null;
    }
    for (Place place : places) {
      if (place.pack() == null || (!place.pack().isFull() && !place.isOver())) {
        return true;
      }
    }
    return false;
  }

  /** Jobs in line that take slots from others: without suspects. */
  int size() {
    int jobs = places.size() - packs.size();
    for (PackRun pack : packs) {
      jobs += pack.waiting();
    }
    return jobs;
  }

  /**
   * Takes those out that came before a moment, but for suspects and for packs of which a job has
   * begun.
   */
  List<SlotRun> takeBefore(long moment) {
    List<SlotRun> taken = new ArrayList<>();
    for (Iterator<Place> line = places.iterator(); line.hasNext(); ) {
      Place place = line.next();
      SlotRun run = place.run();
      PackRun pack = place.pack();
      if (run != null && run.inLineSince() - moment < 0) {
        taken.add(run);
        line.remove();
      } else if (pack != null && pack.inLineSince() - moment < 0 && !pack.hasBegun()) {
        taken.addAll(pack.takeAll());
        line.remove();
        packs.remove(pack);
      }
    }
    return taken;
  }

  /** Takes all jobs out. */
  List<SlotRun> takeAll() {
    List<SlotRun> taken = new ArrayList<>();
    for (Place place : places) {
      if (place.run() != null) {
        taken.add(place.run());
      }
      if (place.pack() != null) {
        taken.addAll(place.pack().takeAll());
      }
    }
    places.clear();
    packs.clear();
    taken.addAll(suspects);
    suspects.clear();
    return taken;
  }
}
