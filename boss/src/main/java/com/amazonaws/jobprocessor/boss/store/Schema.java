package com.amazonaws.jobprocessor.boss.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a database's tables up to date; decision 15. */
final class Schema {
  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  /** A new index of millions of tasks takes long, and so does who waits for another's. */
  private static final Duration LONGEST_MIGRATION = Duration.ofHours(1);

  /** The highest number that a file of the schema may have. */
  private static final int MAX_VERSION = 99;

  private static final long SCHEMA_LOCK = 7_305_802_371_498L;

  private Schema() {}

  /**
   * Runs the numbered files that this database has not seen, in their order, each once whoever else
   * starts. A number may be missing.
   *
   * @throws IllegalStateException if the database has seen files that are not there
   */
  static void migrate(Jdbi jdbi, boolean postgres) {
    jdbi.useTransaction(
        handle -> {
          if (postgres) {
            beLenient(handle);
            handle.execute("select pg_advisory_xact_lock(?)", SCHEMA_LOCK);
          }
          handle.execute("create table if not exists schema_version (version int primary key)");
          Set<Integer> seen =
              handle
                  .createQuery("select version from schema_version")
                  .mapTo(Integer.class)
                  .collect(Collectors.toSet());
          check(seen);
          for (int version = 1; version <= MAX_VERSION; version++) {
            String sql = seen.contains(version) ? null : file(version);
            if (sql != null) {
              if (!seen.isEmpty()) {
                LOG.info(
                    "changing the database to schema {}; with many results this may take minutes",
                    version);
              }
              run(handle, sql);
              handle.execute("insert into schema_version (version) values (?)", version);
            }
          }
          if (!postgres) {
            // H2 writes its file whenever the ids that it keeps ready are used up, by default each
            // 32. PostgreSQL would keep some for each connection, which would be in no order.
            handle.execute("alter table task_change alter column id set cache 10000");
          }
        });
  }

  /** Else this boss would write what the newer ones that share the database no longer expect. */
  private static void check(Set<Integer> seen) {
    seen.stream()
        .filter(version -> file(version) == null)
        .findFirst()
        .ifPresent(
            version -> {
              throw new IllegalStateException(
                  "a newer boss has changed it (schema %d, which this one does not know): start that one"
                      .formatted(version));
            });
  }

  /** Gives a connection more time, until it is back in the pool. */
  private static void beLenient(Handle handle) {
    try {
      handle.getConnection().setNetworkTimeout(Runnable::run, (int) LONGEST_MIGRATION.toMillis());
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  private static void run(Handle handle, String sql) {
    for (String statement : sql.replaceAll("(?m)^--.*$", "").split(";", -1)) {
      if (!statement.isBlank()) {
        handle.execute(statement);
      }
    }
  }

  private static @Nullable String file(int version) {
    try (InputStream in = Schema.class.getResourceAsStream(version + ".sql")) {
      return in == null ? null : new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
