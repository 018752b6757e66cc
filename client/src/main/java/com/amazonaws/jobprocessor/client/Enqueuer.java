package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.port.Payloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts jobs into the workers' backlog queue.
 *
 * <pre>{@code
 * try (Enqueuer enqueuer = Enqueuer.builder("SQS-EC2-Queue-Todo").build()) {
 *   String id = enqueuer.enqueue(Map.of("from", "a.tif", "to", "a.png"));
 * }
 * }</pre>
 *
 * <p>One enqueuer serves any number of threads. It has daemon threads of its own: {@code
 * enqueuer-QUEUE}, which fills batches and packs; up to 8 {@code sender-N}, which make the calls;
 * with a job table up to 16 {@code recorder-N}; {@code enqueuer-answers}, on which the callbacks of
 * {@link #enqueueAsync(NewJob) futures} run, {@code enqueuer-tidying}, which removes what a job
 * that was not taken has left, and {@code enqueuer-learning}, if {@link Packing#learnedFrom packs
 * are learned from results}. In a FIFO queue there is one sender and one recorder, so that the jobs
 * keep the order in which they were handed over.
 *
 * <p>Calls that fail for a reason that may pass are made again: five times without an answer, sixty
 * times if AWS throttles, with waits of up to 10 seconds. When a call fails for good, all jobs that
 * were handed over and not yet sent fail with it, so that none overtakes another, and so do later
 * ones of the same {@link #enqueueAll(Stream, Consumer)}; what else is handed over later is tried
 * again, unless the enqueuer is to {@link EnqueuerBuilder#stopAtFailure stop}. In a FIFO queue the
 * same holds when SQS answers the call, but eight times does not take the job in it.
 *
 * <p><b>With a job table</b> each job is recorded first (state {@code QUEUED}, its definition or a
 * pointer to it, digest, time), by one conditional write, and sent then. If the process dies in
 * between, {@link #repair} sends the job from its record. The record also makes the same id twice
 * one job: a job that a worker has met is not sent again, one that none has met yet is, since
 * nobody knows whether it was sent; the workers run it once. Another definition of the same id is
 * refused.
 *
 * <p>Ids are made of the queue's name, a part that is random for each enqueuer, and a number.
 */
public final class Enqueuer implements AutoCloseable {
  /**
   * How long after its record a job may be sent at the latest, if everything fails as long as it is
   * tried: {@link #repair} leaves younger records alone.
   */
  public static final Duration LONGEST_SEND = Duration.ofMinutes(15);

  /**
   * The largest definition, in bytes, that a record has in itself, rather than in the payload
   * bucket: with the largest result, 350,000 bytes, it has to fit an item of DynamoDB, 400 KB
   * (quotas, DynamoDB developer guide).
   */
  public static final int MAX_RECORDED_BYTES = 48 * 1024;

  /** What an enqueuer works with. */
  record Services(
      Aws aws,
      SqsQueue queue,
      @Nullable QueuedJobs records,
      @Nullable Payloads payloads,
      PackSizes packSizes) {}

  private final Services services;
  private final Intake intake;
  private final Dispatch dispatch;

  Enqueuer(EnqueuerBuilder settings, Services services, Packer packer) {
    this.services = services;
    this.intake =
        new Intake(
            services.queue().name(), services.aws(), services.records(), services.payloads());
    this.dispatch = new Dispatch(settings, services, packer);
  }

  /** Begins to build an enqueuer for a queue; makes no request. */
  public static EnqueuerBuilder builder(String queueName) {
    return new EnqueuerBuilder(queueName);
  }

  /** As {@link #enqueue(NewJob)}, of a text. */
  public String enqueue(String definition) throws InterruptedException {
    return enqueue(NewJob.of(definition));
  }

  /**
   * As {@link #enqueue(NewJob)}, of fields: the definition is one JSON object with the names
   * sorted, which an executor reads with {@code JobFields.of(jobDefinition)}.
   */
  public String enqueue(Map<String, String> fields) throws InterruptedException {
    return enqueue(NewJob.of(fields));
  }

  /**
   * Enqueues a job, and waits until the queue has it. Costs one request of SQS for each begun 64
   * KiB, which it shares with jobs that other threads enqueue at the same time; with a job table
   * one write; for a large definition one request of S3.
   *
   * @return the job's id
   * @throws IllegalArgumentException if the queue cannot take such a job
   * @throws NotEnqueuedException if the job was not, or perhaps not, enqueued
   * @throws ClientException if its definition could not be stored
   * @throws IllegalStateException if the enqueuer is closed
   * @throws InterruptedException if the thread is interrupted while it waits: the job may be sent
   *     all the same
   */
  public String enqueue(NewJob job) throws InterruptedException {
    return handOver(job, true, null).await();
  }

  /** As {@link #enqueueAll(Stream, Consumer)}, of texts; returns their ids in the same order. */
  public List<String> enqueueAll(Collection<String> definitions) throws InterruptedException {
    return all(definitions.stream().map(NewJob::of));
  }

  /** As {@link #enqueueAll(Stream, Consumer)}, of fields; returns their ids in the same order. */
  public List<String> enqueueAllFields(Collection<? extends Map<String, String>> fields)
      throws InterruptedException {
    return all(fields.stream().map(NewJob::of));
  }

  private List<String> all(Stream<NewJob> jobs) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    try {
      enqueueAll(jobs, ids::add);
    } catch (NotEnqueuedException e) {
      throw e.beside(ids);
    }
    return ids;
  }

  /**
   * Enqueues any number of jobs in bounded memory, ten a request or packed, several requests at a
   * time, and waits until the queue has them all. Costs a tenth of what {@link #enqueue(NewJob)}
   * costs of SQS, or less with packs; the same of DynamoDB and S3.
   *
   * @param jobs read by this thread as far as there is room
   * @param enqueued hears the id of each job that the queue has, in the order of the jobs, on this
   *     thread
   * @return how many there were
   * @throws IllegalArgumentException if the queue cannot take one of the jobs; those before it are
   *     sent all the same
   * @throws NotEnqueuedException if a job was not enqueued: the first such; no further job is read
   *     then, and all that were read have ended
   * @throws InterruptedException if the thread is interrupted while it waits: jobs that were read
   *     may be sent all the same
   */
  public long enqueueAll(Stream<NewJob> jobs, Consumer<String> enqueued)
      throws InterruptedException {
    Bulk bulk = new Bulk(dispatch, (job, behind) -> handOver(job, false, behind), enqueued);
    return bulk.enqueue(jobs.iterator());
  }

  /** As {@link #enqueueAsync(NewJob)}, of a text. */
  public CompletableFuture<String> enqueueAsync(String definition) throws InterruptedException {
    return enqueueAsync(NewJob.of(definition));
  }

  /** As {@link #enqueueAsync(NewJob)}, of fields. */
  public CompletableFuture<String> enqueueAsync(Map<String, String> fields)
      throws InterruptedException {
    return enqueueAsync(NewJob.of(fields));
  }

  /**
   * Hands a job over, which waits for others to share its request, until ten are there, packs are
   * full, or the {@link EnqueuerBuilder#linger linger} is over. Waits only while too much is {@link
   * EnqueuerBuilder#maxPending pending}, and for S3 to take a large definition. Costs what {@link
   * #enqueueAll(Stream, Consumer)} costs.
   *
   * @return the id when the queue has the job, or a {@link NotEnqueuedException}. Callbacks run on
   *     a thread of the enqueuer's, one after the other: one that takes long delays the others, but
   *     no job; it may enqueue. Cancelling the future cancels no job
   * @throws IllegalArgumentException if the queue cannot take such a job
   * @throws ClientException if its definition could not be stored
   * @throws IllegalStateException if the enqueuer is closed
   * @throws InterruptedException if the thread is interrupted while it waits for room: the job is
   *     not enqueued
   */
  public CompletableFuture<String> enqueueAsync(NewJob job) throws InterruptedException {
    return dispatch.answer(handOver(job, false, null));
  }

  /**
   * Hands a job over.
   *
   * @param behind the job that it must not overtake; null if there is none
   */
  private Ticket handOver(NewJob wanted, boolean urgent, @Nullable Ticket behind)
      throws InterruptedException {
    dispatch.checkOpen();
    Job job = intake.job(wanted);
    long room = job.bytes();
    dispatch.room().take(room);
    boolean handed = false;
    try {
      Intake.Ready ready = intake.ready(job);
      long failures = behind == null ? dispatch.failures() : behind.failuresBefore();
      Ticket ticket =
          new Ticket(
              ready.job(), ready.record(), room, urgent, failures, new CompletableFuture<>());
      dispatch.begin(ticket);
      handed = true;
      return ticket;
    } finally {
      if (!handed) {
        dispatch.room().give(room);
      }
    }
  }

  /**
   * Sends again, from their records, the jobs of which nobody knows whether they were sent: they
   * are {@code QUEUED}, no worker has met them, and their record is older than the given time. Of
   * two repairs at the same time one sends. Jobs that still wait in the queue are sent again, too:
   * workers with the job table run each once, and a copy costs them a receive, a write and a
   * delete. Those of a FIFO queue are sent in the order in which they were recorded. Call it after
   * an enqueuer has died, not as a matter of routine.
   *
   * <p>Costs the reading of the whole job table (half a unit for each 4 KiB, twice that for being
   * up to date), one write a job and a tenth of a request of SQS, and for a large definition a copy
   * in S3.
   *
   * @param olderThan {@link #LONGEST_SEND} unless you know that no enqueuer is at work
   * @param sent hears the id of each job that was sent, on this thread
   * @throws IllegalStateException if the enqueuer has no job table, or is closed
   * @throws ClientException if the table cannot be read
   * @throws InterruptedException if the thread is interrupted: what was not sent is left to the
   *     next repair
   */
  public RepairReport repair(Duration olderThan, Consumer<String> sent)
      throws InterruptedException {
    QueuedJobs records = services.records();
    if (records == null) {
      throw new IllegalStateException("the enqueuer has no job table to repair from");
    }
    dispatch.checkOpen();
    return new Repair(services, records, intake, dispatch).run(olderThan, sent);
  }

  /**
   * Sends what lingers, and waits until all that was handed over before has ended, well or not.
   * Costs the requests that those jobs need, perhaps with fewer jobs in each.
   *
   * @throws InterruptedException if the thread is interrupted while it waits: all is sent all the
   *     same
   */
  public void flush() throws InterruptedException {
    dispatch.flush();
  }

  /** How many messages the queue has taken so far, each a job or a pack; makes no request. */
  public long messages() {
    return dispatch.messages();
  }

  /**
   * Takes no more jobs, sends what lingers (no request but those), waits until everything has
   * ended, and ends the threads. If the thread is or gets interrupted, it begins no further call,
   * waits for those that are under way, 30 seconds at most, and what was not sent fails with a
   * {@link NotEnqueuedException}: with a job table its record is left for {@link #repair}, and so
   * is its definition in S3. Nor does it wait longer for callbacks of futures. The thread is
   * interrupted again then. Closing twice does no harm.
   */
  @Override
  public void close() {
    if (dispatch.close()) {
      services.packSizes().close();
      services.aws().close(); // not under the calls that another close waits for
    }
  }
}
