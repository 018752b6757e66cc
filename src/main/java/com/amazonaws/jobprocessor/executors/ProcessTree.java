package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Ends a process with all that it started, also what has been left to another parent meanwhile. */
final class ProcessTree {
  private static final Path PROC = Path.of("/proc");
  private static final long GRACE_MILLIS = 2_000;
  private static final int MOST_ROUNDS = 20;

  private ProcessTree() {}

  /**
   * Asks the processes to end (SIGTERM), and after two seconds makes them (SIGKILL).
   *
   * @param run the value of {@link ChildEnvironment#RUN} in their environment
   */
  static void end(Process process, String run) {
    forEach(process, run, ProcessHandle::destroy);
    try {
      process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // no more patience then
    }
    kill(process, run);
  }

  /**
   * Kills the processes; again and again while new ones are found, for one may have been starting
   * another.
   */
  static void kill(Process process, String run) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      if (forEach(process, run, ProcessHandle::destroyForcibly) == 0) {
        return;
      }
    }
  }

  private static int forEach(Process process, String run, Consumer<ProcessHandle> action) {
    Set<ProcessHandle> found = new HashSet<>();
    process.descendants().forEach(found::add);
    addMarked(found, run);
    if (process.isAlive()) {
      found.add(process.toHandle());
    }
    found.removeIf(handle -> !handle.isAlive());
    found.forEach(action);
    return found.size();
  }

  /**
   * Children whose parent has ended are nobody's descendants, but they have inherited the mark (on
   * Linux).
   */
  private static void addMarked(Set<ProcessHandle> found, String run) {
    String mark = ChildEnvironment.RUN + "=" + run;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (isMarked(process, mark)) {
          Optional<ProcessHandle> handle =
              ProcessHandle.of(Long.parseLong(process.getFileName().toString()));
          handle.ifPresent(found::add);
        }
      }
    } catch (IOException | RuntimeException e) {
      // no /proc here: the descendants have to do
    }
  }

  private static boolean isMarked(Path process, String mark) {
    try {
      String environment = new String(Files.readAllBytes(process.resolve("environ")), ISO_8859_1);
      return ("\0" + environment).contains("\0" + mark + "\0");
    } catch (IOException e) {
      return false; // it has ended, or is not ours
    }
  }
}
