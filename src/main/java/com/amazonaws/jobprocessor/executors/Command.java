package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A command as it was configured, and whether this box can run it. */
final class Command {
  private static final Pattern NOT_STARTED =
      Pattern.compile("^Cannot run program \".*?\"(?: \\(in directory \".*?\"\\))?: ");

  private final List<String> words;
  private final @Nullable File directory;
  private final String path;

  /** Arguments that were files when the command was configured, e.g. the script that it runs. */
  private final List<File> files;

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
    this.files = words.stream().skip(1).map(this::file).filter(File::isFile).toList();
  }

  /**
   * The command of the settings.
   *
   * @param text of {@code executor.command}
   * @param folder of {@code executor.working_directory}; null is where the worker runs
   * @param environment the worker's, for {@code PATH}
   * @throws IllegalArgumentException for the user, if this box cannot run it
   */
  static Command of(String text, @Nullable String folder, Map<String, String> environment) {
    List<String> words;
    try {
      words = Words.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("executor.command: " + e.getMessage(), e);
    }
    String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    Command parsed =
        new Command(
            words.isEmpty() ? List.of("") : words, folder == null ? null : directory(folder), path);
    String problem = parsed.problem();
    if (problem != null) {
      throw new IllegalArgumentException(
          "executor.command: "
              + problem
              + "; give the path of a program that can be run, or its name in PATH");
    }
    parsed.requireScript();
    return parsed;
  }

  /** As a program that is missing: every job would fail, and lose its attempts. */
  private void requireScript() {
    String script = Script.in(words);
    if (script == null || file(script).exists() || isInFolderOfPath(script)) {
      return;
    }
    File folder = directory == null ? new File("").getAbsoluteFile() : directory;
    throw new IllegalArgumentException(
        "executor.command: there is no file \""
            + script
            + "\""
            + (new File(script).isAbsolute() ? "" : " in " + folder)
            + "; give the path of the script that \""
            + words.getFirst()
            + "\" is to run");
  }

  /** Shells look for a script in PATH, too. */
  private boolean isInFolderOfPath(String script) {
    return !script.contains("/")
        && Stream.of(path.split(File.pathSeparator, -1))
            .anyMatch(folder -> new File(folder, script).isFile());
  }

  private static File directory(String folder) {
    File directory = new File(folder);
    if (!directory.isDirectory()) {
      throw new IllegalArgumentException(
          "executor.working_directory: \"" + folder + "\" is not a directory");
    }
    return directory;
  }

  private File file(String name) {
    File file = new File(name);
    return file.isAbsolute() ? file : new File(directory, name);
  }

  /**
   * Starts its process, apart from the worker where that is possible.
   *
   * @param redirects where its outputs go
   * @throws ExecutorUnavailable if it cannot be started
   */
  Process start(Map<String, String> environment, Consumer<ProcessBuilder> redirects) {
    ProcessBuilder builder =
        new ProcessBuilder(DetachedCommand.isPossible() ? DetachedCommand.of(words) : words);
    builder.directory(directory);
    builder.environment().clear();
    builder.environment().putAll(environment);
    redirects.accept(builder);
    try {
      return builder.start();
    } catch (IOException e) {
      // Nothing of it depends on the job: no memory, no processes, no interpreter, a broken disk.
      throw unavailable(reason(e), e);
    } catch (OutOfMemoryError e) {
      throw noThreads(e);
    }
  }

  /** One line, and not of {@code setsid}; the JDK's further lines are advice on the JDK. */
  static String reason(IOException e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return NOT_STARTED.matcher(line).replaceFirst("").strip();
  }

  /** This box cannot run it now. */
  ExecutorUnavailable unavailable(String why, @Nullable Throwable cause) {
    return new ExecutorUnavailable("cannot run \"" + words.getFirst() + "\": " + why, cause);
  }

  /** Too little heap is the job's failure; too few threads in the system is the box's. */
  RuntimeException noThreads(OutOfMemoryError e) {
    if (String.valueOf(e.getMessage()).contains("native thread")) {
      return unavailable("the system does not allow more threads", e);
    }
    throw e;
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
   * Why a run that has ended says nothing about its job: it could not be executed; or it has failed
   * and the program has gone meanwhile, or a file among its arguments, which was there when the
   * command was configured: a script may stand behind any number of words, as in {@code timeout 60
   * python3 -W ignore /opt/jobs/run.py}. Null if it is none of these.
   *
   * @param err all that it has printed on standard error
   */
  @Nullable String problemAfterEnd(int status, String err) {
    String why =
        DetachedCommand.isPossible() ? DetachedCommand.whyNotRun(words, status, err) : null;
    return why == null && status != 0 ? problemAfterFailure() : why;
  }

  private @Nullable String problemAfterFailure() {
    String problem = problem();
    return problem != null
        ? problem
        : files.stream()
            .filter(file -> !file.isFile())
            .findFirst()
            .map(file -> "the file \"" + file + "\" is gone")
            .orElse(null);
  }
}
