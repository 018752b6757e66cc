package com.amazonaws.jobprocessor.work;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often something happened to a message lately: a memory that forgets the oldest. Safe for use
 * by several threads.
 */
final class Recent {
  private static final int MOST = 10_000;

  private final Map<String, Integer> counts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MOST;
        }
      };

  synchronized void add(String messageId, int times) {
    counts.merge(messageId, times, Integer::sum);
  }

  synchronized int count(String messageId) {
    return counts.getOrDefault(messageId, 0);
  }
}
