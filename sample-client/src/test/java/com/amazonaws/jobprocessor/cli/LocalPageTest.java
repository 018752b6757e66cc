package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.docs.Page;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

/** docs/local.md describes the options that its commands have. */
class LocalPageTest {
  private static final Page PAGE = Page.of("docs/local.md");

  @ParameterizedTest
  @ValueSource(strings = {"generate", "run-local"})
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
}
