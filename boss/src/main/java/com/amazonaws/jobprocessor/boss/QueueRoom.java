package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.boss.dispatch.Dispatcher;
import com.amazonaws.jobprocessor.boss.dispatch.Ingest;
import com.amazonaws.jobprocessor.boss.dispatch.Loop;
import com.amazonaws.jobprocessor.boss.dispatch.StrayLog;
import com.amazonaws.jobprocessor.boss.dispatch.Upkeep;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Retention;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.QueueGauge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loops beside the queues; they begin when the queues are found, however long that takes. */
final class QueueRoom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueRoom.class);

  /** SQS keeps no message for longer (MessageRetentionPeriod, SQS API reference). */
  private static final Duration LONGEST_RETENTION = Duration.ofDays(14);

  private static final Duration UPKEEP = Duration.ofSeconds(10);
  private static final Duration STOP = Duration.ofSeconds(35);
  private static final int RESULT_READERS = 3;

  /** What the loops work on. */
  record Stores(
      Outbox outbox, Settings settings, Results results, Answers answers, Retention retention) {}

  private final Office.Plan plan;
  private final AwsSession aws;
  private final Stores stores;
  private final InstantSource clock;
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Dispatcher dispatcher;
  private @Nullable Thread sender;
  private boolean closed;

  QueueRoom(Office.Plan plan, AwsSession aws, Stores stores, InstantSource clock) {
    this.plan = plan;
    this.aws = aws;
    this.stores = stores;
    this.clock = clock;
  }

  /** Begins to look for the queues. */
  synchronized void open() {
    boolean[] found = {false};
    Loop search =
        new Loop(
            "looking for the queues",
            () -> {
              if (!found[0]) {
                found[0] = begin();
              }
              return false;
            },
            LONGEST_RETENTION);
    start("queues", search);
  }

  /** There may be something to send. */
  synchronized void wake() {
    if (dispatcher != null) {
      dispatcher.wake();
    }
  }

  private boolean begin() throws InterruptedException {
    try {
      SqsQueues queues = aws.queues();
      SqsQueue backlog = queue(queues, plan.queues().backlog(), Optional.empty());
      SqsQueue results = queue(queues, plan.queues().results(), Optional.of(LONGEST_RETENTION));
      SqsQueue letters = queue(queues, plan.queues().letters(), Optional.of(LONGEST_RETENTION));
      Duration kept = queues.policy(backlog).retention().orElse(LONGEST_RETENTION);
      begin(queues, List.of(backlog, results, letters), kept);
      LOG.info(
          "dispatching to the queue {}, results from {}, dead letters from {}",
          backlog.name(),
          results.name(),
          letters.name());
      return true;
    } catch (CallFailed e) {
      throw new IllegalStateException(e.code() + ", " + e.getMessage(), e);
    } catch (InvalidEnvironment e) {
      throw new IllegalStateException(String.valueOf(e.getMessage()), e);
    }
  }

  private static SqsQueue queue(SqsQueues queues, String name, Optional<Duration> retention)
      throws CallFailed, InterruptedException {
    Optional<SqsQueue> found = queues.find(name);
    if (found.isPresent()) {
      return found.get();
    }
    LOG.info("there is no queue {}: creating it", name);
    return queues.create(name, retention);
  }

  private synchronized void begin(SqsQueues queues, List<SqsQueue> found, Duration kept)
      throws InvalidEnvironment {
    if (closed) {
      return;
    }
    SqsQueue backlog = found.getFirst();
    Dispatcher dispatch =
        new Dispatcher(
            stores.outbox(),
            stores.settings(),
            stores.results(),
            aws.output(backlog),
            gauge(queues, backlog),
            clock);
    dispatcher = dispatch;
    StrayLog strayResults = new StrayLog(found.get(1).name(), System::nanoTime);
    for (int i = 0; i < RESULT_READERS; i++) {
      start("results", ingest(found.get(1), false, dispatch, strayResults));
    }
    StrayLog strayLetters = new StrayLog(found.get(2).name(), System::nanoTime);
    start("letters", ingest(found.get(2), true, dispatch, strayLetters));
    Upkeep upkeep =
        new Upkeep(
            stores.outbox(),
            stores.retention(),
            new Upkeep.Rules(plan.answerWithin(), plan.jobTable(), kept),
            clock,
            System::nanoTime);
    start(
        "upkeep",
        new Loop(
            "the upkeep of the database",
            () -> {
              upkeep.step();
              return false;
            },
            UPKEEP));
    sender = Thread.ofVirtual().name("dispatch").start(dispatch);
  }

  private Ingest ingest(SqsQueue queue, boolean letters, Dispatcher dispatch, StrayLog strays)
      throws InvalidEnvironment {
    return new Ingest(aws.backlog(queue), letters, stores.answers(), dispatch::wake, strays);
  }

  private static QueueGauge gauge(SqsQueues queues, SqsQueue queue) {
    return new QueueGauge() {
      @Override
      public String name() {
        return queue.name();
      }

      @Override
      public Reading read() throws CallFailed, InterruptedException {
        SqsQueues.Counts counts = queues.counts(queue);
        return new Reading(counts.waiting(), counts.inFlight(), counts.delayed());
      }
    };
  }

  private void start(String name, Runnable loop) {
    threads.add(Thread.ofVirtual().name(name).start(loop));
  }

  /** Ends the loops: a send that has begun has its answer noted, a receive is cut. */
  @Override
  public void close() {
    List<Thread> all;
    Thread sending;
    synchronized (this) {
      closed = true;
      all = List.copyOf(threads);
      sending = sender;
      if (dispatcher != null) {
        dispatcher.stop();
      }
    }
    all.forEach(Thread::interrupt);
    try {
      if (sending != null && !sending.join(STOP)) {
        sending.interrupt();
      }
      for (Thread thread : all) {
        thread.join(STOP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
