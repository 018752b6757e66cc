package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.QueueGauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Workers that are done at once: what is sent comes back as results, packed if it was packed. */
public final class LoopbackQueue implements OutputQueue, Backlog, QueueGauge {
  private final LinkedBlockingQueue<Delivery> results = new LinkedBlockingQueue<>();
  private final Map<String, Integer> jobs = new java.util.concurrent.ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final CountDownLatch left;

  /** A queue that so many jobs go through. */
  public LoopbackQueue(int jobs) {
    this.left = new CountDownLatch(jobs);
  }

  /** Waits until the results of all have been deleted. */
  public void awaitAll() throws InterruptedException {
    left.await();
  }

  @Override
  public String name() {
    return "loopback";
  }

  @Override
  public Reading read() {
    return new Reading(0, 0, 0);
  }

  @Override
  public List<Answer> send(List<OutgoingMessage> messages) {
    List<Answer> answers = new ArrayList<>();
    for (OutgoingMessage message : messages) {
      results.add(PackFormat.isPack(message.attributes()) ? pack(message) : single(message));
      answers.add(Answer.ACCEPTED);
    }
    return answers;
  }

  private Delivery single(OutgoingMessage message) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put(MessageFormat.JOB_ID, message.attributes().get(MessageFormat.JOB_ID));
    attributes.put(MessageFormat.WORKER_ID, Attribute.of(worker()));
    attributes.put(MessageFormat.ATTEMPTS, Attribute.of("1"));
    attributes.put(MessageFormat.DURATION_MILLIS, Attribute.of("20"));
    return delivery(message.body(), attributes, 1);
  }

  private String worker() {
    return "w-" + ids.get() % 3;
  }

  private Delivery pack(OutgoingMessage message) {
    List<String> lines = new ArrayList<>();
    try {
      for (PackLine line : PackLine.split(message.body())) {
        JobLine job = JobLine.read(line.text());
        lines.add(
            new ResultLine(String.valueOf(job.jobId()), job.body(), 1, 20, "m", worker()).write());
      }
    } catch (UnreadableLine e) {
      throw new AssertionError(e);
    }
    return delivery(String.join("\n", lines), PackFormat.attributes(lines.size()), lines.size());
  }

  private Delivery delivery(String body, Map<String, Attribute> attributes, int count) {
    String id = "m" + ids.incrementAndGet();
    jobs.put(id, count);
    return new Delivery(id, id, body, attributes, 1);
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease)
      throws InterruptedException {
    List<Delivery> some = new ArrayList<>();
    Delivery first = results.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      some.add(first);
      results.drainTo(some, max - 1);
    }
    return some;
  }

  @Override
  public List<Answer> changeVisibility(List<VisibilityChange> changes) {
    throw new AssertionError("nobody asks for it");
  }

  @Override
  public List<Answer> delete(List<String> receiptHandles) {
    List<Answer> answers = new ArrayList<>();
    for (String handle : receiptHandles) {
      Integer count = jobs.remove(handle);
      for (int i = 0; count != null && i < count; i++) {
        left.countDown();
      }
      answers.add(Answer.ACCEPTED);
    }
    return answers;
  }
}
