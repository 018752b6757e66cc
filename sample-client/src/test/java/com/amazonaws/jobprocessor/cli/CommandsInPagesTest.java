package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.docs.Page;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The pages show commands and options that the sample client has. */
class CommandsInPagesTest {
  private static final Page PAGE = Page.of("docs/cli.md");

  private static CommandLine command(String... names) {
    CommandLine line = SampleClient.commandLine(new Stop());
    for (String name : names) {
      line = line.getSubcommands().get(name);
    }
    return line;
  }

  private static Set<String> options(CommandLine... commands) {
    return Stream.of(commands)
        .flatMap(command -> command.getCommandSpec().options().stream())
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .map(OptionSpec::longestName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> described(String section) {
    return PAGE.section(section)
        .lines()
        .filter(line -> line.startsWith("| `"))
        .flatMap(line -> Stream.of(line.split("\\|", -1)[1].split("[`, ]+")))
        .filter(word -> word.startsWith("--"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void every_option_has_its_row() {
    assertEquals(options(command("run")), described("run"));
    assertEquals(options(command("submit")), described("submit"));
    assertEquals(options(command("results")), described("results"));
    assertEquals(
        options(
            command("dead-letters"),
            command("dead-letters", "list"),
            command("dead-letters", "show"),
            command("dead-letters", "edit"),
            command("dead-letters", "purge"),
            command("dead-letters", "send-back")),
        described("dead-letters"));
    assertEquals(options(command("status")), described("status"));
    assertEquals(options(command("repair")), described("repair"));
    for (String name : List.of("explain", "cancel", "audit")) {
      assertEquals(options(command(name)), described(name));
    }
    assertEquals(options(command("queues")), described("queues"));
    assertEquals(
        options(
            command("fleet", "launch"), command("fleet", "list"), command("fleet", "terminate")),
        described("fleet"));
  }

  /** Those that print what is a text, a file or a chart. */
  private static final Set<String> TEXTS =
      Set.of("help", "completion", "generate", "experiment", "dead-letters", "fleet");

  @Test
  void what_every_other_command_prints_is_json_if_that_is_wanted() {
    for (CommandLine command : command().getSubcommands().values()) {
      Stream.concat(Stream.of(command), command.getSubcommands().values().stream())
          .filter(one -> !TEXTS.contains(one.getCommandName()))
          .forEach(
              one ->
                  assertTrue(
                      one.getCommandSpec().findOption("--json") != null,
                      one.getCommandSpec().qualifiedName()));
    }
  }

  @Test
  void every_command_has_its_section() {
    for (String name : command().getSubcommands().keySet()) {
      assertTrue(
          name.equals("help")
              || PAGE.anchors().contains(name)
              || Page.of("docs/local.md").anchors().contains(name),
          name);
    }
  }

  @Test
  void defaults_are_those_of_the_options() {
    String timeout = command("results").getCommandSpec().findOption("--timeout").defaultValue();
    assertTrue(PAGE.section("results").contains("by default " + timeout + " |"), timeout);
  }

  @Test
  void command_lines_are_understood() {
    List<String> lines =
        Page.all().stream()
            .flatMap(page -> page.all("bin/sample-client ([a-z][^\n|`<>&)#]*)").stream())
            .map(String::strip)
            .filter(line -> !line.contains("--help"))
            .distinct()
            .toList();
    assertTrue(lines.size() > 20, lines.toString());
    for (String line : lines) {
      if (!line.contains(" ")) {
        assertTrue(command().getSubcommands().containsKey(line), line);
        continue;
      }
      try {
        SampleClient.commandLine(new Stop()).parseArgs(line.split("\\s+", -1));
      } catch (CommandLine.ParameterException e) {
        throw new AssertionError("bin/sample-client " + line + ": " + e.getMessage(), e);
      }
    }
  }
}
