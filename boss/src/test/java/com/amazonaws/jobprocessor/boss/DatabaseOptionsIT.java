package com.amazonaws.jobprocessor.boss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.PostgresProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A PostgreSQL that is started at the same time as the boss. */
@Tag("long")
class DatabaseOptionsIT {
  private static final Duration LONG = Duration.ofMinutes(10);

  private PostgresProcess postgres;

  @BeforeEach
  void start() {
    postgres = PostgresProcess.start();
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  private static DatabaseOptions options(String url) {
    DatabaseOptions options = new DatabaseOptions();
    new CommandLine(options).parseArgs("--database", url);
    return options;
  }

  @Test
  void a_server_that_is_not_up_yet_is_waited_for() throws Exception {
    postgres.away(PostgresProcess.Away.KILLED);
    DatabaseOptions options = options(postgres.url());
    UserError none = assertThrows(UserError.class, () -> options.openWhenUp(Duration.ZERO));
    assertTrue(String.valueOf(none.getMessage()).startsWith("cannot open the database: "));
    CompletableFuture<Database> open =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return options.openWhenUp(LONG);
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    postgres.back(PostgresProcess.Away.KILLED);
    open.get(2, TimeUnit.MINUTES).close();
  }

  @Test
  void a_server_that_does_not_know_the_database_is_not_waited_for() {
    DatabaseOptions options = options(postgres.url().replace("/postgres?", "/nothing?"));
    UserError none =
        assertTimeoutPreemptively(
            Duration.ofMinutes(2),
            () -> assertThrows(UserError.class, () -> options.openWhenUp(LONG)));
    assertTrue(String.valueOf(none.getMessage()).contains("nothing"), none.getMessage());
    assertEquals(Database.Unavailable.class, none.getCause().getClass());
  }
}
