package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command for each job: the job on its standard input, the result from its standard output.
 *
 * <p>Exit status 0 is success. Any other is a failure whose message is {@code exit status N:} and
 * the end of the standard error (at most 900 bytes). The output is UTF-8 of at most 1 MiB, else the
 * attempt fails; line ends at its end are taken off, as {@code $(...)} does. A command need not
 * read its job.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code executor.command}: the program and its arguments, e.g. {@code python3
 *       /opt/jobs/run.py}. There is no shell: blanks separate, quotes and backslashes quote as in a
 *       POSIX shell, nothing is expanded. Required.
 *   <li>{@code executor.permanent_exit_codes}: exit statuses, 1 to 255, after which a retry cannot
 *       help, separated by blanks or semicolons, e.g. {@code 64 65}. Default none.
 *   <li>{@code executor.working_directory}: where the command runs. Default: where the worker does.
 * </ul>
 *
 * <p>The command's environment is the worker's without AWS credentials, without what speaks for the
 * service, and without every variable whose name contains secret, token, password or key; {@code
 * JOB_ID}, {@code JOB_MESSAGE_ID}, {@code JOB_ATTEMPT} and {@code JOB_PROCESSOR_RUN} are added.
 *
 * <p>At the time limit, and when the worker gives the job back, the command and everything that it
 * started gets SIGTERM, and two seconds later SIGKILL. What a command leaves running in the
 * background is killed when it ends, or a second later if it still holds the command's output. Only
 * a background process that clears its environment as well escapes.
 *
 * <p>When memory is short, Linux kills the command rather than the worker ({@code choom} of
 * util-linux).
 */
public final class ShellCommand implements JobAwareExecutor, Configurable {
  private static final int LONGEST_RESULT = 1024 * 1024;
  private static final int LONGEST_ERROR = 900;
  private static final long OUTPUT_GRACE_MILLIS = 1_000;

  private final Map<String, String> environment;
  private final long outputGraceMillis;
  private List<String> command = List.of();
  private Set<Integer> permanentExitCodes = Set.of();
  private @Nullable File directory;

  /** For the executor loader. */
  public ShellCommand() {
    this(System.getenv(), OUTPUT_GRACE_MILLIS);
  }

  /**
   * With an environment in the place of the worker's.
   *
   * @param outputGraceMillis how long what a command leaves behind may hold its outputs open
   */
  ShellCommand(Map<String, String> environment, long outputGraceMillis) {
    this.environment = environment;
    this.outputGraceMillis = outputGraceMillis;
  }

  @Override
  public void configure(Map<String, String> settings) {
    Options options = new Options("ShellCommand", settings);
    String text = options.required("command", "python3 /opt/jobs/run.py");
    permanentExitCodes = options.numbers("permanent_exit_codes", 1, 255);
    String folder = options.text("working_directory");
    options.refuseRest();
    directory = folder == null ? null : directory(folder);
    command = command(text);
  }

  private static File directory(String folder) {
    File directory = new File(folder);
    if (!directory.isDirectory()) {
      throw new IllegalArgumentException(
          "executor.working_directory: \"" + folder + "\" is no directory");
    }
    return directory;
  }

  private List<String> command(String text) {
    List<String> words;
    try {
      words = Words.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("executor.command: " + e.getMessage(), e);
    }
    if (words.isEmpty() || !isProgram(words.getFirst())) {
      throw new IllegalArgumentException(
          "executor.command: there is no program \""
              + (words.isEmpty() ? "" : words.getFirst())
              + "\" that can be run; give its path, or one that PATH has");
    }
    return words;
  }

  private boolean isProgram(String name) {
    if (name.contains("/")) {
      File file = new File(name);
      return isExecutable(file.isAbsolute() ? file : new File(directory, name));
    }
    String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (isExecutable(new File(folder, name))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isExecutable(File file) {
    return file.isFile() && file.canExecute();
  }

  @Override
  public String execute(String jobDefinition, JobContext job)
      throws IOException, InterruptedException {
    String run = UUID.randomUUID().toString();
    boolean apart = Apart.isPossible() && isProgram(command.getFirst());
    Process process = start(apart ? Apart.of(command) : command, job, run);
    ProcessTree tree = new ProcessTree(process, run);
    boolean ended = false;
    try {
      Output out = Output.first(process.getInputStream(), LONGEST_RESULT);
      Output err = Output.last(process.getErrorStream(), LONGEST_ERROR);
      feed(process.getOutputStream(), jobDefinition);
      int status = waitFor(process, out);
      endLeftovers(tree, out, err);
      ended = true;
      if (apart) {
        Apart.throwIfNotRun(command, status, err.lastText());
      }
      return result(status, out, err);
    } finally {
      if (!ended) {
        tree.end();
      }
    }
  }

  private Process start(List<String> line, JobContext job, String run) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.directory(directory);
    builder.environment().clear();
    builder.environment().putAll(ChildEnvironment.of(environment, job, run));
    return builder.start();
  }

  /** Beside the slot's thread: a command may fill its output before it reads its job. */
  private static void feed(OutputStream in, String jobDefinition) {
    Thread.ofPlatform()
        .daemon()
        .name("command-input")
        .start(
            () -> {
              try (in) {
                in.write(jobDefinition.getBytes(UTF_8));
              } catch (IOException e) {
                // a command need not read its job
              }
            });
  }

  private static int waitFor(Process process, Output out) throws InterruptedException {
    while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
      if (out.isTooLong()) {
        throw tooLong();
      }
    }
    return process.exitValue();
  }

  /** A child in the background may hold the outputs open for ever: it gets a second. */
  private void endLeftovers(ProcessTree tree, Output out, Output err) throws InterruptedException {
    boolean closed = out.awaitEnd(outputGraceMillis) && err.awaitEnd(outputGraceMillis);
    tree.kill();
    if (!closed) {
      out.awaitEnd(outputGraceMillis);
      err.awaitEnd(outputGraceMillis);
    }
  }

  private String result(int status, Output out, Output err) {
    if (permanentExitCodes.contains(status)) {
      throw new PermanentJobFailure(message(status, err));
    }
    if (status != 0) {
      throw new IllegalStateException(message(status, err));
    }
    if (out.isTooLong()) {
      throw tooLong();
    }
    String text = out.strictText();
    if (text == null) {
      throw new IllegalStateException("the command's standard output is not UTF-8");
    }
    return withoutLineEnds(text);
  }

  /** A loop, since the regular expression for it takes hours for a mebibyte of empty lines. */
  private static String withoutLineEnds(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }

  private static IllegalStateException tooLong() {
    return new IllegalStateException(
        "the command printed more than 1 MiB, which SQS does not take");
  }

  private static String message(int status, Output err) {
    String lines = err.lastText().strip();
    return "exit status " + status + (lines.isEmpty() ? "" : ": " + lines);
  }
}
