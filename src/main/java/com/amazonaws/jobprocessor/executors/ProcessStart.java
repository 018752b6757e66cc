package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.JobContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * How a process that stays is started.
 *
 * @param environment the worker's
 * @param startTimeout how long it may take to begin its first job
 * @param budgets of the lines of standard error that are logged
 */
record ProcessStart(
    Command command, Map<String, String> environment, Duration startTimeout, ErrorBudgets budgets) {
  /**
   * Starts one.
   *
   * @param first its first job
   * @throws ExecutorUnavailable if it cannot be started
   */
  LastingProcess start(JobContext first) throws InterruptedException {
    String problem = command.problem();
    if (problem != null) {
      throw command.unavailable(problem, null);
    }
    String mark = UUID.randomUUID().toString();
    Map<String, String> child = ChildEnvironment.of(environment, mark);
    // Otherwise Python buffers what it prints to a pipe, and the worker waits forever.
    child.putIfAbsent("PYTHONUNBUFFERED", "1");
    Pipes pipes = Pipes.of(command, Pipes::make);
    Process process = null;
    boolean started = false;
    try {
      Process running = command.start(child, pipes::connect);
      process = running;
      pipes.connected();
      Runnable breakOff = () -> breakOff(running, pipes);
      ErrorLines errors = ErrorLines.read(first, pipes.errors(), breakOff, budgets);
      ProcessTree tree = new ProcessTree(running, mark);
      LastingProcess lasting =
          new LastingProcess(command, running, tree, pipes, startTimeout, errors);
      started = true;
      return lasting;
    } catch (IOException e) {
      throw command.unavailable("cannot connect to it: " + Command.reason(e), e);
    } catch (OutOfMemoryError e) {
      throw command.noThreads(e);
    } finally {
      if (!started) {
        new ProcessTree(process, mark).kill();
        pipes.close();
      }
    }
  }

  /** Nobody waits for its answer any longer, even if a child holds its output open. */
  private static void breakOff(Process process, Pipes pipes) {
    process.destroyForcibly();
    pipes.closeOutput();
  }
}
