package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The helps read as texts do: the library wraps paragraphs, and prints the first of a command. */
class HelpTextTest {
  private static final int WIDTH = 100;

  private static List<CommandSpec> commands() {
    List<CommandSpec> all = new ArrayList<>();
    add(all, SampleClient.commandLine(new Stop()));
    return all;
  }

  private static void add(List<CommandSpec> all, CommandLine line) {
    all.add(line.getCommandSpec());
    line.getSubcommands().values().forEach(command -> add(all, command));
  }

  @Test
  void what_stands_in_the_list_of_commands_is_a_whole_sentence() {
    for (CommandSpec command : commands()) {
      String first = command.usageMessage().description()[0];
      if (!command.name().equals("help")) {
        assertTrue(first.endsWith("."), command.name() + ": " + first);
      }
    }
  }

  /** A line of half a sentence that is wrapped leaves a short one amid the text. */
  @Test
  void what_is_wrapped_is_a_whole_paragraph() {
    List<String> parts = new ArrayList<>();
    for (CommandSpec command : commands()) {
      addParts(parts, command.name(), command.usageMessage().description());
      command
          .options()
          .forEach(option -> addParts(parts, option.longestName(), option.description()));
      for (String line : command.usageMessage().footer()) {
        if (line.length() > WIDTH) {
          parts.add(command.name() + ": " + line);
        }
      }
    }
    assertEquals(List.of(), parts);
  }

  /** All but the last, which an option need not end with a full stop. */
  private static void addParts(List<String> parts, String of, String[] paragraphs) {
    for (int i = 0; i < paragraphs.length - 1; i++) {
      if (!paragraphs[i].isEmpty() && !paragraphs[i].matches("(?s).*[.:]")) {
        parts.add(of + ": " + paragraphs[i]);
      }
    }
  }
}
