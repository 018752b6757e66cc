package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.letters.Backlogs;
import com.amazonaws.jobprocessor.client.letters.Edits;
import com.amazonaws.jobprocessor.client.letters.Letters;
import com.amazonaws.jobprocessor.client.letters.Purging;
import com.amazonaws.jobprocessor.client.letters.Reach;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the jobs that failed for good: lists and shows them, sends them back to the backlog
 * that they came from, with another definition if need be, and deletes them.
 *
 * <p><b>Nothing is lost.</b> What is only looked at is hidden from others for as long as that takes
 * and shown again at the end; if the process dies, a minute later. What goes back is sent first and
 * deleted after the backlog has accepted it.
 *
 * <p><b>What a death in between means.</b> Sent and not deleted, the letter is there again, and so
 * is the job in its backlog. Sent back once more:
 *
 * <ul>
 *   <li>in a FIFO queue, SQS drops the copy if that is within five minutes, since both have the
 *       letter's MessageId as their deduplication id;
 *   <li>with the {@link Builder#jobTable job table}, a letter whose job a worker has begun
 *       meanwhile is deleted and not sent. If none has yet, there are two copies under one id: the
 *       second does not run while the first does, nor after it has succeeded; then its result is
 *       sent again. It begins a life of its own only if the first has failed for good before the
 *       second is received;
 *   <li>else the job runs twice, as after any death without the table;
 *   <li>with the {@link Builder#payloadBucket payload bucket}, letter and job never share an object
 *       in S3. Without it they do until the letter is deleted, and a purge with the bucket takes
 *       the object from the job; with the job table such a letter is refused, and stays.
 * </ul>
 *
 * <p><b>Threads.</b> May be used by several threads at once. Each method works on the caller's, and
 * keeps hidden what it has received by a daemon thread that ends with it. A method whose thread is
 * interrupted shows again what it holds, and throws {@link InterruptedException}: what was sent is
 * sent.
 *
 * <p><b>Requests.</b> A method goes through the whole queue once unless it says otherwise: a
 * ReceiveMessage for up to ten letters and two more that find nothing, a
 * ChangeMessageVisibilityBatch for up to ten that stay, another each half minute. SQS shows ten
 * letters of a group of a FIFO queue, and no more until one of them is deleted. A request that
 * fails for a reason that may pass is made again: five times if there is no answer, sixty times
 * while AWS throttles. What fails for good is a {@link ClientException}.
 */
public final class DeadLetters implements AutoCloseable {
  private final Aws aws;
  private final Builder builder;
  private final Backlog queue;
  private final Reach reach;

  private DeadLetters(Builder builder) throws InterruptedException {
    this.builder = builder;
    this.aws = Aws.open(builder.region);
    try {
      SqsQueue found = aws.queue(builder.queue);
      this.queue = aws.make(session -> session.backlog(found));
      this.reach =
          aws.make(
              session ->
                  new Reach(session, Halt.never(), builder.table, aws.payloads(builder.bucket)));
    } catch (RuntimeException | InterruptedException e) {
      aws.close();
      throw e;
    }
  }

  /** Begins to describe one, by the name of the dead-letter queue; makes no request. */
  public static Builder of(String deadLetterQueue) {
    return new Builder(deadLetterQueue);
  }

  /** What {@link DeadLetters} needs to know. */
  public static final class Builder {
    private final String queue;
    private @Nullable String region;
    private @Nullable String bucket;
    private @Nullable String backlog;
    private @Nullable String table;

    private Builder(String queue) {
      this.queue = queue;
    }

    /** The queue's region; without it, the SDK's usual one: environment, profile, instance. */
    public Builder region(String name) {
      this.region = name;
      return this;
    }

    /** The workers' {@code payload_bucket_name}: definitions that do not fit a letter are there. */
    public Builder payloadBucket(String name) {
      this.bucket = name;
      return this;
    }

    /**
     * Where letters go back to that do not name their backlog, as those of other programs; letters
     * of other backlogs are refused then.
     */
    public Builder backlog(String name) {
      this.backlog = name;
      return this;
    }

    /** The workers' {@code job_table_name}: it tells what has been sent back before. */
    public Builder jobTable(String name) {
      this.table = name;
      return this;
    }

    /**
     * Makes it; one GetQueueUrl, no thread.
     *
     * @throws ClientException if there is no such queue, nobody knows a region, or AWS does not
     *     answer
     * @throws InterruptedException if the thread is interrupted; nothing is left behind
     */
    public DeadLetters build() throws InterruptedException {
      return new DeadLetters(this);
    }
  }

  /** What became of letters that were to be sent back. */
  public record SentBack(int sent, int sentBefore, Map<String, String> refused) {
    /**
     * What became of them.
     *
     * @param sent how many the backlog has accepted now
     * @param sentBefore how many had been sent back before and were only deleted, as the job table
     *     says
     * @param refused by job id why a letter was not sent back: it stays
     */
    public SentBack {
      refused = Map.copyOf(refused);
    }
  }

  /**
   * All letters, as they are in the queue; definitions in S3 are not fetched. They stay. A
   * ReceiveMessage and a ChangeMessageVisibilityBatch for up to ten letters, two receives more.
   *
   * @throws ClientException if AWS refuses the request
   * @throws InterruptedException if the thread is interrupted; all letters are shown again
   */
  public List<DeadLetter> list() throws InterruptedException {
    List<DeadLetter> all = new ArrayList<>();
    go((inbox, letters) -> letters.forEach(letter -> all.add(DeadLetter.of(letter))));
    return all;
  }

  /**
   * The letter of a job, with its definition; it stays. Costs what {@link #list} costs of the
   * letters up to it; a definition in S3 a GetObject more if the bucket was named.
   *
   * @param jobId of the job, or of one that is a line of a refused pack
   * @return empty if there is none
   * @throws ClientException if AWS refuses the request, or the definition cannot be fetched
   * @throws InterruptedException if the thread is interrupted; all letters are shown again
   */
  public Optional<DeadLetter> show(String jobId) throws InterruptedException {
    LetterSearch search = new LetterSearch(jobId);
    go(search);
    Delivery letter = search.found();
    return letter == null ? Optional.empty() : Optional.of(whole(letter));
  }

  private DeadLetter whole(Delivery letter) throws InterruptedException {
    DeadLetter told = DeadLetter.of(letter);
    PayloadObjects payloads = reach.payloads();
    return told.isInBucket() && payloads != null
        ? told.with(Aws.fetch(payloads, letter.body()))
        : told;
  }

  /**
   * Sends letters back to the backlogs that they name, and deletes them. What workers added is
   * stripped; id and attributes stay; a payload in S3 is copied for the job if the bucket was named
   * (CopyObject, DeleteObject), else it belongs to the job again, or with a job table the letter is
   * refused; a refused pack goes back as the pack it was. A job that has failed again meanwhile
   * stays, and a copy of a letter goes with it. Of several letters of one id each goes back; but of
   * those that do not say of which message they died only the first, since the others may have
   * failed again meanwhile: they are refused.
   *
   * <p>Beside what {@link #list} costs, for up to ten letters a SendMessageBatch and a
   * DeleteMessageBatch, with the job table a BatchGetItem; a GetQueueUrl for each backlog.
   *
   * @param which letters are meant, by what {@link #list} tells of them
   * @throws ClientException if AWS refuses all; what was sent before that has been deleted
   * @throws InterruptedException if the thread is interrupted; what was sent is sent, and its
   *     letter may be left
   */
  public SentBack sendBack(Predicate<DeadLetter> which) throws InterruptedException {
    Returning sending = new Returning(reach, backlogs());
    go(
        (inbox, letters) ->
            sending.take(
                inbox,
                letters.stream().filter(letter -> which.test(DeadLetter.of(letter))).toList()));
    return new SentBack(sending.count() + sending.packs(), sending.again(), sending.reasons());
  }

  /** Which id a job has that gets another definition. */
  public enum Id {
    /** That of its next version: {@code .2} behind the first, then {@code .3} and so on. */
    NEXT,
    /** Its old one, for workers without a job table; for those with one it would be a stranger. */
    KEPT
  }

  /**
   * Sends a job back with another definition, and deletes its letter with its copies: as {@link
   * #sendBack}, at the same costs. A definition above 1 MiB is put into the payload bucket
   * (PutObject); the old one's payload is deleted (DeleteObject). If this has to be done again
   * after a death in between, the id of the next version is the same for the same definition; with
   * the job table it is one that the table does not know of another definition: a BatchGetItem or
   * more.
   *
   * @param id what becomes of the job's id
   * @return the id that the job has now; empty if there is no letter of it
   * @throws IllegalArgumentException if the definition can be no job's, or the id is to be kept
   *     though a job table was named
   * @throws ClientException if the letter is a pack, its backlog does not take the job, or AWS says
   *     no: the letter stays
   * @throws InterruptedException if the thread is interrupted; as for {@link #sendBack}
   */
  public Optional<String> edit(String jobId, String definition, Id id) throws InterruptedException {
    if (definition.isEmpty() || !MessageFormat.isSendable(definition)) {
      throw new IllegalArgumentException("SQS does not accept the definition: empty, or U+0000");
    }
    if (id == Id.KEPT && builder.table != null) {
      throw new IllegalArgumentException(
          "with a job table an id belongs to one definition: give the job its next id");
    }
    Returning sending = new Returning(reach, backlogs());
    Edits edits = new Edits(reach, id == Id.KEPT);
    LetterEdit edit = new LetterEdit(jobId, definition, edits, backlogs(), sending);
    go(edit);
    if (edit.found() == null) {
      return Optional.empty();
    }
    String newId = edit.newId();
    if (!sending.sent().contains(newId)) {
      throw new ClientException(
          "job " + jobId + " was not sent back: " + sending.reasons().get(newId));
    }
    return Optional.of(newId);
  }

  /**
   * Deletes letters for good; with the bucket named, the payloads that they point to as well
   * (DeleteObject). Beside what {@link #list} costs a DeleteMessageBatch for up to ten. The jobs'
   * records in the job table stay.
   *
   * @param which letters are meant, by what {@link #list} tells of them
   * @return how many were deleted
   * @throws ClientException if AWS refuses the request; some may be deleted
   * @throws InterruptedException if the thread is interrupted; some may be deleted
   */
  public long purge(Predicate<DeadLetter> which) throws InterruptedException {
    Purging purging =
        new Purging(reach, letter -> which.test(DeadLetter.of(letter)), problem -> {});
    go(purging);
    return purging.deleted();
  }

  private Backlogs backlogs() {
    return Returning.backlogs(reach, queue.name(), builder.backlog);
  }

  private void go(Letters.Action action) throws InterruptedException {
    try {
      new Letters(queue, Halt.never()).forEach(action);
    } catch (CallFailed e) {
      throw Aws.failed("reading " + queue.name(), e);
    }
  }

  /**
   * Closes the connections: no request, no wait, whether the thread is interrupted or not. What
   * other threads wait for fails.
   */
  @Override
  public void close() {
    aws.close();
  }
}
