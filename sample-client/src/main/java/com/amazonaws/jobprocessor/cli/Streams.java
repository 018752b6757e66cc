package com.amazonaws.jobprocessor.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The standard streams. A process that was started with one of them closed gets its number for the
 * next file that it opens, here one of Java's own: it must not be read as jobs or be written to.
 */
final class Streams {
  private static final int O_CLOEXEC = 02_000_000;
  private static final int O_ACCMODE = 03;
  private static final int O_RDONLY = 00;
  private static final int O_WRONLY = 01;

  private Streams() {}

  /**
   * True if the descriptor (0, 1 or 2) was closed when the process was started; bin/sample-client
   * opens it then, so that it can be used for nothing.
   */
  static boolean isClosed(int descriptor) {
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      return false; // only bin/sample-client can tell
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      int flags = flags(descriptor);
      int useless = descriptor == 0 ? O_WRONLY : O_RDONLY;
      return isOurs(target) || (flags & O_CLOEXEC) != 0 || (flags & O_ACCMODE) == useless;
    } catch (IOException e) {
      return true;
    }
  }

  /** How it was opened: what a process inherits is not closed at exec. */
  private static int flags(int descriptor) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
      if (line.startsWith("flags:")) {
        return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
      }
    }
    throw new IOException("no flags of the descriptor " + descriptor);
  }

  private static boolean isOurs(String target) {
    List<String> ours = new ArrayList<>();
    for (String part : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      ours.add(real(Path.of(part)));
    }
    return ours.contains(target)
        || target.startsWith(real(Path.of(System.getProperty("java.home"))) + File.separator);
  }

  private static String real(Path path) {
    try {
      return path.toRealPath().toString();
    } catch (IOException e) {
      return path.toAbsolutePath().toString();
    }
  }
}
