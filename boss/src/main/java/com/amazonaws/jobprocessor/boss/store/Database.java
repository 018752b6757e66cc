package com.amazonaws.jobprocessor.boss.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The database that all of the boss's state is in: PostgreSQL, or a file of H2's in a folder, which
 * one process at a time can open. What a transaction has committed outlives the process.
 */
public final class Database implements AutoCloseable {
  /** The name of an embedded database's file. */
  public static final String FILE = "boss.mv.db";

  private static final int CONNECTIONS = 10;

  /** Held, since java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  /** Who asks the API while the database is away waits as long. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than any statement takes: a server that hangs is one that is away. */
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(30);

  /**
   * A boss whose machine is lost, or that hangs, must not keep the tasks that it was sending from
   * the others. PostgreSQL would notice the one after two hours (TCP's default) and the other
   * never: section 20.3.2 and 20.11.1 of its manual. A send waits for SQS for less than this.
   *
   * <p>Its planner goes by what it knew of the tables when a statement was first planned, or when
   * they were analyzed last: in a first night that they are empty, so that it would read all of
   * them for each batch of tasks. Each statement of the boss has its index, so it is told to use
   * that; and by walking it, not by bitmap, since only the former remembers entries of rows that
   * are dead (src/backend/access/nbtree/README, "On-the-Fly Deletion Of Index Tuples"), of which a
   * table that is a queue has most. Compiling (jit) would take longer than any of them.
   */
  private static final String SESSION =
      "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10;"
          + " set tcp_keepalives_count = 3; set idle_in_transaction_session_timeout = '5min';"
          + " set enable_seqscan = off; set enable_bitmapscan = off; set random_page_cost = 1.1;"
          + " set jit = off";

  /** H2's DATABASE_ALREADY_OPEN_1. */
  private static final int H2_IN_USE = 90020;

  /** Statements are not held up for longer when somebody else's take long. */
  private static final Duration SHRINK_WAITS = Duration.ofMillis(500);

  /** A file that H2 has closed is opened again no more often. */
  private static final Duration REVIVE_EVERY = Duration.ofSeconds(5);

  private final HikariConfig config;

  /** Null for PostgreSQL. */
  private final @Nullable EmbeddedFile file;

  /** Held for reading by whoever uses the pool; for writing while there is none. */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private final AtomicLong revivedAt = new AtomicLong(System.nanoTime() - REVIVE_EVERY.toNanos());
  private final Health health = new Health();
  private volatile HikariDataSource pool;
  private volatile Jdbi jdbi;
  private volatile boolean closed;

  private Database(HikariConfig config, @Nullable EmbeddedFile file) {
    this.config = config;
    this.file = file;
    config.setMaximumPoolSize(CONNECTIONS);
    config.setPoolName("boss");
    config.setConnectionTimeout(CONNECT.toMillis());
    try {
      this.pool = new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw new Unavailable(reason(e), e);
    }
    this.jdbi = Jdbi.create(pool);
    try {
      Schema.migrate(jdbi, file == null);
    } catch (RuntimeException e) {
      pool.close();
      throw new Unavailable(reason(e), e);
    }
  }

  /** What {@link Unavailable} says of a file that a boss which runs has open. */
  public static final String IN_USE = "another process has it open";

  /** The database cannot be opened; the message is one line. */
  public static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Opens the file {@link #FILE} in a folder; makes it if it is missing.
   *
   * @throws Unavailable if another process has it open, or the folder cannot be written to
   */
  public static Database embedded(Path folder) {
    return embedded(new EmbeddedFile(folder, EmbeddedFile.MAY_GROW));
  }

  static Database embedded(EmbeddedFile file) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(file.url());
    config.setUsername("sa");
    config.setPassword("");
    return file.reopen(() -> {}, () -> new Database(config, file));
  }

