package com.amazonaws.jobprocessor.boss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Links;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.Users;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command {@code user link}. */
class UserCommandTest {
  private final InstantSource clock = InstantSource.system();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int run(String name) {
    CommandLine line = Boss.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute("user", "link", "--name", name, "--data", folder.toString());
  }

  private static Users users(Database database, Actions actions, InstantSource clock) {
    return new Users(database, actions, clock);
  }

  @Test
  void a_link_lets_a_user_in_again() {
    try (Database database = Database.embedded(folder)) {
      Settings settings = new Settings(database, ZoneOffset.UTC);
      assertTrue(settings.databaseId().length() > 0);
      users(database, new Actions(database, clock), clock).create("test", "ada", Role.OPERATOR);
    }
    assertEquals(0, run("ada"), err::toString);
    String secret = out.toString().strip().replace("join?link=", "");
    try (Database database = Database.embedded(folder)) {
      Actions actions = new Actions(database, clock);
      Users users = users(database, actions, clock);
      Links links = new Links(database, users, actions, clock);
      assertEquals("ada", links.find(secret).orElseThrow().name());
      assertEquals("admin", actions.before(Long.MAX_VALUE, 1).getFirst().who());
    }
  }

  @Test
  void a_user_that_is_not_there_is_said_in_one_line() {
    Database.embedded(folder).close();
    assertEquals(1, run("nobody"));
    assertTrue(err.toString().startsWith("boss: there is no user of that name"), err.toString());
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void a_folder_without_a_database_gets_none() {
    assertEquals(1, run("ada"));
    assertTrue(err.toString().startsWith("boss: there is no database in "), err.toString());
    assertFalse(Files.exists(folder.resolve(Database.FILE)));
  }

  /** H2 lets its own process in, so that another one would be needed. */
  @Test
  void beside_a_boss_that_runs_it_says_to_stop_that_first() {
    assertEquals(
        "cannot open: another process has it open; stop the boss first",
        UserCommand.advised(new UserError("cannot open: " + Database.IN_USE)).getMessage());
    assertEquals("other", UserCommand.advised(new UserError("other")).getMessage());
  }
}
