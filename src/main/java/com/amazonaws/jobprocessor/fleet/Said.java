package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of each call that fails, once, what it keeps the worker from; a missing right by its name.
 */
public final class Said {
  private static final Logger log = LoggerFactory.getLogger(BoxEnd.class);
  private static final Set<String> DENIED =
      Set.of("AccessDenied", "AccessDeniedException", "UnauthorizedOperation");

  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final BiConsumer<String, String> missing;

  /** Nothing so far. */
  Said() {
    this((_, _) -> {});
  }

  /**
   * Nothing so far.
   *
   * @param missing is told of each right that is missing, by its name, and of the consequence
   */
  public Said(BiConsumer<String, String> missing) {
    this.missing = missing;
  }

  /** True if the role lacks the right. */
  static boolean isDenied(CallFailed failure) {
    return DENIED.contains(failure.code());
  }

  /**
   * A call was refused, or failed again and again.
   *
   * @param consequence what the worker does about it
   */
  void failed(String action, CallFailed failure, String consequence) {
    if (!said.add(action + failure.code())) {
      return;
    }
    if (isDenied(failure)) {
      String right = Refusals.right(action, failure.service());
      missing.accept(right, consequence);
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

  /** Says something once. */
  void once(String text) {
    if (said.add(text)) {
      log.info(text);
    }
  }
}
