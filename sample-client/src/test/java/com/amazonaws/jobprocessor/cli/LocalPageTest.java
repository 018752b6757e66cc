package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.docs.Page;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/local.md describes the options that its commands have. */
class LocalPageTest {
  private static final Page PAGE = Page.of("docs/local.md");

  @ParameterizedTest
  @ValueSource(strings = {"generate", "run-local", "replay", "experiment"})
  void every_option_has_its_row(String command) {
    Set<String> options =
        SampleClient.commandLine(new Stop())
            .getSubcommands()
            .get(command)
            .getCommandSpec()
            .options()
            .stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp())
            .map(OptionSpec::longestName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> described =
        PAGE.section(command)
            .lines()
            .filter(line -> line.startsWith("| `"))
            .flatMap(line -> Stream.of(line.split("\\|", -1)[1].split("[`, ]+")))
            .filter(word -> word.startsWith("--"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(options, described);
  }

  @Test
  void the_experiment_has_the_options_of_the_benchmark_that_runs_it() throws Exception {
    String help = Files.readString(Page.root().resolve("bin/bench"));
    CommandLine command = SampleClient.commandLine(new Stop()).getSubcommands().get("experiment");

    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        assertTrue(help.contains("[" + option.longestName()), option.longestName());
      }
    }
  }

  @Test
  void the_experiment_says_where_it_can_run() {
    StringWriter err = new StringWriter();

    assertEquals(
        1,
        SampleClient.commandLine(new Stop())
            .setErr(new PrintWriter(err))
            .execute("experiment", "--workers", "1,2", "--millis", "0,10"));
    assertTrue(err.toString().contains("run bin/bench --experiment there"), err.toString());
  }
}
