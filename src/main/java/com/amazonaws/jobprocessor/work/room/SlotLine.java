package com.amazonaws.jobprocessor.work.room;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in line for slots, in the order in which they came: single ones, and packs, from which one
 * job after the other is taken. Not for several threads.
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

  void add(SlotRun run) {
    places.add(new Place(run, null));
  }

  void add(PackRun pack) {
    places.add(new Place(null, pack));
    packs.add(pack);
  }

  /** The next job, which leaves the line; null if there is none. */
  @Nullable SlotRun poll() {
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

  /** Jobs in line. */
  int size() {
    int jobs = places.size() - packs.size();
    for (PackRun pack : packs) {
      jobs += pack.waiting();
    }
    return jobs;
  }

  /** Takes those out that came before a moment, but for packs of which a job has begun. */
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
    return taken;
  }
}
