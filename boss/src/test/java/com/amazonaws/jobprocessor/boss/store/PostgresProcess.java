package com.amazonaws.jobprocessor.boss.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.amazonaws.jobprocessor.testkit.KeptPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * PostgreSQL of the system's packages on a free port of loopback, in a temporary folder. It refuses
 * to run as root: then it runs as the package's user.
 */
public final class PostgresProcess implements AutoCloseable {
  private static final long SECONDS = 120;

  private final Path bin;
  private final Path folder;

  /** Nobody else listens there before it runs, or while it is away. */
  private final KeptPort kept = KeptPort.free();

  private final int port;

  private boolean frozen;

  private PostgresProcess(Path bin, Path folder) {
    this.bin = bin;
    this.folder = folder;
    this.port = kept.port();
  }

  /** Starts one; the test is skipped where there is none: bin/test says so. */
  public static PostgresProcess start() {
    Path bin = find();
    if (bin == null) {
      throw new TestAbortedException("there is no PostgreSQL here");
    }
    try {
      Path folder = Files.createTempDirectory("boss-postgres-");
      PostgresProcess postgres = new PostgresProcess(bin, folder);
      postgres.begin();
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Path find() {
    List<Path> folders = new ArrayList<>();
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions.sorted(Comparator.reverseOrder()).map(v -> v.resolve("bin")).forEach(folders::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      folders.add(Path.of(folder));
    }
    return folders.stream()
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .findFirst()
        .orElse(null);
  }

  private void begin() throws IOException {
    Path data = folder.resolve("data");
    if (isRoot()) {
      run(List.of("chown", "postgres", folder.toString()));
    }
    run(
        asUser(
            bin.resolve("initdb").toString(),
            "--pgdata=" + data,
            "--username=boss",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions"));
    restart();
  }

  /** Starts it again after {@link #kill}. */
  public void restart() {
    String options =
        "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=32MB -c max_connections=60"
            .formatted(port);
    run(
        asUser(
            bin.resolve("pg_ctl").toString(),
            "start",
            "--wait",
            "--pgdata=" + folder.resolve("data"),
            "--log=" + folder.resolve("log"),
            "--options=" + options));
  }

  /** Ends it as a power cut would. */
  public void kill() {
    run(
        asUser(
            bin.resolve("pg_ctl").toString(),
            "stop",
            "--mode=immediate",
            "--pgdata=" + folder.resolve("data")));
  }

  /** How it is away. */
  public enum Away {
    KILLED,
    /** Connections stay open, and nobody answers. */
    HANGING
  }

  /** Lets it be away until {@link #back}. */
  public void away(Away how) {
    switch (how) {
      case KILLED -> kill();
      case HANGING -> freeze();
    }
  }

  /** Ends what {@link #away} has begun. */
  public void back(Away how) {
    switch (how) {
      case KILLED -> restart();
      case HANGING -> thaw();
    }
  }

  /** Lets all its processes stand still. */
  void freeze() {
    frozen = true;
    // First the one that starts the others.
    signal("STOP", server());
    server().descendants().forEach(process -> signal("STOP", process));
  }

  /** Lets it go on after {@link #freeze}, if it was. */
  void thaw() {
    if (!frozen) {
      return;
    }
    server().descendants().forEach(process -> signal("CONT", process));
    signal("CONT", server());
    frozen = false;
  }

  private ProcessHandle server() {
    try {
      String pid = Files.readAllLines(folder.resolve("data/postmaster.pid")).getFirst();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void signal(String name, ProcessHandle process) {
    run(List.of("kill", "-" + name, Long.toString(process.pid())));
  }

  /** Kills a process that serves a connection: then PostgreSQL ends all others, and recovers. */
  public void killBackend() {
    // One may have ended since it was told of.
    await().atMost(Duration.ofSeconds(SECONDS)).until(this::killsOne);
  }

  private boolean killsOne() {
    String sql =
        "select pid from pg_stat_activity where backend_type = 'client backend'"
            + " and pid <> pg_backend_pid() limit 1";
    try (Connection connection = DriverManager.getConnection("jdbc:" + url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next()
          && ProcessHandle.of(row.getLong("pid")).map(ProcessHandle::destroyForcibly).orElse(false);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Its database, opened, after all that was in it is gone. */
  public Database empty() {
    try (Database database = Database.postgres(url(), null, null)) {
      database.inTransaction(
          handle -> {
            handle.execute("drop schema public cascade");
            handle.execute("create schema public");
            return null;
          });
    }
    return Database.postgres(url(), null, null);
  }

  /** Its database, for {@code --database}. */
  public String url() {
    return "postgresql://127.0.0.1:" + port + "/postgres?user=boss";
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static List<String> asUser(String... command) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private void run(List<String> command) {
    Path output = folder.resolveSibling(folder.getFileName() + ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(command + " failed: " + Files.readString(output, UTF_8));
      }
      Files.deleteIfExists(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    thaw();
    kill();
    kept.release();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
