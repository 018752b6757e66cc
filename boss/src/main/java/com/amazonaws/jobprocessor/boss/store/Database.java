package com.amazonaws.jobprocessor.boss.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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

  /** H2's CONNECTION_BROKEN_1, DATABASE_IS_CLOSED and DATABASE_CALLED_AT_SHUTDOWN. */
  private static final Set<Integer> H2_GONE = Set.of(90067, 90098, 90121);

  /**
   * SQLSTATEs: class 08 (connection exception), 57P01 to 57P03 (shut down, crashed, not up yet),
   * 53300 (too many connections) and 25P03 (this boss was away itself, in a transaction),
   * PostgreSQL's appendix A.
   */
  private static final List<String> AWAY_STATES = List.of("08", "57P0", "53300", "25P03");

  private static final int MAX_CAUSES = 20;

  /** Statements are not held up for longer when somebody else's take long. */
  private static final Duration SHRINK_WAITS = Duration.ofMillis(500);

  private final HikariConfig config;

  /** Null for PostgreSQL. */
  private final @Nullable EmbeddedFile file;

  /** Held for reading by whoever uses the pool; for writing while there is none. */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

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
        return "another process has it open";
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

  /**
   * True if something failed because the database cannot be reached, or is just coming up or going
   * down: the same may work in a moment.
   */
  public static boolean isAway(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof SQLTransientConnectionException
          || (cause instanceof SQLException sql && isAway(sql))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isAway(SQLException failure) {
    String state = failure.getSQLState();
    return H2_GONE.contains(failure.getErrorCode())
        || (state != null && AWAY_STATES.stream().anyMatch(state::startsWith));
  }

  /** Runs in one transaction, which is rolled back if this throws. */
  public <T, X extends Exception> T inTransaction(HandleCallback<T, X> work) throws X {
    gate.readLock().lock();
    try {
      return jdbi.inTransaction(work);
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Reads outside a transaction. */
  <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
    gate.readLock().lock();
    try {
      return jdbi.withHandle(work);
    } finally {
      gate.readLock().unlock();
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
        // With its last connection H2 closes the file.
        pool = mine.reopen(pool::close, () -> new HikariDataSource(config));
        jdbi = Jdbi.create(pool);
        if (closed) {
          pool.close();
        }
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
