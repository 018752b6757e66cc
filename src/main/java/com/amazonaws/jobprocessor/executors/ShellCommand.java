package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a command for each job: the job on its standard input, the result from its standard output.
 *
 * <p>Exit status 0 is success, and the output is the result: UTF-8 of at most 64 MiB, else the
 * attempt fails as {@link ResultNotText} or {@link ResultTooLarge}; line ends at its end are taken
 * off, as {@code $(...)} does. Any other status is a failure, {@link CommandFailed}, whose message
 * is {@code exit status N:} or {@code killed by SIGNAME (exit status N):} and the end of the
 * standard error (at most 900 bytes, without colours). A command need not read its job.
 *
 * <p>If this box cannot run the command now, whatever the job, it is {@link
 * com.amazonaws.jobprocessor.ExecutorUnavailable}, which costs no attempt: the program, its
 * interpreter, the working directory, or an argument that was a file at the start, such as a
 * script, has gone, or there is no memory, process or thread for it.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code executor.command}: the program and its arguments, e.g. {@code python3
 *       /opt/jobs/run.py}. There is no shell: blanks separate, quotes and backslashes quote as in a
 *       POSIX shell, nothing is expanded. Required. A program that is missing is refused, and so is
 *       a script that is the first argument of a common interpreter.
 *   <li>{@code executor.permanent_exit_codes}: exit statuses, 1 to 255, after which a retry cannot
 *       help, separated by blanks or semicolons, e.g. {@code 64 65}: {@link CommandFailedForGood}.
 *       Default none.
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
  private static final long GRACE_MILLIS = 1_000;

  private final Map<String, String> environment;
  private final long graceMillis;
  private final AtomicBoolean pipesAreHeld = new AtomicBoolean();
  private Command command = new Command(List.of(""), null, "");
  private Set<Integer> permanentExitCodes = Set.of();

  /** For the executor loader. */
  public ShellCommand() {
    this(System.getenv(), GRACE_MILLIS);
  }

  /**
   * With an environment in the place of the worker's.
   *
   * @param graceMillis how long what a command leaves behind may hold its pipes open
   */
  ShellCommand(Map<String, String> environment, long graceMillis) {
    this.environment = environment;
    this.graceMillis = graceMillis;
  }

  @Override
  public void configure(Map<String, String> settings) {
    Options options = new Options("ShellCommand", settings);
    String text = options.required("command", "python3 /opt/jobs/run.py");
    permanentExitCodes = options.numbers("permanent_exit_codes", 1, 255);
    String folder = options.text("working_directory");
    Command read = options.checked(text, words -> Command.of(words, folder, environment));
    options.refuseProblems();
    command = Objects.requireNonNull(read);
  }

  @Override
  public String execute(String jobDefinition, JobContext job)
      throws IOException, InterruptedException {
    String mark = UUID.randomUUID().toString();
    try (CommandRun run = new CommandRun(command, mark, graceMillis, pipesAreHeld)) {
      int status = run.run(ChildEnvironment.of(environment, job, mark), jobDefinition);
      if (status != 0) {
        throw failure(status, run.errorLines());
      }
      return StrictText.of(run.output(), UTF_8, "the command's output", false);
    }
  }

  private RuntimeException failure(int status, String lines) {
    String message = ExitStatus.inWords(status) + (lines.isEmpty() ? "" : ": " + lines);
    return permanentExitCodes.contains(status)
        ? new CommandFailedForGood(message)
        : new CommandFailed(message);
  }
}
