package com.amazonaws.jobprocessor.boss.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  Database open() {
    return Database.embedded(folder);
  }

  @Test
  void one_process_has_it() {
    // H2 lets the same process in twice; another one is refused.
    Database.Unavailable e =
        assertThrows(
            Database.Unavailable.class, () -> Database.embedded(Path.of("/dev/null/nowhere")));
    assertFalse(String.valueOf(e.getMessage()).contains("\n"));
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
  void what_is_free_is_given_back_before_it_is_opened() throws Exception {
    Path mine = folder.resolve("grown");
    Path file = mine.resolve(Database.FILE);
    try (Database database = Database.embedded(mine)) {
      Settings settings = new Settings(database, ZoneId.of("UTC"));
      Tasks tasks = new Tasks(database, settings, new Actions(database, clock), clock);
      for (int i = 0; i < 100; i++) {
        tasks.create("me", "batch " + i, List.of(new NewTask("n", "p".repeat(9_000), 0)), null);
      }
      long grown = Files.size(file);
      new EmbeddedFile(mine, 0).shrink();
      assertEquals(grown, Files.size(file), "it is open");
    }
    long grown = Files.size(file);
    new EmbeddedFile(mine, grown).shrink();
    assertEquals(grown, Files.size(file));
    new EmbeddedFile(mine, 0).shrink();
    long small = Files.size(file);
    assertTrue(small < grown / 2, small + " of " + grown);
    // It has not doubled since.
    new EmbeddedFile(mine, small).shrink();
    assertEquals(small, Files.size(file));
    try (Database database = Database.embedded(mine)) {
      int tasks =
          database.read(
              handle -> handle.createQuery("select count(*) from task").mapTo(Integer.class).one());
      assertEquals(100, tasks);
    }
  }

  /** Whoever asks meanwhile waits. */
  @Test
  void a_file_that_has_grown_is_copied_while_the_boss_runs() throws Exception {
    Path mine = Files.createDirectory(folder.resolve("running"));
    Path file = mine.resolve(Database.FILE);
    try (Database database = Database.embedded(new EmbeddedFile(mine, 1 << 20))) {
      Settings settings = new Settings(database, ZoneId.of("UTC"));
      Tasks tasks = new Tasks(database, settings, new Actions(database, clock), clock);
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
      while (maker.isAlive()) {
        largest = Math.max(largest, Files.size(file));
        database.shrink();
        shrunk |= Files.size(file) < largest;
      }
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
      Settings settings = new Settings(database, ZoneId.of("UTC"));
      Tasks tasks = new Tasks(database, settings, new Actions(database, clock), clock);
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
      InstantSource clock = InstantSource.system();
      Settings settings = new Settings(database, ZoneId.of("UTC"));
      Tasks tasks = new Tasks(database, settings, new Actions(database, clock), clock);
      for (int i = 0; i < 1_000_000; i++) {
        tasks.create("child", "batch " + i, List.of(new NewTask("n", "p", 0)), null);
        System.out.println(i);
        System.out.flush();
      }
    }
  }

  @Test
  void what_was_committed_is_there_after_a_kill(@TempDir Path killed) throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (int round = 1; round <= 2; round++) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  classPath,
                  Child.class.getName(),
                  killed.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
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
}
