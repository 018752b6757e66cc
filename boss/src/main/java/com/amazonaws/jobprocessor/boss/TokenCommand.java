package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code boss token}. */
@Command(
    name = "token",
    description = "Makes, lists and ends tokens for the HTTP API.",
    mixinStandardHelpOptions = true,
    subcommands = {TokenCommand.Create.class, TokenCommand.Show.class, TokenCommand.Revoke.class})
final class TokenCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "which command? token create, token list or token revoke");
  }

  /** {@code boss token create}. */
  @Command(
      name = "create",
      description =
          "Makes a token and prints it, this once; works beside a running boss as well. Its holder"
              + " sends it as Authorization: Bearer TOKEN.",
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
    @Mixin private DatabaseOptions database;

    @Option(
        names = "--scope",
        required = true,
        paramLabel = "read|operate",
        description = "what it allows: to look, or to make tasks and to start and stop as well")
    private String scope;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        defaultValue = "cli",
        description = "whose it is, for the log of actions (default: ${DEFAULT-VALUE})")
    private String name;

    @Override
    public Integer call() throws Exception {
      Tokens.Scope wanted =
          Tokens.Scope.of(scope)
              .orElseThrow(
                  () ->
                      new CommandLine.ParameterException(
                          spec.commandLine(), "--scope must be read or operate"));
      if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--name must have 1 to 64 of A-Z a-z 0-9 . _ -");
      }
      Optional<String> token = database.isEmbedded() ? fromTheBoss(wanted) : Optional.empty();
      spec.commandLine().getOut().println(token.isPresent() ? token.get() : make(wanted));
      spec.commandLine().getOut().flush();
      return 0;
    }

    private String make(Tokens.Scope wanted) {
      if (database.isNew()) {
        throw new UserError(
            "there is no boss's database in "
                + database.folder
                + "; start the boss first, or name its folder by --data");
      }
      InstantSource clock = InstantSource.system();
      try (Database open = database.open()) {
        return new Tokens(open, new Actions(open, clock), clock).create("admin", name, wanted);
      }
    }

    /** From the boss that has the file open, if one runs. */
    private Optional<String> fromTheBoss(Tokens.Scope wanted)
        throws IOException, InterruptedException {
      Optional<RunningBoss> boss = RunningBoss.of(database.folder);
      return boss.isEmpty()
          ? Optional.empty()
          : boss.get()
              .post("/tokens", Map.of("name", name, "scope", wanted.text()))
              .map(json -> json.path("token").asText());
    }
  }

  /** Opens a database that is there. */
  private static <T> T with(DatabaseOptions database, Function<Tokens, T> work) {
    if (database.isNew()) {
      throw new UserError(
          "there is no database in " + database.folder + "; name its folder by --data");
    }
    InstantSource clock = InstantSource.system();
    try (Database open = database.open()) {
      return work.apply(new Tokens(open, new Actions(open, clock), clock));
    }
  }

  private static Optional<RunningBoss> boss(DatabaseOptions database) throws IOException {
    return database.isEmbedded() ? RunningBoss.of(database.folder) : Optional.empty();
  }

  /** {@code boss token list}. */
  @Command(
      name = "list",
      description =
          "Lists the tokens: id, name, scope, when each was made and last used (to the minute)."
              + " What a token is itself is stored nowhere. Works beside a running boss as well.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    private static final int PAGE = 200;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
    @Mixin private DatabaseOptions database;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = spec.commandLine().getOut();
      Optional<RunningBoss> boss = boss(database);
      if (boss.isEmpty() || !listed(boss.get(), out)) {
        with(
            database,
            tokens -> {
              printHeader(out);
              tokens.after(0, Integer.MAX_VALUE).forEach(one -> print(out, one));
              return null;
            });
      }
      out.flush();
      return 0;
    }

    private static boolean listed(RunningBoss boss, PrintWriter out) throws InterruptedException {
      String after = "";
      do {
        Optional<JsonNode> page = boss.get("/tokens?limit=" + PAGE + after);
        if (page.isEmpty()) {
          return false;
        }
        if (after.isEmpty()) {
          printHeader(out);
        }
        page.get().path("items").forEach(one -> print(out, one));
        JsonNode next = page.get().path("next");
        after = next.isNull() ? "" : "&after=" + next.asText();
      } while (!after.isEmpty());
      return true;
    }
  }

  private static final String FORMAT = "%-6s %-8s %-20s %-20s %s%n";

  private static void printHeader(PrintWriter out) {
    out.printf(FORMAT, "ID", "SCOPE", "MADE", "LAST USED", "NAME");
  }

  private static void print(PrintWriter out, Tokens.Token token) {
    Instant used = token.usedAt();
    print(
        out,
        Long.toString(token.id()),
        token.scope(),
        token.createdAt().toString(),
        used == null ? "" : used.toString(),
        token.name());
  }

  private static void print(PrintWriter out, JsonNode token) {
    print(
        out,
        token.path("id").asText(),
        token.path("scope").asText(),
        token.path("created_at").asText(),
        token.path("used_at").asText(""),
        token.path("name").asText());
  }

  private static void print(
      PrintWriter out, String id, String scope, String made, String used, String name) {
    out.printf(FORMAT, id, scope, seconds(made), used.isEmpty() ? "never" : seconds(used), name);
  }

  private static String seconds(String time) {
    return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** {@code boss token revoke}. */
  @Command(
      name = "revoke",
      description =
          "Ends a token, or all of a name: every boss of the database refuses it from then on."
              + " Prints those that were. Works beside a running boss as well.",
      mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
    @Mixin private DatabaseOptions database;

    @ArgGroup(multiplicity = "1")
    private Which which;

    /** One of these. */
    static final class Which {
      @Option(names = "--name", paramLabel = "NAME", description = "all tokens of this name")
      private @Nullable String name;

      @Option(names = "--id", paramLabel = "ID", description = "the token of this id, as listed")
      private long id;
    }

    @Override
    public Integer call() throws Exception {
      PrintWriter out = spec.commandLine().getOut();
      String name = which.name;
      Optional<RunningBoss> boss = boss(database);
      Optional<JsonNode> answer =
          boss.isEmpty()
              ? Optional.empty()
              : boss.get()
                  .post(
                      "/tokens/revoke",
                      name == null ? Map.of("id", Long.toString(which.id)) : Map.of("name", name));
      if (answer.isPresent()) {
        answer.get().path("items").forEach(one -> print(out, one));
      } else {
        List<Tokens.Token> ended =
            with(
                database,
                tokens ->
                    name == null ? tokens.revoke("admin", which.id) : tokens.revoke("admin", name));
        if (ended.isEmpty()) {
          throw new UserError("there is no such token");
        }
        ended.forEach(one -> print(out, one));
      }
      out.flush();
      return 0;
    }
  }
}
