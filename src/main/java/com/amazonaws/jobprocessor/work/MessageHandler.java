package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.Offer;
import com.amazonaws.jobprocessor.work.room.Room;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import com.amazonaws.jobprocessor.work.room.Turns;
import com.amazonaws.jobprocessor.work.settle.Fate;
import com.amazonaws.jobprocessor.work.settle.MessageEnd;
import com.amazonaws.jobprocessor.work.settle.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The story of a message and its jobs, from the receive to the delete. */
final class MessageHandler {
  private final Room room;
  private final Admission admission;
  private final Definitions definitions;
  private final Settlement settlement;
  private final MessageEnd messageEnd;
  private final WorkerRuntime runtime;

  MessageHandler(
      Room room,
      Admission admission,
      Definitions definitions,
      Settlement settlement,
      MessageEnd messageEnd,
      WorkerRuntime runtime) {
    this.room = room;
    this.admission = admission;
    this.definitions = definitions;
    this.settlement = settlement;
    this.messageEnd = messageEnd;
    this.runtime = runtime;
  }

  /** Takes in hand what a receive, sent at the given moment, has brought; returns at once. */
  void accept(List<Delivery> deliveries, long sentAt, Duration firstLease) {
    List<Message> messages = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      Lease lease = new Lease(sentAt, firstLease);
      if (lease.isOver(runtime.now())) {
        // On its way for so long that others may have it.
        room.recent().wasNoAttempt(delivery.messageId());
      } else {
        Message message = Message.of(delivery, lease, room.recent().nextAttempt(delivery));
        room.recent().countAttempts(message);
        messages.add(message);
      }
    }
    accept(messages);
  }

  /** Takes messages in hand, in their order; returns at once. */
  void accept(List<Message> messages) {
    List<Arrival> arrivals = new ArrayList<>();
    for (Message message : messages) {
      Message present = room.inFlight().add(message);
      if (present == null) {
        arrivals.add(new Arrival(message, room.groups().enter(message)));
      } else {
        // A copy of a message in flight is not a second one, but its handle is the one that counts.
        present.adopt(message.delivery(), message.lease());
      }
    }
    if (!arrivals.isEmpty()) {
      int jobs = arrivals.stream().mapToInt(arrival -> arrival.message().jobs().size()).sum();
      runtime.tell(new WorkEvent.Unpacked(arrivals.size(), jobs));
    }
    for (Arrival arrival : arrivals) {
      if (arrival.first()) {
        room.slots().expect(arrival.message().jobs().size());
      }
    }
    // Only now: should the first of a group go back at once, those behind it must go with it.
    arrivals.forEach(this::start);
  }

  /** A message that is in flight from now on, and whether it is the first of its group. */
  private record Arrival(Message message, boolean first) {}

  private void start(Arrival arrival) {
    runtime.threads().startVirtual("message", () -> handle(arrival.message(), arrival.first()));
  }

  /** One message, from its receive to its delete, on a virtual thread of its own. */
  private void handle(Message message, boolean first) throws InterruptedException {
    boolean deleted = false;
    try {
      List<Fate> fates =
          first || awaitTurn(message)
              ? work(message)
              : List.of(giveBack(message.jobs().getFirst()));
      deleted = messageEnd.end(message, fates);
    } finally {
      room.inFlight().remove(message);
      room.groups().leave(message, deleted);
    }
  }

  private boolean awaitTurn(Message message) throws InterruptedException {
    boolean itsTurn = room.groups().awaitTurn(message);
    if (itsTurn) {
      room.slots().expect(message.jobs().size());
    }
    return itsTurn;
  }

  /** Its only job, or those of a pack, as slots are free. */
  private List<Fate> work(Message message) throws InterruptedException {
    List<Job> jobs = message.jobs();
    if (!message.isPackOfSeveral()) {
      return List.of(work(jobs.getFirst()));
    }
    if (room.suspects().mayHideOne(message)) {
      message.dissolve();
    }
    // Jobs that are claimed in the job table wait for calls, each on a thread of its own.
    return admission.takesCalls()
        ? runtime.threads().forAll("job", jobs, 2 * room.slots().slots(), this::work)
        : new PackWork(message, room, settlement, runtime).run(admission);
  }

  /** One job, until it has ended or can only go on elsewhere. */
  private Fate work(Job job) throws InterruptedException {
    while (true) {
      Fate fate = settlement.settle(job, run(job));
      // Given back, the first of a group would set free those behind it: its retry is made here.
      if (!(fate instanceof Fate.Retry retry) || job.message().group() == null) {
        return fate;
      }
      // While it is invisible SQS delivers none of those behind it (FIFO delivery, SQS guide).
      if (room.groups().isClosed()) {
        return retry;
      }
      Duration left = awaitRetry(job, retry);
      if (left.isPositive()) {
        return new Fate.GoesBack(left, new WorkEvent.GivenBack(job.id(), "worker stops", null));
      }
    }
  }

  private Outcome run(Job job) throws InterruptedException {
    Outcome unrun = admission.whyNot(job);
    if (unrun != null) {
      room.slots().expectNoMore();
      return unrun;
    }
    try (Turns.Turn turn = admission.awaitTurn(job)) {
      return run(job, turn);
    }
  }

  private Outcome run(Job job, Turns.Turn turn) throws InterruptedException {
    String sick = room.health().whyNotClaim();
    Outcome unrun = sick == null ? admission.whyNot(job, turn) : new Outcome.Unavailable(sick);
    if (unrun != null) {
      room.slots().expectNoMore();
      return unrun;
    }
    try (Definitions.Fetched fetched = definitions.of(job)) {
      return switch (fetched) {
        case Definitions.Definition definition -> run(job, turn, definition.text());
        case Definitions.NotFetched none -> {
          room.slots().expectNoMore();
          yield none.outcome();
        }
      };
    }
  }

  private Outcome run(Job job, Turns.Turn turn, String definition) throws InterruptedException {
    SlotRun run = new SlotRun(job, definition, room.suspects().isSuspect(job));
    String sick = room.health().whyNotBegin();
    if (sick != null) {
      room.slots().expectNoMore();
      return new Outcome.Unavailable(sick);
    }
    Offer offer = room.slots().offer(run);
    turn.begin();
    return switch (offer) {
      case CLOSED -> Outcome.GivenBack.now("worker stops");
      case TOO_MANY_SUSPECTS ->
          new Outcome.GivenBack("too many suspects wait", room.suspects().delay(job));
      case TAKEN -> run.await();
    };
  }

  /** What is left of the retry's delay if the worker stops; zero when its time has come. */
  private Duration awaitRetry(Job job, Fate.Retry retry) throws InterruptedException {
    room.recent().hadAttemptWithoutReceive(job.key());
    runtime.tell(retry.told());
    int seconds = job.message().lease().cutToLimit(retry.delay(), runtime.now());
    long left = room.groups().awaitRetry(Duration.ofSeconds(seconds).toNanos());
    if (left > 0) {
      // The next receive is the next attempt.
      room.recent().wasNoAttempt(job.key());
    } else {
      job.again();
      room.slots().expect(1);
    }
    return Duration.ofNanos(left);
  }

  private Fate giveBack(Job job) throws InterruptedException {
    String reason = room.groups().isClosed() ? "worker stops" : "its group goes back";
    return settlement.settle(job, Outcome.GivenBack.now(reason));
  }
}
