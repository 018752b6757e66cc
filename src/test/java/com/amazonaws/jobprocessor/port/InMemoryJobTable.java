package com.amazonaws.jobprocessor.port;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A job table in memory. Several workers share one by {@link #of}. */
public final class InMemoryJobTable implements JobTable {
  private enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    DEAD,
    CANCELLED,
    /** One that no worker of this version writes. */
    UNKNOWN
  }

  private static final class Item {
    State state = State.QUEUED;
    String unknownState = "";
    String token = "";
    String messageId = "";
    String workerId = "";
    @Nullable String sha256;
    @Nullable String pointer;
    int attempts;
    int deaths;
    boolean ahead;
    long started;
    long leaseEnd;
    Duration lease = Duration.ZERO;
    long expires = Long.MAX_VALUE;
    End end = new End.Failed("", "");
  }

  private final Map<String, Item> items;
  private final String workerId;
  private final InstantSource wallClock;
  private final ArrayDeque<CallFailed> failures = new ArrayDeque<>();
  private boolean loseAnswer;
  private Chaos chaos = Chaos.NONE;
  public final List<String> writes = new ArrayList<>();

  public InMemoryJobTable(String workerId, InstantSource wallClock) {
    this(new HashMap<>(), workerId, wallClock);
  }

  private InMemoryJobTable(Map<String, Item> items, String workerId, InstantSource wallClock) {
    this.items = items;
    this.workerId = workerId;
    this.wallClock = wallClock;
  }

  /** The same table as another worker sees it. */
  public InMemoryJobTable of(String otherWorker) {
    return new InMemoryJobTable(items, otherWorker, wallClock);
  }

  /** From now on calls fail now and then, half of them after their effect. */
  public void misbehave(Random seeded, double often) {
    synchronized (items) {
      chaos = new Chaos(seeded, often);
    }
  }

  /** The next calls fail like this, without effect. */
  public void failNext(CallFailed... next) {
    synchronized (items) {
      failures.addAll(List.of(next));
    }
  }

  /** The next call has its effect, but nobody hears of it. */
  public void loseNextAnswer() {
    synchronized (items) {
      loseAnswer = true;
    }
  }

  /** Somebody sets the state of a record, of which there may be none yet. */
  public void setState(String jobId, String state) {
    synchronized (items) {
      Item item = items.computeIfAbsent(jobId, _ -> new Item());
      item.state =
          Stream.of(State.values())
              .filter(known -> known.name().equals(state))
              .findFirst()
              .orElse(State.UNKNOWN);
      item.unknownState = state;
    }
  }

  /**
   * Who submits a job has made its record first.
   *
   * @param pointer to the definition if it is in S3, else null
   */
  public void submit(String jobId, String definition, @Nullable String pointer) {
    synchronized (items) {
      Item item = new Item();
      item.sha256 = ClaimRequest.Payload.of(definition).sha256();
      item.pointer = pointer;
      items.put(jobId, item);
    }
  }

  /** From now on the record is kept no longer, as somebody has set it. */
  public void expire(String jobId) {
    synchronized (items) {
      Objects.requireNonNull(items.get(jobId)).expires = wallClock.millis() - 1;
    }
  }

  public String stateOf(String jobId) {
    synchronized (items) {
      Item item = items.get(jobId);
      return item == null ? "none" : item.state + " " + item.attempts + " " + item.deaths;
    }
  }

  @Override
  public String name() {
    return "table";
  }

  private interface Write<T> {
    T run();
  }

  private <T> T call(String action, Write<T> write) throws CallFailed {
    synchronized (items) {
      CallFailed failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
      chaos.before();
      writes.add(action);
      T answer = write.run();
      chaos.after();
      if (loseAnswer) {
        loseAnswer = false;
        throw new CallFailed("Lost", "", CallFailed.Kind.UNKNOWN, new IllegalStateException());
      }
      return answer;
    }
  }

  @Override
  public Standing claim(ClaimRequest claim) throws CallFailed {
    return call("claim", () -> decide(claim, item(claim)));
  }

  private Standing decide(ClaimRequest claim, Item item) {
    if (item.token.equals(claim.token()) && item.state == State.RUNNING) {
      return new Standing.Mine(item.attempts, item.deaths);
    }
    if (item.expires < wallClock.millis()) {
      return run(claim, item, 0, 0);
    }
    if (item.state == State.UNKNOWN) {
      return new Standing.Unknown(item.unknownState);
    }
    boolean same = item.messageId.equals(claim.messageId());
    String mine = claim.payload().sha256();
    if (item.sha256 != null && !same) {
      if (mine == null
          && item.state != State.RUNNING
          && item.state != State.CANCELLED
          && !Objects.equals(item.pointer, claim.payload().pointer())) {
        return new Standing.PayloadNeeded();
      }
      if (mine != null && !mine.equals(item.sha256)) {
        return new Standing.Reused();
      }
    }
    return switch (item.state) {
      case RUNNING -> held(item);
      case SUCCEEDED -> {
        End.Succeeded end = (End.Succeeded) item.end;
        yield new Standing.Succeeded(
            new End.Succeeded(stored(end.result()), end.attempts(), end.took()),
            item.workerId,
            item.token);
      }
      case DEAD ->
          same || isCopy(claim, item)
              ? new Standing.Dead((End.Dead) item.end, item.attempts)
              : run(claim, item, 0, 0);
      case CANCELLED -> new Standing.Cancelled();
      case QUEUED, FAILED -> run(claim, item, item.attempts, item.deaths);
      case UNKNOWN -> throw new IllegalStateException(item.unknownState);
    };
  }

  private static boolean isCopy(ClaimRequest claim, Item item) {
    Long enqueued = claim.enqueuedAtMillis();
    return enqueued != null && enqueued + 60_000 < item.started;
  }

  private Item item(ClaimRequest claim) {
    return items.computeIfAbsent(claim.jobId(), _ -> new Item());
  }

  private static Result stored(Result result) {
    return result instanceof Result.Text text && text.text() == null ? new Result.Text("") : result;
  }

  private Standing held(Item item) {
    return new Standing.Held(
        item.token + "/" + item.leaseEnd,
        item.lease,
        Duration.ofMillis(item.leaseEnd + 60_000 - wallClock.millis()),
        item.ahead);
  }

  private Standing run(ClaimRequest claim, Item item, int attempts, int deaths) {
    item.state = State.RUNNING;
    item.token = claim.token();
    item.messageId = claim.messageId();
    item.workerId = workerId;
    if (claim.payload().sha256() != null) {
      item.sha256 = claim.payload().sha256();
    }
    item.attempts = attempts + 1;
    item.deaths = deaths;
    item.ahead = claim.ahead();
    item.lease = claim.lease();
    item.started = wallClock.millis();
    item.leaseEnd = wallClock.millis() + claim.lease().toMillis();
    item.expires = Long.MAX_VALUE;
    return new Standing.Mine(item.attempts, item.deaths);
  }

  @Override
  public Standing takeOver(ClaimRequest claim, Standing.Held held) throws CallFailed {
    return call(
        "takeOver",
        () -> {
          Item item = item(claim);
          boolean unchanged =
              item.state == State.RUNNING
                  && (item.token + "/" + item.leaseEnd).equals(held.version());
          return !unchanged
              ? decide(claim, item)
              : run(claim, item, item.attempts - (item.ahead ? 1 : 0), item.deaths + 1);
        });
  }

  @Override
  public boolean renew(ClaimRequest claim) throws CallFailed {
    return call(
        "renew",
        () -> {
          Item item = item(claim);
          if (!isOurs(item, claim, State.RUNNING)) {
            return false;
          }
          item.leaseEnd = wallClock.millis() + claim.lease().toMillis();
          item.ahead = claim.ahead();
          return true;
        });
  }

  private static boolean isOurs(Item item, ClaimRequest claim, State state) {
    return item.token.equals(claim.token()) && item.state == state;
  }

  @Override
  public boolean record(ClaimRequest claim, End end) throws CallFailed {
    State state =
        switch (end) {
          case End.Succeeded _ -> State.SUCCEEDED;
          case End.Failed _ -> State.FAILED;
          case End.Dead _ -> State.DEAD;
        };
    return call(
        "record " + state,
        () -> {
          Item item = item(claim);
          boolean may =
              isOurs(item, claim, State.RUNNING)
                  || (end instanceof End.Dead && isOurs(item, claim, State.SUCCEEDED));
          if (!may) {
            return isOurs(item, claim, state);
          }
          item.state = state;
          item.end = end;
          if (claim.payload().sha256() != null) {
            item.sha256 = claim.payload().sha256();
          }
          if (state != State.FAILED) {
            item.expires = wallClock.millis() + Duration.ofDays(15).toMillis();
          }
          return true;
        });
  }

  @Override
  public boolean release(ClaimRequest claim) throws CallFailed {
    return call(
        "release",
        () -> {
          Item item = item(claim);
          if (!isOurs(item, claim, State.RUNNING)) {
            return isOurs(item, claim, State.QUEUED);
          }
          item.state = State.QUEUED;
          item.attempts--;
          return true;
        });
  }
}
