package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends jobs from their records. What happens if it dies at any point: a job whose record was taken
 * and that was not sent is found again by a later repair, since its record says {@code QUEUED}
 * still, with a later time.
 */
final class Repair {
  private static final int MAX_PROBLEMS = 20;

  /** Jobs that are under way at a time, where the table's parts do not bound them. */
  private static final int AT_A_TIME = 1_000;

  private final Aws aws;
  private final QueuedJobs records;
  private final @Nullable Payloads payloads;
  private final Intake intake;
  private final Dispatch dispatch;
  private final List<String> problems = new ArrayList<>();
  private final boolean inOrder;

  /** In a queue that keeps the order no job is sent behind one that could not be. */
  private long failuresBefore;

  private long found;
  private long sent;
  private long failed;
  private long younger;

  Repair(Enqueuer.Services services, QueuedJobs records, Intake intake, Dispatch dispatch) {
    this.aws = services.aws();
    this.records = records;
    this.payloads = services.payloads();
    this.inOrder = services.queue().isFifo();
    this.intake = intake;
    this.dispatch = dispatch;
  }

  RepairReport run(Duration olderThan, Consumer<String> heard) throws InterruptedException {
    Instant before = Instant.parse(records.now()).minus(olderThan);
    failuresBefore = dispatch.failures();
    List<QueuedJobs.Entry> all = new ArrayList<>();
    QueuedJobs.Place place = null;
    do {
      QueuedJobs.Place from = place;
      QueuedJobs.Part part = aws.call("reading the job table", () -> records.read(from, before));
      younger += part.younger();
      if (inOrder) {
        part.jobs().forEach(job -> all.add(job.withoutBody()));
      } else {
        send(part.jobs(), heard);
      }
      place = part.next();
    } while (place != null);
    // The table has them in no order; they were recorded in that in which they were enqueued.
    all.sort(Comparator.comparing(QueuedJobs.Entry::queued));
    for (int i = 0; i < all.size(); i += AT_A_TIME) {
      send(all.subList(i, Math.min(all.size(), i + AT_A_TIME)), heard);
    }
    return new RepairReport(found, sent, failed, younger, List.copyOf(problems));
  }

  /** So many that they fit the memory. */
  private void send(List<QueuedJobs.Entry> jobs, Consumer<String> heard)
      throws InterruptedException {
    List<Ticket> underWay = new ArrayList<>();
    for (QueuedJobs.Entry job : jobs) {
      found++;
      Ticket ticket = begin(job);
      if (ticket != null) {
        underWay.add(ticket);
      }
    }
    dispatch.hurry();
    try {
      for (Ticket ticket : underWay) {
        await(ticket, heard);
      }
    } finally {
      dispatch.lingerAgain();
    }
  }

  private @Nullable Ticket begin(QueuedJobs.Entry seen) throws InterruptedException {
    if (seen.isPointer() && payloads == null) {
      failed(seen.jobId(), "its definition is in S3; name the payload bucket");
      return null;
    }
    // One whose answer was lost looks like another's: it is left to the next repair.
    Optional<QueuedJobs.Entry> again =
        aws.call("taking the job", () -> Optional.ofNullable(records.takeAgain(seen)));
    if (again.isEmpty()) {
      return null;
    }
    QueuedJobs.Entry taken = again.get();
    String pointer = null;
    if (taken.isPointer() && payloads != null) {
      pointer = copy(taken, payloads);
      if (pointer == null) {
        return null;
      }
    }
    dispatch.room().take(taken.body().length());
    Ticket ticket =
        new Ticket(
            intake.again(taken, pointer),
            null,
            taken.body().length(),
            false,
            inOrder ? failuresBefore : dispatch.failures(),
            new CompletableFuture<>());
    dispatch.send(ticket);
    return ticket;
  }

  /** The message that may be in the queue has its object for itself, which its worker deletes. */
  private @Nullable String copy(QueuedJobs.Entry job, Payloads bucket) throws InterruptedException {
    Copied copied = aws.call("copying the job's definition", () -> tryToCopy(job, bucket));
    if (copied.problem() != null) {
      failed(job.jobId(), copied.problem());
    }
    return copied.pointer();
  }

  private record Copied(@Nullable String pointer, @Nullable String problem) {}

  private static Copied tryToCopy(QueuedJobs.Entry job, Payloads bucket)
      throws CallFailed, InterruptedException {
    try {
      return new Copied(bucket.copy(job.body()), null);
    } catch (Payloads.Unreadable e) {
      return new Copied(null, e.type() + ", " + e.getMessage());
    }
  }

  private void await(Ticket ticket, Consumer<String> heard) throws InterruptedException {
    try {
      heard.accept(ticket.done().get());
      sent++;
    } catch (ExecutionException e) {
      failed(ticket.id(), String.valueOf(e.getMessage()));
    }
  }

  private void failed(String id, String why) {
    failed++;
    if (problems.size() < MAX_PROBLEMS) {
      problems.add("job " + id + ": " + why);
    }
  }
}
