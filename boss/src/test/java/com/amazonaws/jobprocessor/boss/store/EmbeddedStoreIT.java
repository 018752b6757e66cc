package com.amazonaws.jobprocessor.boss.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreIT extends StoreContract {
  @TempDir Path folder;

  @Override
  Database open() {
    return Database.embedded(folder);
  }

  @Override
  Database reopen() {
    return open();
  }

  @Test
  void one_process_has_it() {
    // H2 lets the same process in twice; another one is refused.
    Database.Unavailable e =
        assertThrows(
            Database.Unavailable.class, () -> Database.embedded(Path.of("/dev/null/nowhere")));
    assertFalse(String.valueOf(e.getMessage()).contains("\n"));
  }

  @Test
  void a_file_that_is_no_database_is_said_in_a_line() throws Exception {
    for (int length : new int[] {20, 100_000}) {
      Path broken = Files.createDirectories(folder.resolve("broken" + length));
      Files.writeString(broken.resolve(Database.FILE), "x".repeat(length));
      String said =
          String.valueOf(
              assertThrows(Database.Unavailable.class, () -> Database.embedded(broken))
                  .getMessage());
      assertFalse(said.isEmpty() || said.contains("null") || said.contains("\n"), said);
      try (Stream<Path> left = Files.list(broken)) {
        // No trace that grows with each start.
        assertEquals(
            List.of(),
            left.map(file -> file.getFileName().toString())
                .filter(name -> name.contains("trace"))
                .toList());
      }
    }
  }

  /** In free space within a large file H2 does not find a commit again after a kill. */
  @Test
  void it_is_only_appended_to() {
    try (Database database = Database.embedded(folder.resolve("appended"))) {
      assertEquals(
          "FALSE",
          database.read(
              handle ->
                  handle
                      .createQuery(
                          "select setting_value from information_schema.settings"
                              + " where setting_name = 'REUSE_SPACE'")
                      .mapTo(String.class)
                      .one()));
    }
  }

  @Test
  void ids_of_changes_are_kept_ready_by_the_thousands() {
    try (Database database = Database.embedded(folder.resolve("ids"))) {
      // Else each 32 of them are a write to the file.
      int ready =
          database.read(
              handle ->
                  handle
                      .createQuery(
                          "select identity_cache from information_schema.columns"
                              + " where table_name = 'task_change' and column_name = 'id'")
                      .mapTo(Integer.class)
                      .one());
      assertEquals(10_000, ready);
    }
  }

  @Test
  void what_is_free_is_given_back_before_it_is_opened() throws Exception {
    Path mine = folder.resolve("grown");
    Path file = mine.resolve(Database.FILE);
    try (Database database = Database.embedded(mine)) {
      Tasks tasks = tasks(database, clock);
      for (int i = 0; i < 100; i++) {
        tasks.create("me", "batch " + i, List.of(new NewTask("n", "p".repeat(9_000), 0)), null);
      }
      long grown = Files.size(file);
      shrink(mine, 0);
      assertEquals(grown, Files.size(file), "it is open");
    }
    long grown = Files.size(file);
    shrink(mine, grown);
    assertEquals(grown, Files.size(file));
    shrink(mine, 0);
    long small = Files.size(file);
    assertTrue(small < grown / 2, small + " of " + grown);
    // It has not doubled since.
    shrink(mine, small);
    assertEquals(small, Files.size(file));
    try (Database database = Database.embedded(mine)) {
      int tasks =
          database.read(
              handle -> handle.createQuery("select count(*) from task").mapTo(Integer.class).one());
      assertEquals(100, tasks);
    }
  }

  private static Tasks tasks(Database database, InstantSource clock) {
    Settings settings = new Settings(database, ZoneId.of("UTC"));
    return new Tasks(database, settings, new Actions(database, clock), clock);
  }

  private static void shrink(Path folder, long mayGrow) {
    new EmbeddedFile(folder, mayGrow).reopen(() -> {}, () -> null);
  }

  /** Gives back a file's free space as a boss that starts does. */
  static final class Shrinker {
    public static void main(String[] arguments) {
      shrink(Path.of(arguments[0]), 0);
    }
  }

  /** A file that may not be larger stands for a disk that has no room. */
  @Test
  void a_copy_that_finds_no_room_leaves_the_file_as_it_is_and_goes() throws Exception {
    Path mine = folder.resolve("full");
    Path file = mine.resolve(Database.FILE);
    try (Database database = Database.embedded(mine)) {
      Tasks tasks = tasks(database, clock);
      for (int i = 0; i < 100; i++) {
        create(tasks, "batch " + i);
      }
    }
    long grown = Files.size(file);
    Process child = java(Shrinker.class, mine, "bash", "-c", "ulimit -f 300 && exec \"$@\"", "-");
    assertTrue(child.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, child.exitValue());

    assertEquals(grown, Files.size(file));
    try (Stream<Path> files = Files.list(mine)) {
      assertEquals(
          List.of("boss.lock", Database.FILE),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    try (Database database = Database.embedded(mine)) {
      assertEquals(100L, new Census(database, clock).counts(Duration.ZERO).total().get("waiting"));
    }
  }

  /** Else it would have the file of a boss that only copies it. */
  @Test
  void another_process_that_starts_during_a_copy_waits_and_is_told_that_it_is_open()
      throws Exception {
    Path mine = folder.resolve("contended");
    EmbeddedFile file = new EmbeddedFile(mine, EmbeddedFile.MAY_GROW);
    Database.embedded(file).close();
    Process[] other = new Process[1];
    try (Connection connection =
        file.reopen(
            () -> {
              other[0] = java(Child.class, mine);
              await().until(() -> waitsForLock(other[0], mine.resolve("boss.lock")));
            },
            () -> connect(file.url()))) {
      assertTrue(connection.isValid(1));
      assertTrue(other[0].waitFor(60, TimeUnit.SECONDS), "it goes on");
      String printed = new String(other[0].getErrorStream().readAllBytes(), UTF_8);
      assertTrue(printed.contains("another process has it open"), printed);
    } finally {
      other[0].destroyForcibly();
    }
  }

  private static Connection connect(String url) {
    try {
      return DriverManager.getConnection(url, "sa", "");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As proc(5) has it: "1: -> POSIX ADVISORY WRITE PID MAJOR:MINOR:INODE 0 EOF". */
  private static boolean waitsForLock(Process process, Path lock) throws IOException {
    assertTrue(process.isAlive(), "it did not wait");
    String end = ":" + Files.getAttribute(lock, "unix:ino");
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .map(line -> List.of(line.split(" +")))
        .anyMatch(f -> f.get(1).equals("->") && f.get(6).endsWith(end));
  }

  /** Whoever asks meanwhile waits. */
  @Test
  void a_file_that_has_grown_is_copied_while_the_boss_runs() throws Exception {
    Path mine = Files.createDirectory(folder.resolve("running"));
    Path file = mine.resolve(Database.FILE);
    try (Database database = Database.embedded(new EmbeddedFile(mine, 1 << 20))) {
      Tasks tasks = tasks(database, clock);
      AtomicInteger made = new AtomicInteger();
      Thread maker =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (made.get() < 300) {
                      int i = made.incrementAndGet();
                      create(tasks, "batch " + i);
                    }
                  });
      long largest = 0;
      boolean shrunk = false;
      boolean making;
      do { // once more when it has ended
        making = maker.isAlive();
        largest = Math.max(largest, Files.size(file));
        database.shrink();
        shrunk |= Files.size(file) < largest;
      } while (making);
      assertTrue(shrunk, largest + " bytes at most");
      assertEquals(300, made.get());
      assertEquals(300L, new Census(database, clock).counts(Duration.ZERO).total().get("waiting"));
    }
  }

  private static void create(Tasks tasks, String batch) {
    try {
      tasks.create("me", batch, List.of(new NewTask("n", "p".repeat(9_000), 0)), null);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_thread_that_is_interrupted_while_it_writes_leaves_the_database_to_the_others()
      throws Exception {
    try (Database database = Database.embedded(folder.resolve("interrupted"))) {
      Tasks tasks = tasks(database, clock);
      long task = tasks.create("me", "b", List.of(new NewTask("n", "p", 0)), null).firstTask();
      Thread.currentThread().interrupt();
      try {
        tasks.cancel("me", task);
      } finally {
        assertTrue(Thread.interrupted());
      }
      assertEquals("cancelled", tasks.find(task).orElseThrow().state());
    }
  }

  /** Commits a batch a line, until it is killed. */
  static final class Child {
    public static void main(String[] arguments) throws Exception {
      Database database = Database.embedded(Path.of(arguments[0]));
      Tasks tasks = tasks(database, InstantSource.system());
      for (int i = 0; i < 1_000_000; i++) {
        tasks.create("child", "batch " + i, List.of(new NewTask("n", "p", 0)), null);
        System.out.println(i);
        System.out.flush();
      }
    }
  }

  /**
   * Starts a program of this class path.
   *
   * @param before a command that starts another one
   */
  private static Process java(Class<?> program, Path folder, String... before) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>(List.of(before));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath));
    command.addAll(List.of(program.getName(), folder.toString()));
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void what_was_committed_is_there_after_a_kill(@TempDir Path killed) throws Exception {
    for (int round = 1; round <= 2; round++) {
      Process child = java(Child.class, killed);
      int committed = -1;
      try (BufferedReader out = child.inputReader()) {
        while (committed < 60 * round) {
          String line = out.readLine();
          assertTrue(line != null, "the child ended by itself");
          committed = Integer.parseInt(line.strip());
        }
        // The process's own method would close its output, too.
        ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (line.matches("[0-9]+")) {
            committed = Integer.parseInt(line);
          }
        }
      }
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
      try (Database after = Database.embedded(killed)) {
        Census census = new Census(after, InstantSource.system());
        List<Census.Batch> last = census.batches(Long.MAX_VALUE, 1);
        int newest = Integer.parseInt(last.getFirst().name().substring("batch ".length()));
        // The one behind the last that was told of may be committed as well.
        assertTrue(newest == committed || newest == committed + 1, newest + ", " + committed);
        long tasks = census.counts().total().getOrDefault("waiting", 0L);
        assertEquals(census.batches(Long.MAX_VALUE, 100_000).size(), tasks);
      }
    }
  }

  /** Else a line is of the log. */
  private static final String SAID = "> ";

  /** Commits a batch for each line that it reads, and says how that went. */
  static final class Writer {
    public static void main(String[] arguments) throws Exception {
      Database database = Database.embedded(Path.of(arguments[0]));
      Tasks tasks = tasks(database, InstantSource.system());
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String said;
        try {
          tasks.create("me", line, List.of(new NewTask("n", "p".repeat(9_000), 0)), null);
          said = "done";
        } catch (RuntimeException e) {
          said = Trouble.of(e).map(Trouble::toString).orElse(e.toString());
        }
        System.out.println(SAID + said);
        System.out.flush();
      }
    }
  }

  /** A file that may not be larger stands for a disk that has no room. */
  @Test
  void a_disk_that_is_full_is_said_once_and_all_goes_on_when_it_has_room(@TempDir Path full)
      throws Exception {
    Database.embedded(full).close();
    long kilobytes = Files.size(full.resolve(Database.FILE)) / 1_024 + 300;
    Process child =
        java(
            Writer.class, full, "bash", "-c", "ulimit -S -f " + kilobytes + " && exec \"$@\"", "-");
    List<String> made = new ArrayList<>();
    List<String> log = new ArrayList<>();
    try (BufferedReader out = child.inputReader();
        BufferedWriter in = child.outputWriter()) {
      String said = "done";
      for (int i = 0; said.equals("done"); i++) {
        said = write(in, out, log, "before " + i);
        if (said.equals("done")) {
          made.add("before " + i);
        }
      }
      for (int i = 0; i < 20; i++) {
        assertEquals("FULL", said);
        said = write(in, out, log, "full");
      }
      new ProcessBuilder("prlimit", "--pid", Long.toString(child.pid()), "--fsize=unlimited")
          .inheritIO()
          .start()
          .waitFor();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> write(in, out, log, "after").equals("done"));
      made.add("after");
    } catch (Throwable e) {
      child.destroyForcibly();
      throw e;
    }
    assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    assertEquals(
        1,
        log.stream().filter(line -> line.contains("no room left on its disk")).count(),
        log::toString);
    try (Database after = Database.embedded(full)) {
      List<Census.Batch> batches =
          new Census(after, clock).batches(Long.MAX_VALUE, 1_000).reversed();
      assertEquals(made, batches.stream().map(Census.Batch::name).toList());
    }
  }

  private static String write(BufferedWriter in, BufferedReader out, List<String> log, String batch)
      throws IOException {
    in.write(batch + "\n");
    in.flush();
    String line = String.valueOf(out.readLine());
    while (!line.startsWith(SAID)) {
      log.add(line);
      line = String.valueOf(out.readLine());
      assertTrue(!line.equals("null"), log::toString);
    }
    return line.substring(SAID.length());
  }
}
