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

/**
 * Runs a command for each job: the job on its standard input, the result from its standard output
 * (UTF-8, up to 1 MiB, line ends at the end taken off). Exit status 0 is success, any other a
 * failure, with the last lines of its standard error as the message.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code executor.command}: the program and its arguments, e.g. {@code python3
 *       /opt/jobs/run.py}. There is no shell: blanks separate, quotes and backslashes quote,
 *       nothing is expanded. Required.
 *   <li>{@code executor.permanent_exit_codes}: exit statuses, 1 to 255, after which a retry cannot
 *       help, separated by blanks, e.g. {@code 64 65}.
 * </ul>
 *
 * <p>The command's environment is the worker's without its secrets; {@code JOB_ID}, {@code
 * JOB_MESSAGE_ID} and {@code JOB_ATTEMPT} are added. At the time limit, and when the worker gives
 * the job back, the command and everything that it started gets SIGTERM, two seconds later SIGKILL.
 * What a command leaves running behind it is killed too.
 */
public final class ShellCommand implements JobAwareExecutor, Configurable {
  private static final int LONGEST_RESULT = 1024 * 1024;
  private static final int LONGEST_ERROR = 900;
  private static final long OUTPUT_GRACE_MILLIS = 1_000;

  private final Map<String, String> environment;
  private List<String> command = List.of();
  private Set<Integer> permanentExitCodes = Set.of();

  /** For the executor loader. */
  public ShellCommand() {
    this(System.getenv());
  }

  /** With an environment in the place of the worker's. */
  ShellCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void configure(Map<String, String> settings) {
    Options options = new Options("ShellCommand", settings);
    String text = options.required("command", "python3 /opt/jobs/run.py");
    permanentExitCodes = options.numbers("permanent_exit_codes", 1, 255);
    options.refuseRest();
    try {
      command = Words.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("executor.command: " + e.getMessage(), e);
    }
    if (command.isEmpty() || !isProgram(command.getFirst())) {
      throw new IllegalArgumentException(
          "executor.command: there is no program \""
              + (command.isEmpty() ? "" : command.getFirst())
              + "\" that can be run; give its path, or one that PATH has");
    }
  }

  private boolean isProgram(String name) {
    if (name.contains("/")) {
      return isExecutable(new File(name));
    }
    for (String folder :
        environment
            .getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin")
            .split(File.pathSeparator, -1)) {
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
    Process process = start(job, run);
    boolean good = false;
    try {
      Output out = Output.first(process.getInputStream(), LONGEST_RESULT);
      Output err = Output.last(process.getErrorStream(), LONGEST_ERROR);
      Thread.ofVirtual().name("input").start(() -> write(process.getOutputStream(), jobDefinition));
      int status = waitFor(process, out);
      awaitOutputs(process, run, out, err);
      good = true;
      return result(status, out, err);
    } finally {
      if (!good) {
        ProcessTree.end(process, run);
      }
    }
  }

  private Process start(JobContext job, String run) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(ChildEnvironment.of(environment, job, run));
    return builder.start();
  }

  private static void write(OutputStream in, String jobDefinition) {
    try (in) {
      in.write(jobDefinition.getBytes(UTF_8));
    } catch (IOException e) {
      // a command need not read its job
    }
  }

  private static int waitFor(Process process, Output out) throws InterruptedException {
    while (!process.waitFor(100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
      if (out.isTooLong()) {
        throw new IllegalStateException(
            "the command printed more than 1 MiB, which SQS does not take; it was killed");
      }
    }
    return process.exitValue();
  }

  /**
   * A child in the background may hold the outputs open for ever: it gets a second, then it is
   * killed.
   */
  private static void awaitOutputs(Process process, String run, Output out, Output err)
      throws InterruptedException {
    if (!out.awaitEnd(OUTPUT_GRACE_MILLIS) || !err.awaitEnd(OUTPUT_GRACE_MILLIS)) {
      ProcessTree.kill(process, run);
      out.awaitEnd(OUTPUT_GRACE_MILLIS);
      err.awaitEnd(OUTPUT_GRACE_MILLIS);
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
      throw new IllegalStateException(
          "the command printed more than 1 MiB, which SQS does not take");
    }
    String text = out.strictText();
    if (text == null) {
      throw new IllegalStateException("the command's standard output is not UTF-8");
    }
    return text.replaceFirst("[\\r\\n]+\\z", "");
  }

  private static String message(int status, Output err) {
    String lines = err.lastText().strip();
    return "exit status " + status + (lines.isEmpty() ? "" : ": " + lines);
  }
}
