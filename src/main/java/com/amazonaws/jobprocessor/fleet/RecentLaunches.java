package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was launched a short while ago: EC2 is eventually consistent, and may leave new instances
 * out of its lists for some seconds. Safe for use by several threads.
 */
final class RecentLaunches {
  /** How long EC2's lists are not trusted to have an instance. */
  static final Duration LASTS = Duration.ofMinutes(2);

  private final MonotonicClock clock;
  private final Map<String, Recent> byToken = new LinkedHashMap<>();

  /**
   * One order.
   *
   * @param unknown how many boxes it may have brought whose ids are not known
   */
  private record Recent(List<String> ids, int unknown, long until) {
    long missing(Set<String> listed) {
      return unknown + ids.stream().filter(id -> !listed.contains(id)).count();
    }
  }

  RecentLaunches(MonotonicClock clock) {
    this.clock = clock;
  }

  /** EC2 has launched these. */
  synchronized void launched(String clientToken, List<String> ids) {
    put(clientToken, List.copyOf(ids), 0);
  }

  /** EC2 was asked to launch so many, and has not answered: they may be there. */
  synchronized void unanswered(String clientToken, int count) {
    put(clientToken, List.of(), count);
  }

  private void put(String clientToken, List<String> ids, int unknown) {
    byToken.put(clientToken, new Recent(ids, unknown, clock.nanoTime() + LASTS.toNanos()));
  }

  /** What an order has brought that was not answered. */
  synchronized void found(String clientToken, List<String> ids) {
    Recent recent = byToken.get(clientToken);
    if (recent != null && recent.unknown() > 0) {
      launched(clientToken, ids);
    }
  }

  /**
   * How many boxes there may be that a list leaves out.
   *
   * @param listed the ids of the list, those that are about to end included
   * @param clientToken of an order that is not counted: it is about to be given again
   */
  synchronized long missing(Set<String> listed, String clientToken) {
    long now = clock.nanoTime();
    byToken.values().removeIf(recent -> recent.until() - now <= 0);
    return byToken.entrySet().stream()
        .filter(order -> !order.getKey().equals(clientToken))
        .mapToLong(order -> order.getValue().missing(listed))
        .sum();
  }
}
