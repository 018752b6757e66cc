package com.amazonaws.jobprocessor.daemon;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param offline true for a check that makes no network call
 * @param userData the text given with {@code --user-data}, or null
 * @param userDataFile the file given with {@code --user-data-file}, {@code -} for standard input,
 *     or null
 */
record CommandLine(
    Action action, boolean offline, @Nullable String userData, @Nullable Path userDataFile) {
  /** What to do. */
  enum Action {
    RUN,
    CHECK,
    HELP,
    VERSION
  }

  /**
   * Reads the arguments.
   *
   * @throws StartRefused if they are invalid
   */
  static CommandLine parse(String... args) throws StartRefused {
    Action action = Action.RUN;
    boolean offline = false;
    String userData = null;
    Path file = null;
    for (int i = 0; i < args.length; i++) {
      String option = args[i];
      switch (option) {
        case "--help", "-h" -> action = Action.HELP;
        case "--version" -> action = Action.VERSION;
        case "--check" -> action = action == Action.RUN ? Action.CHECK : action;
        case "--offline" -> offline = true;
        case "--user-data" -> userData = valueOf(option, args, ++i);
        case "--user-data-file" -> file = path(option, valueOf(option, args, ++i));
        default -> throw unknown(option, i + 1);
      }
    }
    if (userData != null && file != null) {
      throw StartRefused.badSettings(
          "--user-data and --user-data-file: give one of them, not both");
    }
    if (offline && action == Action.RUN) {
      throw StartRefused.badSettings("--offline: goes with --check only");
    }
    return new CommandLine(action, offline, userData, file);
  }

  private static String valueOf(String option, String[] args, int at) throws StartRefused {
    if (at >= args.length) {
      throw StartRefused.badSettings(option + ": needs a value; see --help");
    }
    return args[at];
  }

  private static Path path(String option, String name) throws StartRefused {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) { // a character that the locale's encoding does not have
      throw StartRefused.badSettings(
          option + ": not a file name in this locale; rename the file, or set LC_ALL=C.UTF-8");
    }
  }

  /** Shows no more of an unknown argument than its name: its value may be a secret. */
  private static StartRefused unknown(String argument, int number) {
    String name;
    if (argument.startsWith("--")) {
      name = argument.replaceFirst("[^A-Za-z0-9-](?s:.*)", "") + ": unknown";
    } else if (argument.matches("-[A-Za-z]")) {
      name = argument + ": unknown";
    } else {
      name = "argument " + number + ": no option (not shown, because it may hold a secret)";
    }
    return StartRefused.badSettings(
        name
            + "; allowed are --user-data TEXT, --user-data-file FILE, --check, --offline, --help, --version"
            + " (values follow their option after a blank)");
  }
}
