package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A log with a line for each job that has ended, in the columns of GNU parallel's {@code --joblog}
 * (https://www.gnu.org/software/parallel/parallel.html). Safe for threads.
 */
final class JobLog implements AutoCloseable {
  /** The first line. */
  static final String HEADER =
      "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand";

  /** No log. */
  static final JobLog NONE = new JobLog("", Writer.nullWriter(), _ -> 0);

  private final String name;
  private final Writer log;
  private final ToLongFunction<String> seq;
  private final Map<String, String> definitions = new HashMap<>();

  private JobLog(String name, Writer log, ToLongFunction<String> seq) {
    this.name = name;
    this.log = log;
    this.seq = seq;
  }

  /**
   * Begins a log.
   *
   * @param seq tells the first column by a job's id
   * @throws UserError if there is such a file, or it cannot be written
   */
  static JobLog create(String name, ToLongFunction<String> seq) {
    try {
      JobLog log = new JobLog(name, open(FileName.path(name), StandardOpenOption.CREATE_NEW), seq);
      log.line(HEADER);
      log.flush();
      return log;
    } catch (FileAlreadyExistsException e) {
      throw new UserError(
          "--joblog: there is a file \""
              + name
              + "\" already; name another one, or delete it (run --resume goes on from it)");
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  /** Goes on with a log that is there, behind its last line. */
  static JobLog append(String name, ToLongFunction<String> seq) {
    try {
      return new JobLog(name, open(FileName.path(name), StandardOpenOption.APPEND), seq);
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  private static Writer open(Path file, StandardOpenOption option) throws IOException {
    return new BufferedWriter(
        Files.newBufferedWriter(file, UTF_8, StandardOpenOption.WRITE, option));
  }

  private static UserError unwritable(String name, IOException e) {
    return new UserError("--joblog: cannot write \"" + name + "\": " + Failures.reason(e));
  }

  /** Takes note of what a job is to do, until it has ended: the column Command. */
  synchronized void begins(String jobId, String definition) {
    if (this != NONE) {
      definitions.put(jobId, definition);
    }
  }

  /** A job will not be sent. */
  synchronized void refused(String jobId) {
    definitions.remove(jobId);
  }

  /** A job has succeeded. */
  synchronized void result(JobResult result, String body, Delivery message) {
    long millis = result.duration().orElse(0);
    line(result.jobId(), result.workerId(), start(message, millis), millis, body, 0);
  }

  /** A job has failed for good. */
  synchronized void failure(String jobId, Delivery letter) {
    String worker = Messages.text(letter, MessageFormat.WORKER_ID);
    line(jobId, worker, start(letter, 0), 0, "", 1);
  }

  /** About when the last attempt began: the worker sends at its end. */
  private static long start(Delivery message, long millis) {
    Long sent = message.sentAtMillis();
    return (sent == null ? Instant.now().toEpochMilli() : sent) - millis;
  }

  private void line(
      String jobId, String host, long startMillis, long millis, String body, int exit) {
    if (this == NONE) {
      return;
    }
    String definition = definitions.remove(jobId);
    String command = definition == null ? jobId : definition;
    line(
        String.format(
            Locale.ROOT,
            "%d\t%s\t%.3f\t%10.3f\t%d\t%d\t%d\t0\t%s",
            seq.applyAsLong(jobId),
            host.isEmpty() ? ":" : Text.oneLine(host),
            startMillis / 1_000.0,
            millis / 1_000.0,
            definition == null ? 0 : MessageFormat.utf8Length(definition),
            MessageFormat.utf8Length(body),
            exit,
            command(command)));
  }

  /** A definition as it stands in the last column: on one line, tabs as they are. */
  static String command(String definition) {
    return definition.replace("\r", "\\r").replace("\n", "\\n");
  }

  private void line(String line) {
    try {
      log.write(line);
      log.write('\n');
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  /** What cannot be written is not to be taken from the queue. */
  synchronized void flush() {
    try {
      log.flush();
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  @Override
  public synchronized void close() {
    if (this == NONE) {
      return;
    }
    try {
      log.close();
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }
}
