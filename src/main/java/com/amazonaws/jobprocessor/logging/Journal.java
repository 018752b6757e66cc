package com.amazonaws.jobprocessor.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of this process's outputs the journal reads: there a line may begin with its level, as in
 * sd-daemon(3).
 */
public final class Journal {
  private static final Journal OURS =
      new Journal(System.getenv(), Output.ofDescriptor(1), Output.ofDescriptor(2));
  private static final int FILE_TYPE = 0170000; // S_IFMT and S_IFSOCK of stat(2)
  private static final int SOCKET = 0140000;

  private final boolean readsOut;
  private final boolean readsErr;

  /**
   * What a descriptor leads to.
   *
   * @param id device and inode, as JOURNAL_STREAM has them
   */
  record Output(String id, boolean isSocket) {
    /** Null if it cannot be told. */
    static @Nullable Output ofDescriptor(int number) {
      try {
        Map<String, Object> facts =
            Files.readAttributes(Path.of("/proc/self/fd/" + number), "unix:dev,ino,mode");
        return new Output(
            facts.get("dev") + ":" + facts.get("ino"),
            facts.get("mode") instanceof Integer mode && (mode & FILE_TYPE) == SOCKET);
      } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
        return null;
      }
    }
  }

  /**
   * JOURNAL_STREAM names standard error's socket if both outputs go to the journal
   * (systemd.exec(5)), each to one of its own if standard error goes to the console as well:
   * standard output is taken for the journal's then if it is a socket.
   */
  Journal(Map<String, String> environment, @Nullable Output out, @Nullable Output err) {
    String stream = environment.getOrDefault("JOURNAL_STREAM", "");
    readsErr = err != null && err.id().equals(stream);
    readsOut = out != null && (out.id().equals(stream) || (readsErr && out.isSocket()));
  }

  /** Of this process. */
  public static Journal ours() {
    return OURS;
  }

  /** True if it reads standard output. */
  public boolean readsOut() {
    return readsOut;
  }

  /** True if it reads standard error. */
  public boolean readsErr() {
    return readsErr;
  }

  /**
   * Prints on standard error why the worker cannot start; in the journal, and on the console, these
   * are errors.
   */
  public void printRefusal(List<String> lines) {
    printRefusal(lines, new PrintStream(new FileOutputStream(FileDescriptor.err), true));
  }

  void printRefusal(List<String> lines, PrintStream err) {
    lines.stream()
        .flatMap(String::lines)
        .forEach(line -> err.println(readsErr ? "<3>" + line : line));
  }
}
