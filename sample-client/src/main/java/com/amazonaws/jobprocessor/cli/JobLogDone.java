package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.message.Printable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.HashMap;
import java.util.Map;

/** The jobs that a log says have succeeded; they are not run again. */
final class JobLogDone {
  private static final int COLUMNS = 9;

  /** By the number of a line the digest of what stood there. */
  private final Map<Long, String> done = new HashMap<>();

  private JobLogDone() {}

  /** None has succeeded. */
  static JobLogDone none() {
    return new JobLogDone();
  }

  /**
   * Reads a log. A last line that is not whole, as a full disk or a crash leaves one, is taken
   * away.
   *
   * @throws UserError if there is no such file, or it is no log of this kind
   */
  static JobLogDone read(String name) {
    JobLogDone done = new JobLogDone();
    long whole = 0;
    long position = 0;
    long number = 0;
    try (InputStream in = new BufferedInputStream(Input.open(name))) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        position++;
        if (b != '\n') {
          line.write(b);
          continue;
        }
        done.take(name, ++number, line.toString(UTF_8));
        line.reset();
        whole = position;
      }
      if (number == 0) {
        throw new UserError(notALog(name, 1));
      }
    } catch (IOException e) {
      throw Input.unreadable(name, e);
    }
    if (whole < position) {
      cut(name, whole);
    }
    return done;
  }

  private static void cut(String name, long whole) {
    try (RandomAccessFile file = new RandomAccessFile(name, "rw")) {
      file.setLength(whole);
    } catch (IOException e) {
      throw new UserError("--joblog: cannot write \"" + name + "\": " + Failures.reason(e));
    }
  }

  private void take(String name, long number, String line) {
    if (number == 1) {
      if (!line.equals(JobLog.HEADER)) {
        throw new UserError(notALog(name, 1));
      }
      return;
    }
    String[] columns = line.split("\t", COLUMNS);
    if (columns.length < COLUMNS || !columns[0].matches("[0-9]{1,18}")) {
      throw new UserError(notALog(name, number));
    }
    if (columns[6].equals("0") && columns[7].equals("0")) {
      done.put(Long.valueOf(columns[0]), Printable.sha256(columns[8]));
    }
  }

  private static String notALog(String name, long line) {
    return "--joblog: line "
        + line
        + " of \""
        + name
        + "\" is not a job log entry, whose columns are Seq Host Starttime JobRuntime Send Receive"
        + " Exitval Signal Command";
  }

  /**
   * True if the job of this line has succeeded.
   *
   * @throws Bucket.Unusable if another job stood there
   */
  boolean isDone(long line, String definition) throws Bucket.Unusable {
    String known = done.get(line);
    if (known == null) {
      return false;
    }
    if (!known.equals(Printable.sha256(JobLog.command(definition)))) {
      throw new Bucket.Unusable(
          "is not the job that the job log has there: --resume wants the same file, unchanged");
    }
    return true;
  }

  /** How many jobs have succeeded. */
  int count() {
    return done.size();
  }
}
