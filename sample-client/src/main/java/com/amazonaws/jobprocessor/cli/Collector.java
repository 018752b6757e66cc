package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.read.Strangers;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Takes results out of their queue: those that are wanted, each once. */
final class Collector {
  /** Of results without an end so many are remembered at least, of which no copy is printed. */
  static final int REMEMBERED = 500_000;

  /** Without a goal the queue counts as empty when nothing has come for so long. */
  private static final Duration EMPTY = Duration.ofSeconds(20);

  /** What is done with results. */
  interface Sink {
    /**
     * Prints a result.
     *
     * @param message that carries it
     * @throws Bucket.Unusable if its payload cannot be had: it stays in the queue
     */
    void print(Delivery message, JobResult result) throws Bucket.Unusable, InterruptedException;

    /** A result whose payload cannot be had. */
    void unreadable(String jobId, String problem);

    /** A part of a pack that is no result; the message stays in the queue. */
    void unreadable(Delivery pack, JobResult.Unreadable part);

    /** Sees to it that what was printed is written; what is not must not be deleted. */
    void flush();

    /** Deletes the payloads of results that are deleted. */
    void deleted(List<Delivery> results) throws InterruptedException;

    /** So many more are there. */
    void found(int results);
  }

  /**
   * What is wanted.
   *
   * @param ids of the jobs whose results are wanted; null for those of all jobs
   * @param count of results of different jobs after which it ends; -1 if it ends with the queue
   * @param keep true if the results stay in the queue
   */
  record Goal(Set<String> ids, int count, boolean keep) {
    /** True if it is not known of which, or of how many, jobs the results come. */
    boolean isEndless() {
      return ids == null && (count < 0 || count == Integer.MAX_VALUE);
    }

    boolean isOurs(String jobId) {
      return ids == null || ids.contains(jobId);
    }
  }

  private final Inbox inbox;
  private final Goal goal;
  private final Sink sink;
  private final Stop stop;
  private final Strangers strangers = new Strangers();
  private final SeenIds found;
  private final Set<String> unreadable = new HashSet<>();
  private final Map<String, String> dead = new TreeMap<>();

  /** Jobs that have an end and no result that was printed: a dead letter, an unreadable result. */
  private final Set<String> unprinted = new HashSet<>();

  private final EndedBefore before;

  /** Messages of packs that stay in the queue though something of theirs was printed or shown. */
  private final Set<String> left = new HashSet<>();

  private volatile long lastCame = System.nanoTime();
  private boolean quiet = true;
  private long copies;
  private long shared;

  Collector(Inbox inbox, Goal goal, Sink sink, Stop stop) {
    this.inbox = inbox;
    this.goal = goal;
    this.sink = sink;
    this.stop = stop;
    this.before = new EndedBefore(goal.ids() == null ? Set.of() : goal.ids(), this::hasCome);
    this.found = new SeenIds(goal.isEndless() ? REMEMBERED : Integer.MAX_VALUE);
  }

