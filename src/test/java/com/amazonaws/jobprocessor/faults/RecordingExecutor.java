package com.amazonaws.jobprocessor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;

/**
 * Writes down every run at its begin and at its end, on a clock that all processes of the machine
 * share; no two runs have the same result. Jobs are {@code KIND MILLISECONDS NUMBER}: {@code good},
 * {@code bad}, {@code weak} (fails the first time), {@code deadly} (kills its worker once, between
 * the end of its run and its return).
 */
public final class RecordingExecutor implements JobAwareExecutor, Configurable {
  private Path register = Path.of("register");

  @Override
  public void configure(Map<String, String> settings) {
    register = Path.of(settings.getOrDefault("register", "register"));
  }

  @Override
  public String execute(String job, JobContext context) throws Exception {
    String run = UUID.randomUUID().toString();
    write("begin", context, run);
    String kind = job.substring(0, job.indexOf(' '));
    Thread.sleep(Long.parseLong(job.substring(job.indexOf(' ') + 1, job.lastIndexOf(' '))));
    write("end", context, run);
    if (kind.equals("bad") || (kind.equals("weak") && context.attempt() == 1)) {
      throw new IOException("as planned");
    }
    if (kind.equals("deadly") && isFirst(context.jobId())) {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
      Thread.sleep(60_000);
    }
    return job + " " + run;
  }

  private boolean isFirst(String jobId) throws IOException {
    try {
      Files.createFile(register.resolveSibling("died-of-" + jobId));
      return true;
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return false;
    }
  }

  /** One write to a file opened for appending: lines of several processes do not mix. */
  private void write(String event, JobContext job, String run) throws IOException {
    String names = String.join(" ", event, job.jobId(), job.messageId(), run);
    String line = names + " " + System.nanoTime() + "\n";
    Files.write(
        register, line.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
