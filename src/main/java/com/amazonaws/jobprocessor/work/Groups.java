package com.amazonaws.jobprocessor.work;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the order of a FIFO queue's groups: of each group only the first job in hand is worked on,
 * the others wait behind it without a slot until it is done. Jobs of a standard queue have no group
 * and pass. Safe for use by several threads.
 */
final class Groups {
  private record Retry(Job job, long at) {}

  private final Map<String, ArrayDeque<Job>> groups = new HashMap<>();
  private final List<Retry> retries = new ArrayList<>();
  private Consumer<Job> onHead = _ -> {};
  private boolean closed;

  /** Sets what is to be done with a job that becomes, or is once more, the first of its group. */
  synchronized void onHead(Consumer<Job> admit) {
    onHead = admit;
  }

  /**
   * True if the job may be worked on; else it waits for those before it. True as well if the worker
   * stops: then it finds no slot and goes back at once.
   */
  synchronized boolean enter(Job job) {
    String group = job.group();
    if (group == null || closed) {
      return true;
    }
    ArrayDeque<Job> jobs = groups.computeIfAbsent(group, _ -> new ArrayDeque<>());
    jobs.add(job);
    return jobs.size() == 1;
  }

  /** The job is done with and deleted: the next of its group may be worked on. */
  void done(Job job) {
    Job next = remove(job);
    if (next != null) {
      head().accept(next);
    }
  }

  private synchronized Consumer<Job> head() {
    return onHead;
  }

  private synchronized @Nullable Job remove(Job job) {
    ArrayDeque<Job> jobs = job.group() == null ? null : groups.get(job.group());
    if (jobs == null) {
      return null;
    }
    boolean first = jobs.peek() == job;
    jobs.remove(job);
    if (jobs.isEmpty()) {
      groups.remove(job.group());
    }
    return first && !closed ? jobs.peek() : null;
  }

  /**
   * The job goes back to the queue, or is lost: those behind it may not overtake it.
   *
   * @return the jobs behind it, the last first, to be given back
   */
  synchronized List<Job> abandon(Job job) {
    ArrayDeque<Job> jobs = job.group() == null ? null : groups.get(job.group());
    if (jobs == null || !jobs.contains(job)) {
      return List.of();
    }
    List<Job> behind = new ArrayList<>();
    while (jobs.peekLast() != job) {
      behind.add(jobs.removeLast());
    }
    jobs.remove(job);
    if (jobs.isEmpty()) {
      groups.remove(job.group());
    }
    return behind;
  }

  /** Works on the job again at the given moment; false if the worker stops: then it has ended. */
  synchronized boolean retry(Job job, long at) {
    if (closed) {
      return false;
    }
    job.again();
    return retries.add(new Retry(job, at));
  }

  /** Works on the jobs again whose moment has come. */
  void tick(long now) {
    for (Job job : due(now)) {
      head().accept(job);
    }
  }

  private synchronized List<Job> due(long now) {
    List<Job> due = new ArrayList<>();
    for (Iterator<Retry> i = retries.iterator(); i.hasNext(); ) {
      Retry retry = i.next();
      if (retry.at() - now <= 0) {
        i.remove();
        due.add(retry.job());
      }
    }
    return due;
  }

  /**
   * From now on no job becomes the first of its group.
   *
   * @return the jobs that wait for a retry or behind others, to be given back
   */
  synchronized List<Job> close() {
    closed = true;
    List<Job> all = new ArrayList<>(retries.stream().map(Retry::job).toList());
    all.addAll(waiting());
    retries.clear();
    return all;
  }

  /** Jobs that wait behind others, the last of each group first. */
  synchronized List<Job> waiting() {
    List<Job> waiting = new ArrayList<>();
    for (ArrayDeque<Job> jobs : groups.values()) {
      Iterator<Job> i = jobs.descendingIterator();
      while (i.hasNext()) {
        Job job = i.next();
        if (job != jobs.peek()) {
          waiting.add(job);
        }
      }
    }
    return waiting;
  }
}
