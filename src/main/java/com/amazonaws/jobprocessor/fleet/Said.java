package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of each call that fails, once until it works, what it keeps the worker from; a missing right
 * by its name.
 */
public final class Said {
  private static final Logger log = LoggerFactory.getLogger(BoxEnd.class);
  private static final Set<String> DENIED =
      Set.of("AccessDenied", "AccessDeniedException", "UnauthorizedOperation");

  /** Is told of rights, by their names. */
  public interface Rights {
    /** One is missing. */
    void missing(String right, String consequence);

    /** One that was missing is there. */
    void granted(String right);
  }

  private static final Rights NOBODY =
      new Rights() {
        @Override
        public void missing(String right, String consequence) {}

        @Override
        public void granted(String right) {}
      };

  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<String>> codes = new HashMap<>();
  private final Map<String, String> missing = new HashMap<>();
  private final Rights rights;

  /** Nothing so far. */
  Said() {
    this(NOBODY);
  }

  /** Nothing so far. */
  public Said(Rights rights) {
    this.rights = rights;
  }

  /** True if the role lacks the right. */
  static boolean isDenied(CallFailed failure) {
    return DENIED.contains(failure.code());
  }

  /**
   * A call was refused, or failed again and again.
   *
   * @param action the one that was called, by its name in AWS's API
   * @param consequence what the worker does about it
   */
  synchronized void failed(String action, CallFailed failure, String consequence) {
    if (!codes.computeIfAbsent(action, _ -> new HashSet<>()).add(failure.code())) {
      return;
    }
    if (isDenied(failure)) {
      String right = Refusals.right(action, failure.service());
      missing.put(action, right);
      rights.missing(right, consequence);
      log.atWarn()
          .addKeyValue("right", right)
          .addKeyValue("message", failure.getMessage())
          .log("a right is missing: " + consequence);
    } else {
      log.atWarn()
          .addKeyValue("service", failure.service())
          .addKeyValue("action", action)
          .addKeyValue("error", failure.code())
          .addKeyValue("message", failure.getMessage())
          .log("call failed: " + consequence);
    }
  }

  /** A call was answered: if it fails again, that is said again. */
  synchronized void worked(String action) {
    codes.remove(action);
    String right = missing.remove(action);
    if (right != null) {
      rights.granted(right);
    }
  }

  /** Says something once. */
  void once(String text) {
    if (said.add(text)) {
      log.info(text);
    }
  }
}
