package com.amazonaws.jobprocessor.daemon;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is, by sd_notify(3) of its own library; silent if it was not
 * systemd that started us, or if it does not want to know.
 */
final class Systemd implements Heartbeat.Manager {
  private static final Logger log = LoggerFactory.getLogger(Systemd.class);
  private static final int LONGEST = 2000;

  private final @Nullable MethodHandle notify;
  private final @Nullable Duration watchdog;

  private Systemd(@Nullable MethodHandle notify, @Nullable Duration watchdog) {
    this.notify = notify;
    this.watchdog = watchdog;
  }

  /**
   * As the environment says: {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC}, {@code WATCHDOG_PID}.
   */
  static Systemd of(Map<String, String> environment) {
    if (environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty()) {
      return new Systemd(null, null);
    }
    try {
      return new Systemd(find(), watchdog(environment));
    } catch (IllegalArgumentException | IllegalStateException | LinkageError e) {
      log.atWarn()
          .addKeyValue("error", e.getMessage())
          .log("libsystemd cannot be used: systemd will not hear that the worker is ready");
      return new Systemd(null, null);
    }
  }

  @SuppressWarnings("restricted") // a native function; the start script allows it
  private static MethodHandle find() {
    SymbolLookup library = SymbolLookup.libraryLookup("libsystemd.so.0", Arena.global());
    return Linker.nativeLinker()
        .downcallHandle(
            library.find("sd_notify").orElseThrow(IllegalStateException::new),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  }

  /** As sd_watchdog_enabled(3) decides. */
  private static @Nullable Duration watchdog(Map<String, String> environment) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    boolean ours = pid.isEmpty() || pid.equals(Long.toString(ProcessHandle.current().pid()));
    return ours && micros.matches("[1-9]\\d{0,17}")
        ? Duration.ofNanos(1_000 * Math.min(Long.parseLong(micros), Long.MAX_VALUE / 1_000))
        : null;
  }

  @Override
  public boolean listens() {
    return notify != null;
  }

  @Override
  public @Nullable Duration watchdog() {
    return watchdog;
  }

  /** Line ends become blanks, and what is too long is cut. */
  @Override
  public void send(String... assignments) {
    if (notify == null) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (String assignment : assignments) {
      String line = assignment.replace('\n', ' ').replace('\0', ' ');
      text.append(line, 0, Math.min(LONGEST, line.length())).append('\n');
    }
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) notify.invokeExact(0, arena.allocateFrom(text.toString()));
    } catch (Throwable e) {
      throw new IllegalStateException(e); // a function of C throws nothing
    }
  }
}
