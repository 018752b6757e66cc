package com.amazonaws.jobprocessor.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long this machine took to boot. */
public final class Boot {
  private static final Path UPTIME = Path.of("/proc/uptime");

  /** A worker that starts later was started by somebody, not by the boot. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Pattern FORMAT = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?) ");

  private Boot() {}

  /**
   * From the kernel's start to this moment, which is to be early in the process's life; null if
   * that was no boot, or is not known. EC2 needs some seconds before it, which nobody tells.
   */
  public static @Nullable Duration time() {
    try {
      return time(Files.readString(UPTIME));
    } catch (IOException e) {
      return null;
    }
  }

  /** As {@code /proc/uptime} has it: seconds, a blank, and another number. */
  static @Nullable Duration time(String uptime) {
    Matcher matcher = FORMAT.matcher(uptime);
    if (!matcher.lookingAt()) {
      return null;
    }
    Duration time = Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * 1_000));
    return time.compareTo(LONGEST) < 0 ? time : null;
  }
}
