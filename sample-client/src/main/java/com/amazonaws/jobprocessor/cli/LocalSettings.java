package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.OwnExecutors;
import com.amazonaws.jobprocessor.config.Problem;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.config.Source;
import com.amazonaws.jobprocessor.plugin.ExecutorLoader;
import com.amazonaws.jobprocessor.plugin.ExecutorProblem;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say which executor runs jobs in this process, and with which settings. */
final class LocalSettings {
  private static final int MAX_FILE = 1024 * 1024;

  @Option(
      names = "--executor",
      paramLabel = "CLASS",
      description =
          "executor, as job_executor= names it: a class of a jar, or one of ours by its simple name;"
              + " wins over user data (default: Sleep)")
  private String executor;

  @Option(
      names = "--lib",
      paramLabel = "PATH",
      description =
          "folder with the executor's jars, or its only jar (default: JOB_PROCESSOR_LIB, else lib/ of"
              + " this program)")
  private Path lib;

  @Option(
      names = "--user-data",
      paramLabel = "TEXT",
      description =
          "a worker's settings, key=value, separated by commas or lines, executor.NAME among them;"
              + " those of queues, AWS and the box are read, and not used")
  private String userData;

  @Option(
      names = "--user-data-file",
      paramLabel = "FILE",
      description = "the same from a file; - is standard input")
  private String userDataFile;

  /** What is wrong with settings or executor: a line for each reason. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<String> lines;

    Refused(List<String> lines) {
      super(String.join("; ", lines));
      this.lines = List.copyOf(lines);
    }

    List<String> lines() {
      return lines;
    }
  }

  boolean readsStandardInput() {
    return userData == null && userDataFile != null && Input.isStandardInput(userDataFile);
  }

  /**
   * Reads the settings, as a worker would.
   *
   * @throws Refused with everything that is wrong with them
   */
  Configuration read(Stop stop) throws Exception {
    if (userData != null && userDataFile != null) {
      throw new Refused(List.of("--user-data and --user-data-file: give one of them, not both"));
    }
    List<Source> sources = new ArrayList<>();
    sources.add(new Source("the default", "job_executor=Sleep"));
    List<Problem> problems = new ArrayList<>();
    if (userData != null) {
      problems.addAll(Configuration.refusedOnCommandLine(userData));
      sources.add(new Source("--user-data", userData));
    }
    if (userDataFile != null) {
      sources.add(new Source("--user-data-file", text(userDataFile, stop)));
    }
    if (executor != null) {
      sources.add(new Source("--executor", "job_executor=" + escaped(executor)));
    }
    Configuration read = Configuration.read(sources, Runtime.getRuntime().availableProcessors());
    problems.addAll(read.problems());
    if (!problems.isEmpty()) {
      throw new Refused(problems.stream().map(Problem::message).toList());
    }
    return read;
  }

  /** No more than one entry, whatever is in it. */
  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("\n", " ");
  }

  private static String text(String file, Stop stop) throws Exception {
    try (InputStream in = Input.open(file)) {
      byte[] bytes = stop.unless(() -> in.readNBytes(MAX_FILE + 1));
      if (bytes.length > MAX_FILE) {
        throw new UserError("\"" + file + "\" has more than 1 MiB; EC2 allows 16 KiB of user data");
      }
      return Input.text(file, bytes, "settings");
    } catch (IOException e) {
      throw Input.unreadable(file, e);
    }
  }

  /** The folder of jars that the options name. */
  JarFolder jars(Subcommand command) {
    if (lib != null) {
      return JarFolder.of(command, "--lib", lib);
    }
    String folder = System.getenv().getOrDefault("JOB_PROCESSOR_LIB", "");
    String home = System.getProperty("jobprocessor.home", "");
    return new JarFolder(folder.isEmpty() ? Path.of(home, "lib") : Path.of(folder), null);
  }

  /**
   * Loads the executor, in a class loader of its own as in a worker.
   *
   * @throws Refused if it cannot be used
   */
  static LoadedExecutor load(Settings.Executor wanted, Path folder) throws Refused {
    try {
      return new ExecutorLoader(folder).load(wanted.className(), wanted.settings());
    } catch (ExecutorProblem e) {
      String near = e.isMissing() ? OwnExecutors.nearest(wanted.className()) : null;
      String hint = near == null ? "" : "; or did you mean " + near + "?";
      throw new Refused(List.of(e.getMessage() + hint));
    }
  }
}
