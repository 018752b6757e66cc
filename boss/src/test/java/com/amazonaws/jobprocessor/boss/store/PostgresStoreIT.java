package com.amazonaws.jobprocessor.boss.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresStoreIT extends StoreContract {
  private static PostgresProcess postgres;

  @BeforeAll
  static void start() {
    postgres = PostgresProcess.start();
  }

  @AfterAll
  static void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Override
  Database open() {
    return postgres.empty();
  }

  @Test
  void what_was_committed_is_there_after_postgresql_was_killed() throws Exception {
    Tasks.Created created;
    try (Database database = Database.postgres(postgres.url(), null, null)) {
      Settings settings = new Settings(database, ZoneId.of("UTC"));
      Tasks tasks = new Tasks(database, settings, new Actions(database, clock), clock);
      created = tasks.create("me", "b", List.of(new NewTask("a", "b", 0)), null);
      postgres.kill();
      postgres.restart();
      // The same pool finds its way back.
      assertEquals("waiting", tasks.find(created.firstTask()).orElseThrow().state());
    }
  }
}
