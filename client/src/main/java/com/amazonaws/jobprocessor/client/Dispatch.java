package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The way of a job: it takes room, is recorded, is sent; then its future ends. */
final class Dispatch {
  private final Room room;
  private final @Nullable Recorder recorder;
  private final Courier courier;
  private final Leftovers leftovers;
  private final Answers answers = new Answers();
  private final Set<Ticket> open = ConcurrentHashMap.newKeySet();
  private final FailedCalls failed;
  private final long patience;
  private final AtomicBoolean closed = new AtomicBoolean();

  Dispatch(EnqueuerBuilder settings, Enqueuer.Services services, Packer packer) {
    Aws aws = services.aws();
    this.room = new Room(settings.maxPendingJobs, settings.maxPendingBytes);
    boolean inOrder = services.queue().isFifo();
    this.patience = settings.patience.toNanos();
    this.failed = new FailedCalls(settings.stopAtFailure);
    this.courier =
        new Courier(
            aws.make(session -> session.output(services.queue())),
            packer,
            inOrder,
            settings.linger,
            this::isRecording,
            new Ends());
    QueuedJobs records = services.records();
    this.recorder =
        records == null ? null : new Recorder(aws, records, inOrder, failed, new AfterRecord());
    this.leftovers = new Leftovers(aws, services.payloads(), recorder);
    courier.start();
  }

  private boolean isRecording() {
    return recorder != null && recorder.isBusy();
  }

  private final class AfterRecord implements Recorder.Next {
    @Override
    public void send(Ticket ticket) {
      if (!courier.put(ticket)) {
        ended(ticket, new Sender.Outcome.NotTaken("the enqueuer has been closed"), null);
      }
    }

    @Override
    public void skip(Ticket ticket) {
      leftovers.remove(ticket, false, forgotten -> succeed(ticket));
    }

    @Override
    public void fail(Ticket ticket, NotEnqueuedException why) {
      if (why.perhaps()) {
        Dispatch.this.fail(ticket, why, null);
      } else {
        leftovers.remove(ticket, false, forgotten -> Dispatch.this.fail(ticket, why, null));
      }
    }

    @Override
    public void idle() {
      courier.noMoreComes();
    }
  }

  Room room() {
    return room;
  }

  void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the enqueuer has been closed");
    }
  }

  /** How many calls have failed for good before a job that is handed over now. */
  long failures() {
    return failed.count();
  }

  /** Takes a job that has its room. */
  void begin(Ticket ticket) {
    open.add(ticket);
    if (recorder == null || ticket.record() == null) {
      send(ticket);
    } else if (!recorder.record(ticket, ticket.record())) {
      open.remove(ticket);
      throw new IllegalStateException("the enqueuer has been closed");
    }
  }

  /** Takes a job that has its room and its record. */
  void send(Ticket ticket) {
    open.add(ticket);
    if (!courier.put(ticket)) {
      open.remove(ticket);
      throw new IllegalStateException("the enqueuer has been closed");
    }
  }

  private void end(Ticket ticket) {
    open.remove(ticket);
    room.give(ticket.room());
  }

  private void succeed(Ticket ticket) {
    end(ticket);
    ticket.done().complete(ticket.id());
  }

  private final class Ends implements Courier.Ends {
    @Override
    public void ended(Ticket ticket, Sender.Outcome outcome, @Nullable CallFailed failure) {
      if (failure != null) {
        failed.send(failure);
      }
      Dispatch.this.ended(ticket, outcome, failure);
    }

    @Override
    public @Nullable CallFailed failedBefore(Ticket ticket) {
      return failed.beforeSend(ticket);
    }
  }

  private void ended(Ticket ticket, Sender.Outcome outcome, @Nullable CallFailed failure) {
    if (outcome instanceof Sender.Outcome.Taken) {
      succeed(ticket);
      return;
    }
    boolean perhaps = outcome instanceof Sender.Outcome.PerhapsTaken;
    String why =
        outcome instanceof Sender.Outcome.PerhapsTaken maybe
            ? maybe.reason()
            : outcome instanceof Sender.Outcome.NotTaken no ? no.reason() : "";
    String first =
        failure == null || why.contains(failure.code())
            ? ""
            : ", since a send before it failed: " + failure.code() + ": " + failure.getMessage();
    if (perhaps) {
      fail(ticket, maybeSent(ticket, why), failure);
      return;
    }
    leftovers.remove(
        ticket,
        true,
        forgotten ->
            fail(
                ticket,
                forgotten
                    ? notSent(ticket, why + first)
                    : maybeSent(
                        ticket, why + first + "; its record may be left: then a repair sends it"),
                failure));
  }

  private void fail(Ticket ticket, ClientException problem, @Nullable CallFailed cause) {
    if (cause != null) {
      problem.initCause(cause);
    }
    end(ticket);
    ticket.done().completeExceptionally(problem);
  }

  private static ClientException maybeSent(Ticket ticket, String why) {
    return new NotEnqueuedException(
        ticket.id(), true, "job " + ticket.id() + " was perhaps not enqueued: " + why);
  }

  private static ClientException notSent(Ticket ticket, String why) {
    return new NotEnqueuedException(
        ticket.id(), false, "job " + ticket.id() + " was not enqueued: " + why);
  }

  /** The future that an application gets. */
  CompletableFuture<String> answer(Ticket ticket) {
    return answers.answer(ticket);
  }

  void hurry() {
    courier.hurry();
  }

  void lingerAgain() {
    courier.lingerAgain();
  }

  /** Sends what has been handed over, and waits for nothing. */
  void sendSoon() {
    courier.sendSoon();
  }

  /** Waits until all that was handed over before has ended. */
  void flush() throws InterruptedException {
    courier.hurry();
    try {
      for (Ticket ticket : open) {
        try {
          ticket.done().get();
        } catch (ExecutionException e) {
          // whoever has handed it over is told
        }
      }
    } finally {
      courier.lingerAgain();
    }
  }

  /** Waits for the end of everything; false if another does so already. */
  boolean close() {
    if (!closed.compareAndSet(false, true)) {
      return false;
    }
    boolean interrupted = false;
    long until = 0;
    courier.hurry();
    while (true) {
      try {
        if (recorder != null) {
          recorder.drain();
        }
        courier.close();
        leftovers.end(interrupted ? until - System.nanoTime() : Long.MAX_VALUE);
        answers.end(interrupted ? until - System.nanoTime() : Long.MAX_VALUE);
        break;
      } catch (InterruptedException e) {
        until = interrupted ? until : System.nanoTime() + patience;
        interrupted = true;
        leftovers.cut();
        courier.cut();
        if (recorder != null) {
          recorder.cut();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  /** How many messages the queue has taken. */
  long messages() {
    return courier.messages();
  }
}
