package com.amazonaws.jobprocessor.boss.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("long")
class PostgresStoreIT extends StoreContract {
  /** No limit of the boss's own is as long. */
  private static final Duration LONG = Duration.ofSeconds(90);

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

  @Override
  Database reopen() {
    return Database.postgres(postgres.url(), null, null);
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
      // The same pool finds its way back. It does not test a connection that was in use less than
      // half a second ago: a server that comes back as quickly may be away for one more statement.
      await()
          .atMost(LONG)
          .ignoreExceptionsMatching(e -> Trouble.of(e).isPresent())
          .untilAsserted(
              () -> assertEquals("waiting", tasks.find(created.firstTask()).orElseThrow().state()));
    }
  }

  private static String ask(Database database) {
    return database.read(handle -> handle.createQuery("select 'here'").mapTo(String.class).one());
  }

  @ParameterizedTest
  @CsvSource({"53100,FULL", "53200,SHORT", "53300,AWAY", "57P03,AWAY", "22012,"})
  void what_the_server_lacks_is_told_apart(String state, Trouble wanted) {
    try (Database database = Database.postgres(postgres.url(), null, null)) {
      RuntimeException failure =
          assertThrows(
              RuntimeException.class,
              () ->
                  database.inTransaction(
                      handle ->
                          handle.execute(
                              "do $$ begin raise exception 'odd' using errcode = '"
                                  + state
                                  + "'; end $$")));
      assertEquals(Optional.ofNullable(wanted), Trouble.of(failure));
      assertEquals("here", ask(database));
    }
  }

  @Test
  void a_server_that_hangs_is_away_until_it_goes_on() {
    try (Database database = Database.postgres(postgres.url(), null, null)) {
      RuntimeException waited =
          assertTimeoutPreemptively(
              LONG,
              () ->
                  assertThrows(
                      RuntimeException.class,
                      () ->
                          database.read(
                              handle -> {
                                handle.execute("select 1");
                                postgres.freeze();
                                return handle.execute("select 1");
                              })));
      assertEquals(Optional.of(Trouble.AWAY), Trouble.of(waited));
      RuntimeException came =
          assertTimeoutPreemptively(
              LONG, () -> assertThrows(RuntimeException.class, () -> ask(database)));
      assertTrue(Trouble.of(came).isPresent(), came::toString);
      RuntimeException began =
          assertTimeoutPreemptively(
              LONG,
              () ->
                  assertThrows(
                      Database.Unavailable.class,
                      () -> Database.postgres(postgres.url(), null, null)));
      assertFalse(String.valueOf(began.getMessage()).isBlank());
      postgres.thaw();
      await().atMost(LONG).ignoreExceptions().until(() -> ask(database).equals("here"));
    } finally {
      postgres.thaw();
    }
  }

  @Test
  void a_boss_that_is_lost_or_hangs_does_not_keep_its_rows_from_others() {
    try (Database database = Database.postgres(postgres.url(), null, null)) {
      for (String setting :
          List.of(
              "tcp_keepalives_idle=30",
              "tcp_keepalives_interval=10",
              "tcp_keepalives_count=3",
              "idle_in_transaction_session_timeout=5min")) {
        String name = setting.substring(0, setting.indexOf('='));
        String value =
            database.read(
                handle ->
                    handle
                        .createQuery("select current_setting(:name)")
                        .bind("name", name)
                        .mapTo(String.class)
                        .one());
        assertEquals(setting, name + "=" + value);
      }
    }
  }

  /** Plans that were made while a table was empty are kept until somebody has analyzed it. */
  @Test
  void a_table_that_the_planner_takes_for_empty_is_not_read_from_end_to_end() throws Exception {
    try (Database database = postgres.empty()) {
      Settings settings = new Settings(database, ZoneId.of("UTC"));
      Tasks tasks = new Tasks(database, settings, new Actions(database, clock), clock);
      tasks.create("me", "b", List.of(new NewTask("a", "b", 0)), null);
      database.read(handle -> handle.execute("analyze"));
      for (String query :
          List.of(
              "select task_id, run from result where task_id = any(array[1, 2, 3])",
              "select * from task where id = any(array[1, 2, 3]) order by id for update",
              "select 1 from task where state = 'waiting' limit 1",
              "select id from task where state = 'waiting' order by state, priority desc, id"
                  + " limit 1000 for update skip locked")) {
        List<String> plan =
            database.read(
                handle -> handle.createQuery("explain " + query).mapTo(String.class).list());
        assertTrue(plan.stream().anyMatch(step -> step.contains("Index")), plan::toString);
        assertTrue(plan.stream().noneMatch(step -> step.contains("Seq Scan")), plan::toString);
        assertTrue(plan.stream().noneMatch(step -> step.contains("Bitmap")), plan::toString);
      }
    }
  }

  @Test
  void who_does_not_wait_for_a_count_has_it_later() throws Exception {
    try (Database database = postgres.empty();
        Connection other = DriverManager.getConnection("jdbc:" + postgres.url());
        Statement statement = other.createStatement()) {
      Settings settings = new Settings(database, ZoneId.of("UTC"));
      Tasks tasks = new Tasks(database, settings, new Actions(database, clock), clock);
      tasks.create("me", "b", List.of(new NewTask("a", "b", 0)), null);
      Census census = new Census(database, clock);
      other.setAutoCommit(false);
      statement.execute("lock table task in access exclusive mode");
      for (int i = 0; i < 3; i++) {
        assertEquals(Optional.empty(), census.soon(Duration.ofMillis(20)));
      }
      other.rollback();
      assertEquals(1, census.soon(LONG).orElseThrow().total().get("waiting"));
    }
  }

  @Test
  void a_user_who_may_not_make_tables_is_told_so() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:" + postgres.url());
        Statement statement = connection.createStatement()) {
      statement.execute("create role reader login");
    }
    String url = postgres.url().replace("user=boss", "user=reader");
    Database.Unavailable refused =
        assertThrows(Database.Unavailable.class, () -> Database.postgres(url, null, null));
    // "permission denied for ...", or that there is no schema for tables.
    assertTrue(String.valueOf(refused.getMessage()).startsWith("ERROR: "), refused::toString);
  }
}
