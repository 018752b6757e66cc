package com.amazonaws.jobprocessor.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which of our output goes to systemd's journal, where a line begins with its priority. */
final class Journal {
  private static final String ERROR = "<3>";

  private Journal() {}

  /** True if standard output goes to the journal. */
  static boolean takesOut() {
    return takesOut(stream(), identity(1), identity(2), isSocket(1));
  }

  /**
   * systemd names one of the two by device and inode: standard error, if both go to the journal
   * (systemd.exec(5)), even if each has a socket of its own, as with {@code journal+console}.
   */
  static boolean takesOut(String stream, String out, String err, boolean outIsSocket) {
    return !stream.isEmpty() && (stream.equals(out) || (stream.equals(err) && outIsSocket));
  }

  /** Prints lines on standard error, as errors if that is the journal. */
  static void printErrors(List<String> lines) {
    String stream = stream();
    String head = !stream.isEmpty() && stream.equals(identity(2)) ? ERROR : "";
    lines.forEach(line -> System.err.println(head + line));
  }

  private static String stream() {
    return System.getenv().getOrDefault("JOURNAL_STREAM", "");
  }

  private static String identity(int descriptor) {
    try {
      Path path = Path.of("/proc/self/fd/" + descriptor);
      return Files.getAttribute(path, "unix:dev") + ":" + Files.getAttribute(path, "unix:ino");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "unknown";
    }
  }

  private static boolean isSocket(int descriptor) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
          .toString()
          .startsWith("socket:");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
