package com.amazonaws.jobprocessor.executors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a command the better victim of the kernel's memory killer than the worker: it runs by way
 * of {@code choom}, which takes no right to raise a score, and whose process becomes the command.
 */
final class Victim {
  private static final int SCORE = 500;
  private static final Path CHOOM = Path.of("/usr/bin/choom");
  private static final Path OURS = Path.of("/proc/self/oom_score_adj");

  /** What choom says, with status 126 or 127, of a program that cannot be run. */
  private static final Pattern NOT_RUN = Pattern.compile("choom: (?s:(.*))");

  private static final boolean POSSIBLE = Files.isExecutable(CHOOM) && ourScore() < SCORE;

  private Victim() {}

  /** False if there is no choom, or if the worker is as good a victim already. */
  static boolean isPossible() {
    return POSSIBLE;
  }

  private static int ourScore() {
    try {
      return Integer.parseInt(Files.readString(OURS).strip());
    } catch (IOException | NumberFormatException e) {
      return SCORE; // not on Linux
    }
  }

  /** The command line that makes a victim of a command. */
  static List<String> of(List<String> command) {
    List<String> line = new ArrayList<>(List.of(CHOOM.toString(), "-n", "" + SCORE, "--"));
    line.addAll(command);
    return line;
  }

  /** Says, as a start without choom does, that the command could not be run. */
  static void throwIfNotRun(List<String> command, int status, String err) throws IOException {
    Matcher said = NOT_RUN.matcher(err.strip());
    if ((status == 126 || status == 127) && said.matches()) {
      throw new IOException("Cannot run program \"" + command.getFirst() + "\": " + said.group(1));
    }
  }
}
