package com.amazonaws.jobprocessor.executors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command apart from the worker, by way of programs whose process becomes the command's.
 *
 * <p>{@code setsid}: in a session of its own, since {@code kill 0} signals a whole group, to which
 * worker and commands would belong. {@code choom}: the better victim of the kernel's memory killer
 * than the worker; it takes no right to raise a score.
 */
final class DetachedCommand {
  private static final int SCORE = 500;
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final Path CHOOM = Path.of("/usr/bin/choom");
  private static final Path OURS = Path.of("/proc/self/oom_score_adj");

  private static final List<String> PREFIX = prefix();

  private DetachedCommand() {}

  private static List<String> prefix() {
    List<String> prefix = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      prefix.add(SETSID.toString());
    }
    if (Files.isExecutable(CHOOM) && ourScore() < SCORE) {
      prefix.addAll(List.of(CHOOM.toString(), "-n", "" + SCORE, "--"));
    }
    return prefix;
  }

  private static int ourScore() {
    try {
      return Integer.parseInt(Files.readString(OURS).strip());
    } catch (IOException | NumberFormatException e) {
      return SCORE; // not on Linux
    }
  }

  /** False on a machine without these programs. */
  static boolean isPossible() {
    return !PREFIX.isEmpty();
  }

  /** The command line that runs a command apart. */
  static List<String> of(List<String> command) {
    List<String> line = new ArrayList<>(PREFIX);
    line.addAll(command);
    return line;
  }

  /**
   * Why these programs could not run the command, or null if it has run: its own standard error may
   * look like theirs, but hardly names the command itself as what cannot be executed.
   *
   * @param err all that was printed on standard error
   */
  static @Nullable String whyNotRun(List<String> command, int status, String err) {
    String line = err.strip();
    boolean theirs =
        (status == 126 || status == 127)
            && (line.startsWith("setsid: ") || line.startsWith("choom: "))
            && line.indexOf('\n') < 0;
    if (theirs) {
      for (String program : List.of(command.getFirst(), CHOOM.toString())) {
        int name = line.indexOf(program + ": ");
        if (name >= 0) {
          return line.substring(name + program.length() + 2);
        }
      }
    }
    return null;
  }
}
