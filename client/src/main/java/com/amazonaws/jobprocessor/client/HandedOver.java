package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.Printable;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which ends of jobs a callback has had, by digests of their ids and bodies: a bounded number of
 * them, the oldest forgotten first. Safe for use by several threads.
 */
final class HandedOver {
  /** How an end stands. */
  enum Standing {
    /** Nobody has had it: it is the caller's now. */
    NEW,
    /** Another thread hands it over at this moment. */
    IN_HAND,
    /** The callback has had it. */
    DONE
  }

  private final Set<String> inHand = new HashSet<>();
  private final Map<String, Boolean> done;

  HandedOver(int max) {
    this.done =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > max;
          }
        };
  }

  /** What an end is known by. */
  static String key(String jobId, String body) {
    return Printable.sha256(jobId.length() + "/" + jobId + body).substring(0, 32);
  }

  /** Asks for an end; if it is new it is the caller's until {@link #ended}. */
  synchronized Standing begin(String key) {
    if (done.containsKey(key)) {
      return Standing.DONE;
    }
    return inHand.add(key) ? Standing.NEW : Standing.IN_HAND;
  }

  /** The callback has returned, or has thrown: then whoever meets the end again may have it. */
  synchronized void ended(String key, boolean returned) {
    inHand.remove(key);
    if (returned) {
      done.put(key, true);
    }
  }
}
