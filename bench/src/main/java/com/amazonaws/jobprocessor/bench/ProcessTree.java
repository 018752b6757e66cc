package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Reads from /proc what a process and its descendants use; what has ended used nothing. */
final class ProcessTree {
  /** USER_HZ, which is 100 on every Linux that Java runs on. */
  private static final int TICKS_A_SECOND = 100;

  /** utime, stime, cutime, cstime: proc_pid_stat(5) counts from 1, state is field 3. */
  private static final List<Integer> TIMES = List.of(11, 12, 13, 14);

  /** cutime, cstime. */
  private static final List<Integer> TIMES_OF_ENDED = List.of(13, 14);

  private final ProcessHandle root;

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  private List<ProcessHandle> all() {
    return Stream.concat(Stream.of(root), root.descendants()).toList();
  }

  /** User and system time so far, of children that have ended as well. */
  Duration cpuTime() {
    long ticks = 0;
    for (ProcessHandle process : all()) {
      ticks += ticks(process, TIMES);
    }
    return inTime(ticks);
  }

  /** User and system time of those children of this process that have ended. */
  static Duration cpuTimeOfEnded() {
    return inTime(ticks(ProcessHandle.current(), TIMES_OF_ENDED));
  }

  private static long ticks(ProcessHandle process, List<Integer> wanted) {
    String stat = read(process, "stat");
    // The command's name is in parentheses and may hold anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    long ticks = 0;
    for (int field : wanted) {
      ticks += field < fields.length ? Long.parseLong(fields[field]) : 0;
    }
    return ticks;
  }

  private static Duration inTime(long ticks) {
    return Duration.ofMillis(ticks * 1000 / TICKS_A_SECOND);
  }

  /** The sum of what each process had in memory at its peak, in kibibytes. */
  long peakKibibytes() {
    return all().stream()
        .flatMap(process -> read(process, "status").lines())
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (NoSuchFileException _) {
      return "";
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
      return "";
    }
  }
}
