package com.amazonaws.jobprocessor.systemd;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells systemd how this process fares: sd_notify(3). Safe for use by several threads. */
public final class Systemd implements Consumer<String> {
  private static final Logger log = LoggerFactory.getLogger(Systemd.class);

  private final MethodHandle notify;
  private final AtomicBoolean failed = new AtomicBoolean();

  private Systemd(MethodHandle notify) {
    this.notify = notify;
  }

  /** systemd, if it has started this process and wants to be told; libsystemd is loaded then. */
  public static Optional<Systemd> of(Map<String, String> environment) {
    return of(environment, "libsystemd.so.0");
  }

  static Optional<Systemd> of(Map<String, String> environment, String library) {
    if (environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Systemd(sdNotify(library)));
    } catch (RuntimeException | LinkageError e) {
      log.atWarn()
          .addKeyValue("library", library)
          .addKeyValue("error", e)
          .log(
              "systemd wants to be told how the worker fares, but its library cannot be loaded;"
                  + " a unit of Type=notify will not come up");
      return Optional.empty();
    }
  }

  @SuppressWarnings("restricted") // bin/job-processor allows it
  private static MethodHandle sdNotify(String library) {
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    return Linker.nativeLinker()
        .downcallHandle(
            symbols.findOrThrow("sd_notify"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  /**
   * How often systemd wants to hear WATCHDOG=1 of this process, if it does: sd_watchdog_enabled(3).
   */
  public static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
    String microseconds = environment.getOrDefault("WATCHDOG_USEC", "");
    String forPid = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
    return microseconds.matches("0*[1-9][0-9]{0,14}") && forPid.equals(Long.toString(pid))
        ? Optional.of(Duration.ofNanos(Long.parseLong(microseconds) * 1_000))
        : Optional.empty();
  }

  /**
   * True if systemd has started this process itself, and so looks at its exit status:
   * systemd.exec(5), "Environment Variables Set or Propagated by the Service Manager". Children of
   * a service have INVOCATION_ID as well; from version 248 on SYSTEMD_EXEC_PID tells them apart.
   */
  public static boolean hasStarted(Map<String, String> environment, long pid) {
    String mainPid = environment.getOrDefault("SYSTEMD_EXEC_PID", "");
    boolean isMain =
        mainPid.isEmpty()
            ? !environment.getOrDefault("INVOCATION_ID", "").isEmpty()
            : mainPid.equals(Long.toString(pid));
    return isMain || !environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty();
  }

  /** Sends assignments, one a line. */
  @Override
  public void accept(String state) {
    int result = send(state);
    if (result < 0 && failed.compareAndSet(false, true)) {
      log.atWarn().addKeyValue("errno", -result).log("systemd cannot be told how the worker fares");
    }
  }

  private int send(String state) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(state);
      return (int) notify.invokeExact(0, text); // 0: the variable stays in the environment
    } catch (Throwable t) { // what invokeExact declares
      throw new IllegalStateException(t);
    }
  }
}
