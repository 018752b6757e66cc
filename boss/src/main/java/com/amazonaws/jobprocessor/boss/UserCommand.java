package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Links;
import com.amazonaws.jobprocessor.boss.store.Users;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code boss user}: for whoever may read the database, and is locked out of the pages. */
@Command(
    name = "user",
    description = "Lets a user of the pages in again.",
    mixinStandardHelpOptions = true,
    subcommands = UserCommand.Link.class)
final class UserCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "which command? user link");
  }

  /** {@code boss user link}. */
  @Command(
      name = "link",
      description =
          "Prints the end of a link by which a user sets a new password, once, within a day: it"
              + " stands behind the address of the pages. Stop the boss before, unless its database"
              + " is PostgreSQL.",
      mixinStandardHelpOptions = true)
  static final class Link implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
    @Mixin private DatabaseOptions database;

    @Option(
        names = "--name",
        required = true,
        paramLabel = "NAME",
        description = "the user, as the pages name it")
    private String name;

    @Override
    public Integer call() {
      InstantSource clock = InstantSource.system();
      if (database.isNew()) {
        throw new UserError(
            "there is no database in " + database.folder + "; name its folder by --data");
      }
      try (Database open = open()) {
        Actions actions = new Actions(open, clock);
        Users users = new Users(open, actions, clock);
        Users.User user =
            users
                .find(name)
                .orElseThrow(
                    () -> new UserError("there is no user of that name; names are case-sensitive"));
        String secret = new Links(open, users, actions, clock).create("admin", user);
        spec.commandLine().getOut().println("join?link=" + secret);
        spec.commandLine().getOut().flush();
      }
      return 0;
    }

    private Database open() {
      try {
        return database.open();
      } catch (UserError e) {
        throw advised(e);
      }
    }
  }

  /** With what to do beside a boss that runs. */
  static UserError advised(UserError e) {
    String message = String.valueOf(e.getMessage());
    return message.endsWith(Database.IN_USE)
        ? new UserError(message + "; stop the boss first", e)
        : e;
  }
}
