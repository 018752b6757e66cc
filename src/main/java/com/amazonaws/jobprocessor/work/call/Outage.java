package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that AWS calls fail: once, again for each new reason and every ten minutes, and once when
 * they succeed again or are given up. A call that fails until somebody sees to it is a reason of
 * its own; the callers wait and retry. Safe for use by several threads.
 */
public final class Outage {
  private static final Logger log = LoggerFactory.getLogger(Outage.class);

  /** Calls that are throttled fail and work by turns: that is told this often, not each time. */
  private static final long QUIET = Duration.ofSeconds(10).toNanos();

  private static final long REMINDER = Duration.ofMinutes(10).toNanos();

  /** Longer than a caller waits before it tries again; a job that goes back may come much later. */
  private static final long EXPIRY = Duration.ofMinutes(5).toNanos();

  /** What is called is not there. */
  private static final Set<String> MISSING =
      Set.of("NonExistentQueue", "QueueDoesNotExist", "NoSuchBucket", "ResourceNotFoundException");

  private final MonotonicClock clock;
  private final Map<String, Call> failing = new LinkedHashMap<>();
  private final Set<String> told = new HashSet<>();

  /** Of this outage, those that have not worked since. */
  private final Set<String> givenUp = new HashSet<>();

  private boolean succeeded;
  private long since;
  private long toldAt;
  private long quietUntil;

  /** A call that fails at present. */
  public record Failing(Service service, String action, String at, String code) {
    /** True if SQS gives out no message because too many of the queue are in flight. */
    public boolean isOverLimit() {
      return service == Service.SQS && code.equals("OverLimit");
    }

    /** The right that the worker lacks, as a policy has it; null if the call was not denied. */
    public @Nullable String missingRight() {
      return switch (code) {
        case "AccessDenied", "AccessDeniedException" -> right();
        case "KmsAccessDenied", "KMS.AccessDeniedException" -> "kms:Decrypt or kms:GenerateDataKey";
        default -> null;
      };
    }

    /** For a throttle, or a network that is away, it is all the same which call failed first. */
    private String reason() {
      boolean isOwn = missingRight() != null || MISSING.contains(code) || isOfKey();
      return isOwn ? String.join(" ", code, service.name(), action, at) : code;
    }

    /** A key of KMS that is disabled, deleted or of the wrong kind. */
    private boolean isOfKey() {
      return code.regionMatches(true, 0, "kms", 0, 3) && !code.contains("Thrott");
    }

    private String right() {
      return switch (service) {
        case SQS -> "sqs:" + action.replaceFirst("Batch$", "");
        case DYNAMODB -> "dynamodb:" + (isClaim() ? "UpdateItem" : action);
        case S3 -> action.equals("CopyObject") ? "s3:GetObject or s3:PutObject" : "s3:" + action;
        case EC2 -> "ec2:" + action;
        case AUTO_SCALING -> "autoscaling:" + action;
      };
    }

    /** Such calls have the name of what they are for. */
    private boolean isClaim() {
      return Character.isLowerCase(action.charAt(0));
    }
  }

  private record Call(Failing failing, long since, long failedAt) {}

  /** All is well. */
  public Outage(MonotonicClock clock) {
    this.clock = clock;
    this.quietUntil = clock.nanoTime();
  }

  /** A call at a queue or a table failed and will be tried again. */
  public synchronized void failed(String action, String at, CallFailed failure) {
    long now = clock.nanoTime();
    expire(now);
    if (failing.isEmpty()) {
      since = now;
    }
    Call before = failing.get(action + at);
    Failing failed = new Failing(failure.service(), action, at, failure.code());
    Call call = new Call(failed, before == null ? now : before.since(), now);
    failing.put(action + at, call);
    givenUp.remove(action + at);
    boolean quiet = told.isEmpty() && quietUntil - now > 0;
    if (!quiet && told.add(failed.reason())) {
      tell("AWS calls fail; retrying", call, failure);
    } else if (!told.isEmpty() && now - toldAt >= REMINDER) {
      tell("AWS calls still fail; retrying", call, failure);
    }
  }

  private void tell(String text, Call failed, CallFailed failure) {
    Failing call = failed.failing();
    toldAt = failed.failedAt();
    log.atWarn()
        .addKeyValue("service", call.service())
        .addKeyValue("action", call.action())
        .addKeyValue("at", call.at())
        .addKeyValue("error", failure.code())
        .addKeyValue("message", failure.getMessage())
        .addKeyValue("for_secs", seconds(failed.failedAt() - failed.since()))
        .log(text);
  }

  /** A call worked. */
  public synchronized void over(String action, String at) {
    if (!failing.isEmpty()) {
      givenUp.remove(action + at);
      if (failing.remove(action + at) != null) {
        succeeded = true;
        endIfNoneFails(clock.nanoTime());
      }
    }
  }

  /** Nobody waits any more for a call that failed; the same may be made again some time. */
  public synchronized void givenUp(String action, String at) {
    if (failing.remove(action + at) != null) {
      givenUp.add(action + at);
      endIfNoneFails(clock.nanoTime());
    }
  }

  private void endIfNoneFails(long now) {
    if (!failing.isEmpty()) {
      return;
    }
    if (!told.isEmpty()) {
      log.atInfo().addKeyValue("after_secs", seconds(now - since)).log(end());
      told.clear();
      quietUntil = now + QUIET;
    }
    succeeded = false;
    givenUp.clear();
  }

  /** What the end of an outage is worth. */
  private String end() {
    if (givenUp.isEmpty()) {
      return "AWS calls succeed again";
    }
    return succeeded
        ? "AWS calls succeed again, but for some that are not being retried at present"
        : "AWS calls that failed are not being retried at present";
  }

  private void expire(long now) {
    List<String> old = new ArrayList<>();
    failing.forEach(
        (call, state) -> {
          if (now - state.failedAt() > EXPIRY) {
            old.add(call);
          }
        });
    if (!old.isEmpty()) {
      old.forEach(failing::remove);
      givenUp.addAll(old);
      endIfNoneFails(now);
    }
  }

  private static long seconds(long nanos) {
    return nanos / 1_000_000_000;
  }

  /** The call that has been failing for longest, or null if none fails. */
  public synchronized @Nullable Failing first() {
    List<Failing> all = all();
    return all.isEmpty() ? null : all.getFirst();
  }

  /** The calls that fail at present, the one that has been failing for longest first. */
  public synchronized List<Failing> all() {
    expire(clock.nanoTime());
    return failing.values().stream().map(Call::failing).toList();
  }
}
