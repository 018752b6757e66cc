package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.boss.store.Answer;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The loop that takes answers from a queue: stores them, then deletes their messages. Whoever dies
 * between the two finds them again, and the key of what is stored keeps them from counting twice.
 */
public final class Ingest implements Runnable {
  private static final Duration WAIT = Duration.ofSeconds(20);

  /** Short: what a boss had received when it was killed comes back soon. */
  private static final Duration LEASE = Duration.ofSeconds(20);

  private final Backlog queue;
  private final boolean letters;
  private final Answers answers;
  private final Runnable news;
  private final StrayLog strayLog;
  private final Outage receives;
  private final Outage stores;

  /**
   * The loop; it runs until its thread is interrupted.
   *
   * @param letters true if the queue is that of dead letters
   * @param news called when tasks have ended
   * @param strayLog of the queue
   */
  public Ingest(Backlog queue, boolean letters, Answers answers, Runnable news, StrayLog strayLog) {
    this.queue = queue;
    this.letters = letters;
    this.answers = answers;
    this.news = news;
    this.strayLog = strayLog;
    this.receives = new Outage("receiving from the queue " + queue.name());
    this.stores = new Outage("storing what the queue " + queue.name() + " has");
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          step();
          receives.worked();
          stores.worked();
        } catch (CallFailed e) {
          receives.failed(e.code() + ", " + e.getMessage());
        } catch (RuntimeException e) {
          stores.failed(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void step() throws CallFailed, InterruptedException {
    List<Delivery> messages = queue.receive(MessageFormat.MAX_BATCH, WAIT, LEASE);
    if (messages.isEmpty()) {
      strayLog.received(0);
      return;
    }
    List<Answer> read = new ArrayList<>();
    List<Answers.Stray> strays = new ArrayList<>();
    AnswerReader reader = new AnswerReader(queue.name(), letters, read, strays);
    messages.forEach(reader::read);
    Answers.Stored stored = answers.store(read, strays);
    // What is not deleted comes again, and is a copy then.
    queue.delete(messages.stream().map(Delivery::receiptHandle).toList());
    strayLog.received(stored.strays());
    if (stored.answers() > 0) {
      news.run();
    }
  }
}
