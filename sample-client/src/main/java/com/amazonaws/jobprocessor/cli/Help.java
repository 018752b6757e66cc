package com.amazonaws.jobprocessor.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code help}: the help of a command, also of one below another. */
@Command(
    name = "help",
    mixinStandardHelpOptions = true,
    helpCommand = true,
    description = "Prints the help of a command, or of the program: the same as COMMAND --help.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:something went wrong", "2:there is no such command"},
    footerHeading = "%nExamples:%n",
    footer = {"  sample-client help submit", "  sample-client help dead-letters send-back"})
final class Help implements Runnable {
  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "the command, and the one below it if there are any")
  private List<String> names = List.of();

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    CommandLine command = spec.commandLine().getParent();
    for (String name : names) {
      CommandLine below = command.getSubcommands().get(name);
      if (below == null) {
        throw unknown(command, name);
      }
      command = below;
    }
    command.usage(spec.commandLine().getOut());
  }

  private static CommandLine.ParameterException unknown(CommandLine command, String name) {
    List<String> near =
        new CommandLine.UnmatchedArgumentException(command, List.of(name)).getSuggestions();
    String meant = near.isEmpty() ? "" : "; do you mean " + near.getFirst() + "?";
    return new CommandLine.ParameterException(command, "Unknown command: '" + name + "'" + meant);
  }
}
