package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.Payloads;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Turns what an application wants enqueued into jobs that the queue takes. */
final class Intake {
  private static final String ID_CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final int RANDOM_CHARACTERS = 16;

  private final String queue;
  private final Aws aws;
  private final @Nullable QueuedJobs records;
  private final @Nullable Payloads payloads;
  private final Job.Maker maker;
  private final AtomicLong numbers = new AtomicLong();

  /**
   * For a queue.
   *
   * @param records null without a job table
   * @param payloads null without a payload bucket
   */
  Intake(String queue, Aws aws, @Nullable QueuedJobs records, @Nullable Payloads payloads) {
    this.queue = queue;
    this.aws = aws;
    this.records = records;
    this.payloads = payloads;
    String random = random();
    this.maker = new Job.Maker(queue, queue + "-" + random, null, random, records != null);
  }

  private static String random() {
    SecureRandom random = new SecureRandom();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < RANDOM_CHARACTERS; i++) {
      text.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
    }
    return text.toString();
  }

  /**
   * Makes a job, which costs no call.
   *
   * @throws IllegalArgumentException if the queue would refuse it
   */
  Job job(NewJob wanted) {
    if (wanted.definition().isEmpty()) {
      throw new IllegalArgumentException("the job definition is empty, which SQS refuses");
    }
    if (!MessageFormat.isSendable(wanted.definition())) {
      throw new IllegalArgumentException(
          "the job definition has characters that SQS refuses, such as U+0000");
    }
    if (wanted.id() != null && !MessageFormat.isJobId(wanted.id())) {
      throw new IllegalArgumentException(
          "a job id has 1 to 256 printable characters; this one has "
              + wanted.id().codePointCount(0, wanted.id().length()));
    }
    if (wanted.group() != null && !SqsQueue.isFifo(queue)) {
      throw new IllegalArgumentException("\"" + queue + "\" is no FIFO queue and has no groups");
    }
    if (wanted.group() != null && !Job.isToken(wanted.group())) {
      throw new IllegalArgumentException(
          "a group's name has 1 to 128 letters, digits and punctuation marks");
    }
    long number = numbers.incrementAndGet();
    String id = wanted.id() == null ? maker.prefix() + number : wanted.id();
    Job job = maker.job(number, id, wanted.group(), wanted.definition());
    checkSize(job);
    return job;
  }

  private void checkSize(Job job) {
    boolean large = isLarge(job);
    if (large && payloads == null) {
      throw new IllegalArgumentException(
          job.bytes() > MessageFormat.MAX_BYTES
              ? "the job has more than 1 MiB with its id, the most that SQS takes; a payload bucket"
                  + " takes 64 MiB"
              : "with a job table, a job definition of more than 48 KiB needs a payload bucket");
    }
    if (large && MessageFormat.utf8Length(job.message().body()) > Payloads.MAX_BYTES) {
      throw new IllegalArgumentException("the job definition has more than 64 MiB");
    }
  }

  private boolean isLarge(Job job) {
    return job.bytes() > MessageFormat.MAX_BYTES
        || (records != null
            && MessageFormat.utf8Length(job.message().body()) > Enqueuer.MAX_RECORDED_BYTES);
  }

  /** A job that can be sent, and its record, if there is a job table. */
  record Ready(Job job, QueuedJobs.@Nullable Entry record) {}

  /**
   * Puts a large definition into the bucket.
   *
   * @throws ClientException if it cannot be put there
   */
  Ready ready(Job job) throws InterruptedException {
    String definition = job.message().body();
    Job sent = job;
    if (payloads != null && isLarge(job)) {
      Payloads bucket = payloads;
      String pointer = aws.call("storing the job's definition", () -> bucket.store(definition));
      sent = job.pointing(pointer, MessageFormat.utf8Length(definition));
    }
    return new Ready(sent, records == null ? null : record(sent, definition, records.now()));
  }

  private static QueuedJobs.Entry record(Job job, String definition, String now) {
    return new QueuedJobs.Entry(
        job.id(),
        job.message().body(),
        job.isPointer(),
        Printable.sha256(definition),
        MessageFormat.utf8Length(definition),
        job.message().group(),
        job.message().deduplicationId(),
        now);
  }

  /** The job of a record, with another pointer to its payload; null for the record's own. */
  Job again(QueuedJobs.Entry record, @Nullable String pointer) {
    Job job = maker.job(numbers.incrementAndGet(), record.jobId(), record.group(), record.body());
    Map<String, Attribute> attributes =
        record.isPointer()
            ? PayloadPointer.mark(job.message().attributes(), record.bytes())
            : job.message().attributes();
    return new Job(
        job.id(),
        job.line(),
        new OutgoingMessage(
            pointer == null ? record.body() : pointer,
            attributes,
            job.message().group(),
            record.deduplicationId() == null
                ? job.message().deduplicationId()
                : record.deduplicationId()));
  }
}
