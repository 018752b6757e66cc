package com.amazonaws.jobprocessor.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code completion}: lets a shell complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a script that makes bash or zsh complete this program's commands and options.",
      "The shell has to find the program as sample-client, on its PATH."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:something went wrong", "2:the command line is invalid"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(sample-client completion bash)     # in ~/.bashrc",
      "  source <(sample-client completion zsh)      # in ~/.zshrc"
    })
final class Completion extends Subcommand {
  /** The shells that it is for; one script serves both. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(arity = "1", paramLabel = "SHELL", description = "bash or zsh")
  private Shell shell;

  @Override
  public Integer call() {
    out().print(AutoComplete.bash("sample-client", root()));
    if (shell == Shell.ZSH) {
      out().println("# zsh reads it by way of bashcompinit, which it loads itself");
    }
    out().flush();
    return DONE;
  }
}