  /**
   * Collects until all that is wanted has an end, the time is over or the command is stopped.
   *
   * @param ends knows of jobs that have ended, though nothing comes of them; NONE unless the goal
   *     has ids that do not change
   * @return false if it ended since the time was over
   */
  boolean collect(Duration timeout, DeadLetterWatch watch, TableEnds ends)
      throws CallFailed, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    lastCame = System.nanoTime();
    while (!isDone() && !stop.isAsked()) {
      long now = System.nanoTime();
      if (deadline - now <= 0) {
        return false;
      }
      if (goal.count() < 0 && now - lastCame >= EMPTY.toNanos()) {
        return true;
      }
      List<Delivery> messages = inbox.receive(strangers.patience(wholeSeconds(deadline - now)));
      quiet = messages.isEmpty();
      if (!quiet) {
        lastCame = System.nanoTime();
      }
      take(messages);
      watch.news().forEach(this::takeDead);
      ends.lookIfQuiet(before, lastCame);
    }
    return true;
  }

  private static Duration wholeSeconds(long nanos) {
    return Duration.ofSeconds(Math.max(1, Duration.ofNanos(nanos).toSeconds()));
  }

  private boolean isDone() {
    return goal.count() >= 0
        && found.size() + unprinted.size() + before.states().size() >= goal.count();
  }

  /** True if the job has a result, readable or not, or a dead letter. */
  boolean hasCome(String id) {
    return found.contains(id) || unprinted.contains(id);
  }

  private void takeDead(DeadLetterWatch.Found letter) {
    if (!found.contains(letter.jobId())) {
      dead.put(letter.jobId(), letter.error());
      ended(letter.jobId());
    }
  }

  /** Without a result that was printed. */
  private void ended(String id) {
    unprinted.add(id);
    before.came(id);
  }

  private void take(List<Delivery> messages) throws CallFailed, InterruptedException {
    List<Delivery> done = new ArrayList<>();
    List<Delivery> others = new ArrayList<>();
    long printed = found.size();
    for (Delivery message : messages) {
      switch (take(message)) {
        case DONE -> done.add(message);
        case ANOTHERS -> others.add(message);
        case KEPT -> {} // hidden until the end
      }
    }
    sink.flush();
    List<Delivery> deleted = goal.keep() ? List.of() : done;
    inbox.settle(deleted, strangers.hide(messages.size(), others));
    sink.deleted(deleted);
    sink.found((int) (found.size() - printed));
  }

  /** What becomes of a message. */
  private enum Fate {
    /** All that it carries was printed. */
    DONE,
    /** It carries results of other jobs, and is for their readers. */
    ANOTHERS,
    /** It carries what could not be printed. */
    KEPT
  }

  /** A pack is printed whole if some of it is wanted, as far as its jobs are ours. */
  private Fate take(Delivery message) throws InterruptedException {
    JobResult.Contents contents = JobResult.in(message);
    boolean hasRoom = hasRoom();
    // Lines of one id in a pack are results of as many jobs, unless they say the same.
    Map<String, Set<String>> here = new HashMap<>();
    int ours = 0;
    Fate fate = Fate.DONE;
    for (JobResult result : contents.readable()) {
      if (!goal.isOurs(result.jobId())) {
        fate = fate == Fate.DONE ? Fate.ANOTHERS : fate;
        continue;
      }
      ours++;
      Set<String> bodies = here.computeIfAbsent(result.jobId(), _ -> new HashSet<>());
      if (found.contains(result.jobId()) && (bodies.isEmpty() || bodies.contains(result.body()))) {
        copies += left.contains(message.messageId()) ? 0 : 1;
      } else if (hasRoom && print(message, result)) {
        bodies.add(result.body());
      } else {
        fate = Fate.KEPT;
      }
    }
    if (!contents.unreadable().isEmpty()) {
      tellOf(message, contents.unreadable());
      fate = goal.ids() != null ? Fate.ANOTHERS : Fate.KEPT;
    }
    boolean isPack = contents.readable().size() + contents.unreadable().size() > 1;
    if (fate == Fate.ANOTHERS && isPack && left.add(message.messageId()) && ours > 0) {
      shared++;
    }
    return fate;
  }

  private void tellOf(Delivery pack, List<JobResult.Unreadable> parts) {
    if (left.contains(pack.messageId())) {
      return;
    }
    left.add(pack.messageId());
    for (JobResult.Unreadable part : parts) {
      sink.unreadable(pack, part);
      if (goal.ids() == null) {
        unreadable.add(pack.messageId() + "/" + part.line());
        ended(pack.messageId() + "/" + part.line());
      }
    }
  }

  private boolean hasRoom() {
    return goal.ids() != null || goal.count() < 0 || found.size() < goal.count();
  }

  private boolean print(Delivery message, JobResult result) throws InterruptedException {
    String id = result.jobId();
    try {
      sink.print(message, result);
    } catch (Bucket.Unusable e) {
      if (unreadable.add(id)) {
        ended(id);
        sink.unreadable(id, e.getMessage());
      }
      return false;
    }
    unreadable.remove(id); // a copy may have a payload where another has none
    dead.remove(id);
    unprinted.remove(id);
    found.add(id);
    before.came(id);
    return true;
  }

  /** True if the last receive brought nothing: then the queue seems to be empty. */
  boolean isQuiet() {
    return quiet;
  }

  /** The moment of {@link System#nanoTime} at which a result of any job has come last. */
  long lastCame() {
    return lastCame;
  }

  /** The jobs whose results were printed. */
  SeenIds found() {
    return found;
  }

  /** The jobs that have no result but a dead letter, with what it says. */
  Map<String, String> dead() {
    return dead;
  }

  /** The jobs of which nothing came and nothing will, with their states in the job table. */
  Map<String, String> before() {
    return before.states();
  }

  /** How many results stay in the queue since they, or their payloads, cannot be read. */
  int unreadable() {
    return unreadable.size();
  }

  /** How many packs stay in the queue since they have results of other jobs as well. */
  long shared() {
    return shared;
  }

  /** How many results were copies of others. */
  long copies() {
    return copies;
  }
}
