package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.boss.api.Api;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: {@code bin/boss}. */
@Command(
    name = "boss",
    description =
        "Keeps tasks and their results in one database, sends tasks to the job processor's workers in the hours that are set, and has pages for people and an HTTP API.",
    subcommands = {
      Start.class,
      TokenCommand.class,
      UserCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    version = "boss 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done, or stopped by SIGTERM or Ctrl-C",
      "1:something went wrong; the last line on standard error says what",
      "2:the command line is invalid"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  boss start --data boss-data",
      "  boss token create --scope operate --name me",
      "  boss token revoke --name me",
      "  boss user link --name ada",
      "",
      "The standard AWS variables hold: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_SQS, keys, ..."
    })
public final class Boss implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Boss() {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "which command? start, token or user");
  }

  /** Runs a command and ends with its status. */
  public static void main(String[] args) {
    AwsAccess.forbidImdsV1();
    System.exit(run(args));
  }

  private static int run(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Boss())
        .setExecutionExceptionHandler((e, failing, _) -> failed(e, failing))
        .setParameterExceptionHandler((e, _) -> refused(e))
        .setUsageHelpWidth(100);
  }

  private static int failed(Exception e, CommandLine line) {
    line.getErr().println("boss: " + why(e).replaceAll("\\s+", " "));
    line.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** What has gone wrong, in words; the class only of what nobody has thought of. */
  static String why(Exception e) {
    return switch (e) {
      case UserError _, Api.CannotListen _, InvalidEnvironment _ -> String.valueOf(e.getMessage());
      case NoSuchFileException _ -> "there is no file " + e.getMessage();
      case AccessDeniedException _ -> e.getMessage() + ": permission denied";
      case IOException _ when e.getMessage() != null -> e.getMessage();
      default -> e.getClass().getSimpleName() + ": " + e.getMessage();
    };
  }

  private static int refused(CommandLine.ParameterException e) {
    CommandLine line = e.getCommandLine();
    List<String> near =
        e instanceof CommandLine.UnmatchedArgumentException unknown
            ? unknown.getSuggestions()
            : List.of();
    String hint = near.isEmpty() ? "" : "; do you mean " + near.getFirst() + "?";
    line.getErr().println("boss: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ") + hint);
    line.getErr().println("       " + line.getCommandSpec().qualifiedName() + " --help tells all");
    line.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }
}
