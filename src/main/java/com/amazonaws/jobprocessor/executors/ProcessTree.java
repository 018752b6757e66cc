package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process with all that it started. On Linux that includes what has been left to another parent
 * meanwhile, as long as it kept its environment; elsewhere it is the descendants only.
 */
final class ProcessTree {
  private static final Path PROC = Path.of("/proc");
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int MAX_KILLS = 20;

  private final @Nullable Process root;
  private final String mark;

  /**
   * The tree of a process.
   *
   * @param root null if its start has failed half-way: then only what carries the mark is found
   * @param run the value of {@link ChildEnvironment#RUN} in its environment
   */
  ProcessTree(@Nullable Process root, String run) {
    this.root = root;
    this.mark = ChildEnvironment.RUN + "=" + run;
  }

  /** Asks all of it to end (SIGTERM), and makes what is left after two seconds (SIGKILL). */
  void end() {
    alive().forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + GRACE_NANOS;
    while (System.nanoTime() < deadline && !alive().isEmpty()) {
      if (!pause(50)) {
        break; // interrupted again: no more patience
      }
    }
    kill();
  }

  /** Kills all of it, again while there are new ones: one may have been starting another. */
  void kill() {
    for (int i = 0; i < MAX_KILLS; i++) {
      Set<ProcessHandle> alive = alive();
      if (alive.isEmpty()) {
        return;
      }
      alive.forEach(ProcessHandle::destroyForcibly);
      pause(10);
    }
  }

  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Set<ProcessHandle> alive() {
    Set<ProcessHandle> found = new HashSet<>();
    if (root != null) {
      root.descendants().forEach(found::add);
      found.add(root.toHandle());
    }
    addMarked(found);
    found.removeIf(handle -> !handle.isAlive());
    return found;
  }

  /** A child whose parent has ended is nobody's descendant, but it has inherited the mark. */
  private void addMarked(Set<ProcessHandle> found) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (isMarked(process)) {
          ProcessHandle.of(Long.parseLong(process.getFileName().toString())).ifPresent(found::add);
        }
      }
    } catch (IOException | RuntimeException e) {
      // no /proc here: the descendants have to do
    }
  }

  private boolean isMarked(Path process) {
    try {
      String environment = new String(Files.readAllBytes(process.resolve("environ")), ISO_8859_1);
      return ("\0" + environment).contains("\0" + mark + "\0");
    } catch (IOException e) {
      return false; // it has ended, or is not ours
    }
  }
}
