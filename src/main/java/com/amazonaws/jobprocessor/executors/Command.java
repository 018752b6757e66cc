package com.amazonaws.jobprocessor.executors;

import java.io.File;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command as it was configured, and whether this box can run it. */
final class Command {
  private final List<String> words;
  private final @Nullable File directory;
  private final String path;
  private final @Nullable File script;

  /**
   * A command.
   *
   * @param words the program and its arguments, at least the program
   * @param directory where it runs; null is where the worker does
   * @param path the folders of {@code PATH}
   */
  Command(List<String> words, @Nullable File directory, String path) {
    this.words = List.copyOf(words);
    this.directory = directory;
    this.path = path;
    this.script = script();
  }

  /** {@code /opt/jobs/run.py} of {@code python3 -u /opt/jobs/run.py}, if there is such a file. */
  private @Nullable File script() {
    return words.stream()
        .skip(1)
        .filter(word -> !word.startsWith("-"))
        .findFirst()
        .map(this::file)
        .filter(File::isFile)
        .orElse(null);
  }

  private File file(String name) {
    File file = new File(name);
    return file.isAbsolute() ? file : new File(directory, name);
  }

  /** The program and its arguments. */
  List<String> words() {
    return words;
  }

  /** Where it runs; null is where the worker does. */
  @Nullable File directory() {
    return directory;
  }

  /** Why it cannot be run now, in words for the operator; null if it can. */
  @Nullable String problem() {
    if (directory != null && !directory.isDirectory()) {
      return "executor.working_directory: \"" + directory + "\" is not a directory";
    }
    String program = words.getFirst();
    if (!program.contains("/")) {
      return isInPath(program) ? null : "there is no program \"" + program + "\" in PATH";
    }
    File file = file(program);
    if (!file.isFile()) {
      return "there is no program \"" + program + "\"";
    }
    return file.canExecute() ? null : "\"" + program + "\" is not executable";
  }

  private boolean isInPath(String program) {
    for (String folder : path.split(File.pathSeparator, -1)) {
      File file = new File(folder, program);
      if (!program.isEmpty() && file.isFile() && file.canExecute()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Why a run that has failed says nothing about its job: the program has gone meanwhile, or the
   * script that it interprets, which was there when the command was configured. Null if nothing
   * has.
   */
  @Nullable String problemAfterFailure() {
    String problem = problem();
    if (problem == null && script != null && !script.isFile()) {
      return "the file \"" + script + "\" is gone";
    }
    return problem;
  }
}
