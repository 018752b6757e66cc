package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A worker under steady load: what it holds at the beginning and at the end. */
final class Soak {
  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final int JOBS = 500;

  private final Servers servers;
  private final Path folder;
  private final int minutes;
  private final boolean withoutTable;

  Soak(Servers servers, Path folder, int minutes, boolean withoutTable) {
    this.servers = servers;
    this.folder = folder;
    this.minutes = minutes;
    this.withoutTable = withoutTable;
  }

  /** What a process holds. */
  record Holding(long heapKilobytes, long threads, long files, long logLines) {}

  /** Runs it; 0 if nothing has grown. */
  int run() throws Exception {
    try (Scene scene = new Scene(servers, folder, !withoutTable)) {
      Random random = new Random(1);
      DaemonProcess worker = scene.start();
      load(scene, random); // what is loaded and cached once is not growth
      load(scene, random);
      Holding before = holding(worker);
      System.out.printf(
          "%-6s %12s %8s %6s %10s%n", "", "heap KiB", "threads", "files", "log lines");
      print("begin", before);
      long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
      int rounds = 0;
      while (end - System.nanoTime() > 0) {
        load(scene, random);
        rounds++;
      }
      Holding after = holding(worker);
      print("end", after);
      System.out.println(rounds * JOBS + " jobs in " + minutes + " min");
      String grown = grown(before, after, minutes);
      System.out.println(grown.isEmpty() ? "nothing grows" : "GROWN: " + grown);
      return grown.isEmpty() ? 0 : 1;
    }
  }

  private static void load(Scene scene, Random random) throws InterruptedException {
    scene.jobs().send(Load.SINGLE, JOBS, 0, random);
    scene.awaitNoBacklog();
    scene.emptyOutlets();
  }

  private static void print(String when, Holding holding) {
    System.out.printf(
        "%-6s %12d %8d %6d %10d%n",
        when, holding.heapKilobytes(), holding.threads(), holding.files(), holding.logLines());
  }

  /**
   * What has grown. Some slack: caches that are bounded fill up, pools breathe. The log has a
   * summary a minute and at most sixty lines about single jobs.
   */
  static String grown(Holding before, Holding after, int minutes) {
    StringBuilder grown = new StringBuilder();
    if (after.heapKilobytes() > before.heapKilobytes() + 16_384) {
      grown.append("heap ");
    }
    if (after.threads() > before.threads() + 5) {
      grown.append("threads ");
    }
    if (after.files() > before.files() + 20) {
      grown.append("files ");
    }
    if (after.logLines() > before.logLines() + 70L * (minutes + 2)) {
      grown.append("log ");
    }
    return grown.toString();
  }

  private static Holding holding(DaemonProcess worker) throws IOException, InterruptedException {
    Path proc = Path.of("/proc", Long.toString(worker.pid()));
    long threads =
        Files.readAllLines(proc.resolve("status")).stream()
            .filter(line -> line.startsWith("Threads:"))
            .mapToLong(line -> Long.parseLong(line.substring(8).strip()))
            .sum();
    long files;
    try (var descriptors = Files.list(proc.resolve("fd"))) {
      files = descriptors.count();
    }
    jcmd(worker, "GC.run");
    long heap = heapKilobytes(jcmd(worker, "GC.heap_info"));
    return new Holding(heap, threads, files, worker.out().size() + worker.err().size());
  }

  /** What is in use of all generations: some collectors have one line for the heap, some two. */
  static long heapKilobytes(List<String> heapInfo) {
    long sum = 0;
    for (String line : heapInfo) {
      Matcher used = USED.matcher(line);
      if (used.find()) {
        sum += Long.parseLong(used.group(1));
      }
    }
    return sum;
  }

  private static List<String> jcmd(DaemonProcess worker, String command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(worker.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().lines().toList();
    process.waitFor();
    return lines;
  }
}
