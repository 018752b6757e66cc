package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.docs.Page;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
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

  /** JsonNamesIT holds each row to what is printed. */
  @Test
  void whatever_prints_json_is_in_the_table_of_names() {
    String commands =
        PAGE.section("JSON")
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", -1)[1])
            .collect(Collectors.joining());
    for (CommandLine command : command().getSubcommands().values()) {
      boolean printsJson =
          all(command)
              .map(one -> one.getCommandSpec().findOption("--json"))
              .anyMatch(option -> option != null && option.arity().max() == 0);
      assertEquals(
          printsJson,
          commands.contains("`" + command.getCommandName() + "`"),
          command.getCommandName());
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

  /** With the commands below them. */
  private static Stream<CommandLine> all(CommandLine line) {
    return Stream.concat(
        Stream.of(line), line.getSubcommands().values().stream().flatMap(CommandsInPagesTest::all));
  }

  private static Map<String, String> statuses(CommandLine line) {
    return line.getCommandSpec().usageMessage().exitCodeList();
  }

  /** What a page has, by the status. */
  private static Map<String, String> statuses(String section) {
    return Pattern.compile("(?m)^\\| ([0-9][0-9, ]*) \\| (.*) \\|$")
        .matcher(section)
        .results()
        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
  }

  /** The first words of what stands in parentheses. */
  private static Set<String> named(String text) {
    return Pattern.compile("\\(([^()]*)\\)")
        .matcher(text.replace("`", ""))
        .results()
        .flatMap(list -> Stream.of(list.group(1).split(", ", -1)))
        .map(command -> command.split(" ", -1)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void exit_statuses_of_the_page_are_those_of_every_help() {
    Map<String, String> page = statuses(PAGE.text());
    Map<String, String> program = statuses(command());
    Map<String, Set<String>> commands = new TreeMap<>();
    for (CommandLine line : command().getSubcommands().values()) {
      for (CommandLine one : all(line).filter(any -> !statuses(any).isEmpty()).toList()) {
        Set<String> told = statuses(one).keySet();
        assertTrue(told.containsAll(Set.of("0", "1", "2")), line.getCommandName());
        told.forEach(
            status ->
                commands.computeIfAbsent(status, _ -> new TreeSet<>()).add(line.getCommandName()));
      }
    }
    assertEquals(page.keySet(), program.keySet());
    assertEquals(page.keySet(), commands.keySet());
    for (String status : List.of("3", "4", "5")) {
      assertEquals(commands.get(status), named(page.get(status)), status);
    }
    for (String status : List.of("4", "5")) {
      assertEquals(commands.get(status), named(program.get(status)), status);
    }
    assertEquals(
        statuses(command("run-local")).keySet(),
        statuses(Page.of("docs/local.md").section("run-local")).keySet());
  }

  @Test
  void defaults_are_those_of_the_options() {
    long seconds = WaitOptions.patience(null, 1).toSeconds();
    assertTrue(PAGE.section("results").contains("by default " + seconds + " with"), "" + seconds);
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
