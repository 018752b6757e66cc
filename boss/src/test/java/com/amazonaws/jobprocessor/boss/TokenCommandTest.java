package com.amazonaws.jobprocessor.boss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands {@code token}, without a boss that runs. */
class TokenCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Boss.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of("token"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", folder.toString()));
    return line.execute(all.toArray(String[]::new));
  }

  private String made(String name, String scope) {
    Database.embedded(folder).close(); // as a boss has made it
    assertEquals(0, run("create", "--scope", scope, "--name", name), err::toString);
    return out.toString().strip();
  }

  @Test
  void a_token_is_listed_without_itself_and_revoked_by_name_or_id() {
    String ada = made("ada", "read");
    made("ada", "operate");
    made("bob", "read");
    assertEquals(0, run("list"), err::toString);
    List<String> lines = out.toString().lines().toList();
    assertEquals(4, lines.size());
    assertTrue(lines.get(1).matches("1 +read +\\S+Z +never +ada"), lines.get(1));
    assertTrue(lines.get(2).matches("2 +operate +\\S+Z +never +ada"), lines.get(2));
    assertFalse(out.toString().contains(ada), "shown once");
    assertEquals(0, run("revoke", "--name", "ada"), err::toString);
    assertEquals(2, out.toString().lines().count());
    assertEquals(0, run("revoke", "--id", "3"), err::toString);
    assertEquals(0, run("list"));
    assertEquals(1, out.toString().lines().count());
    InstantSource clock = InstantSource.system();
    try (Database database = Database.embedded(folder)) {
      Actions actions = new Actions(database, clock);
      assertTrue(new Tokens(database, actions, clock).find(ada).isEmpty());
      assertEquals("token.revoke", actions.before(Long.MAX_VALUE, 1).getFirst().what());
    }
  }

  /** The folder may be mistyped: nobody would take the token of a database that no boss uses. */
  @Test
  void a_token_is_made_in_a_database_that_is_there_only() {
    assertEquals(1, run("create", "--scope", "read"));
    assertEquals("", out.toString());
    assertEquals(
        "boss: there is no boss's database in "
            + folder
            + "; start the boss first, or name its folder by --data",
        err.toString().strip());
    assertFalse(Files.exists(folder.resolve(Database.FILE)));
  }

  @Test
  void what_is_wrong_is_said_in_one_line() {
    assertEquals(1, run("revoke", "--name", "ada"));
    assertTrue(err.toString().startsWith("boss: there is no database in "), err.toString());
    assertFalse(Files.exists(folder.resolve(Database.FILE)));
    made("bob", "read");
    assertEquals(1, run("revoke", "--name", "ada"));
    assertEquals("boss: there is no such token", err.toString().strip());
    assertEquals(2, run("revoke"));
    assertEquals(2, run("revoke", "--name", "bob", "--id", "1"));
  }
}
