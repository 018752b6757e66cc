package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code boss token}. */
@Command(
    name = "token",
    description = "Makes tokens for the HTTP API.",
    mixinStandardHelpOptions = true,
    subcommands = TokenCommand.Create.class)
final class TokenCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "which command? token create");
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
        spec.commandLine()
            .getErr()
            .printf("boss: there was no database in %s: made a new one%n", database.folder)
            .flush();
      }
      InstantSource clock = InstantSource.system();
      try (Database open = database.open()) {
        return new Tokens(open, new Actions(open, clock), clock).create("admin", name, wanted);
      }
    }

    /** From the boss that has the file open, if one runs. */
    private Optional<String> fromTheBoss(Tokens.Scope wanted)
        throws IOException, InterruptedException {
      Optional<AdminFile> admin = AdminFile.read(database.folder);
      if (admin.isEmpty()) {
        return Optional.empty();
      }
      ObjectMapper json = new ObjectMapper();
      HttpRequest request =
          HttpRequest.newBuilder(admin.get().address().resolve("/api/v1/tokens"))
              .timeout(Duration.ofSeconds(30))
              .header("Authorization", "Bearer " + admin.get().token())
              .POST(
                  HttpRequest.BodyPublishers.ofByteArray(
                      json.writeValueAsBytes(Map.of("name", name, "scope", wanted.text()))))
              .build();
      try (HttpClient client =
          HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
          // Another program listens where a boss did.
          return Optional.empty();
        }
        return Optional.of(json.readTree(answer.body()).path("token").asText());
      } catch (IOException e) {
        // It has died: its file is ours to open.
        return Optional.empty();
      }
    }
  }
}