  /**
   * Opens a PostgreSQL database, from version 13 on; several bosses may share it.
   *
   * @param url {@code postgresql://HOST:PORT/DATABASE}, or the same as JDBC has it
   * @throws Unavailable if it cannot be reached, or lets nobody in
   */
  public static Database postgres(String url, @Nullable String user, @Nullable String password) {
    DRIVER.setLevel(Level.OFF); // it throws as well, and what it logs may hold the URL's password
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url.startsWith("jdbc:") ? url : "jdbc:" + url);
    if (user != null) {
      config.setUsername(user);
    }
    if (password != null) {
      config.setPassword(password);
    }
    // The driver takes what is no text for nothing: java.util.Properties.getProperty.
    Map.of(
            "reWriteBatchedInserts",
            "true",
            "tcpKeepAlive",
            "true",
            "socketTimeout",
            Long.toString(LONGEST_STATEMENT.toSeconds()),
            "loginTimeout",
            Long.toString(CONNECT.toSeconds()))
        .forEach(config::addDataSourceProperty);
    config.setConnectionInitSql(SESSION);
    return new Database(config, null);
  }

  private static String reason(Throwable e) {
    String innermost = "";
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getErrorCode() == H2_IN_USE) {
        return IN_USE;
      }
      // The end of a file has none.
      innermost = Objects.requireNonNullElse(cause.getMessage(), innermost);
    }
    return innermost.lines().findFirst().orElse("").strip();
  }

  /** True for PostgreSQL. */
  boolean isPostgres() {
    return file == null;
  }

  /** Runs in one transaction, which is rolled back if this throws. */
  public <T, X extends Exception> T inTransaction(HandleCallback<T, X> work) throws X {
    T done = use(() -> jdbi.inTransaction(work));
    health.worked();
    return done;
  }

  /** Reads outside a transaction. */
  <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
    return use(() -> jdbi.withHandle(work));
  }

  private interface Use<T, X extends Exception> {
    T get() throws X;
  }

  private <T, X extends Exception> T use(Use<T, X> use) throws X {
    RuntimeException failure;
    gate.readLock().lock();
    try {
      return use.get();
    } catch (RuntimeException e) {
      failure = told(e);
    } finally {
      gate.readLock().unlock();
    }
    Trouble.of(failure).ifPresent(health::failed);
    reviveAfter(failure);
    throw failure;
  }

  /** Why there was no connection to be had, which the pool says in the same words. */
  private RuntimeException told(RuntimeException failure) {
    HikariDataSource mine = pool;
    if (!(failure instanceof ConnectionException) || closed) {
      return failure;
    }
    if (mine.isClosed()) {
      return new Unavailable("the database's file could not be opened again", failure);
    }
    return mine.getHikariPoolMXBean().getActiveConnections() >= CONNECTIONS
        ? new Trouble.Busy(failure)
        : failure;
  }

  /**
   * H2 closes its file for good once it could not write to it, whatever room there is by then, and
   * says so to all connections: it is opened again, by one of those who need it and not all the
   * time.
   */
  private void reviveAfter(RuntimeException failure) {
    EmbeddedFile mine = file;
    long now = System.nanoTime();
    if (mine == null || closed || !(pool.isClosed() || Trouble.isClosed(failure))) {
      return;
    }
    if (now - revivedAt.get() < REVIVE_EVERY.toNanos() || !gate.writeLock().tryLock()) {
      return;
    }
    try {
      revivedAt.set(now);
      reopen(mine);
    } catch (RuntimeException e) {
      Trouble.of(e).ifPresent(health::failed);
    } finally {
      gate.writeLock().unlock();
    }
  }

  private void reopen(EmbeddedFile mine) {
    // With its last connection H2 closes the file.
    pool = mine.reopen(pool::close, () -> new HikariDataSource(config));
    jdbi = Jdbi.create(pool);
    if (closed) {
      pool.close();
    }
  }

  /**
   * Gives back what is free in an embedded database's file, if that may be much: all who use the
   * database wait for that, two seconds for each hundred megabytes that are in use. Does nothing if
   * somebody uses it for long.
   */
  void shrink() throws InterruptedException {
    EmbeddedFile mine = file;
    // A pool that is closed could not be opened the last time.
    if (mine == null || closed || (!mine.hasGrown() && !pool.isClosed())) {
      return;
    }
    if (gate.writeLock().tryLock(SHRINK_WAITS.toMillis(), TimeUnit.MILLISECONDS)) {
      try {
        reopen(mine);
      } finally {
        gate.writeLock().unlock();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    // With its last connection H2 closes the file.
    pool.close();
  }
}
