package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Gives an answer once more that is not older than half a second, so that a flood of requests costs
 * no more than two of them do: each takes a snapshot, for which the worker's loops are held up.
 * Safe for use by several threads; whoever comes while an answer is made waits for it.
 */
final class Recent implements Resource {
  private static final long LASTS = Duration.ofMillis(500).toNanos();

  private final Resource resource;
  private final Function<String, Object> kind;
  private final MonotonicClock clock;
  private final Map<Object, Made> last = new HashMap<>();

  private record Made(Reply reply, long at) {}

  /** Of a resource that gives everybody the same. */
  Recent(Resource resource, MonotonicClock clock) {
    this(resource, _ -> "", clock);
  }

  /**
   * Of a resource of which there are several.
   *
   * @param kind which of them an Accept header asks for: one of few
   */
  Recent(Resource resource, Function<String, Object> kind, MonotonicClock clock) {
    this.resource = resource;
    this.kind = kind;
    this.clock = clock;
  }

  @Override
  public synchronized Reply get(String accept) throws InterruptedException {
    Object asked = kind.apply(accept);
    Made made = last.get(asked);
    if (made == null || clock.nanoTime() - made.at() >= LASTS) {
      Reply reply = resource.get(accept);
      made = new Made(reply, clock.nanoTime());
      last.put(asked, made);
    }
    return made.reply();
  }
}
