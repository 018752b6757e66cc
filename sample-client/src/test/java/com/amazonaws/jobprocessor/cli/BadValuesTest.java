package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A value that cannot be is one line: which option, which value, what is allowed. */
class BadValuesTest {
  private static final Set<Class<?>> NUMBERS =
      Set.of(int.class, Integer.class, long.class, Long.class, BigDecimal.class);

  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    err.getBuffer().setLength(0);
    return SampleClient.commandLine(new Stop())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private static Stream<CommandLine> commands(CommandLine line) {
    return Stream.concat(
        Stream.of(line), line.getSubcommands().values().stream().flatMap(BadValuesTest::commands));
  }

  /** Other bytes than those of the file would have gone to the boxes. */
  @Test
  void settings_that_are_not_utf_8_are_refused(@TempDir Path folder) throws IOException {
    String name = folder.resolve("settings").toString();
    Files.writeString(
        Path.of(name), "# f\u00fcr die Bilder\njob_executor=Sleep\n", StandardCharsets.ISO_8859_1);
    String why = "sample-client: \"" + name + "\" is not UTF-8, as settings are\n";

    String[] launch = {"fleet", "launch", "--dry-run", "--image", "ami-0123456789abcdef0"};
    assertEquals(1, run(with(launch, "--user-data-file", name)));
    assertEquals(why, err.toString());
    assertEquals(1, run("run-local", "--user-data-file", name, name));
    assertEquals(why, err.toString());
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void what_is_no_number_is_named_with_its_option() {
    int tried = 0;
    for (CommandLine line : commands(SampleClient.commandLine(new Stop())).toList()) {
      CommandSpec command = line.getCommandSpec();
      for (OptionSpec option : command.options()) {
        if (NUMBERS.contains(option.type())) {
          List<String> args = new ArrayList<>(path(command));
          args.add(option.longestName());
          args.add("many");
          assertEquals(2, run(args.toArray(String[]::new)), args::toString);
          String first = err.toString().lines().findFirst().orElse("");
          assertTrue(first.contains("'" + names(option) + "'"), first);
          assertTrue(first.contains("\"many\""), first);
          tried++;
        }
      }
    }
    assertTrue(tried > 15, tried + " options");
  }

  @Test
  void only_what_looks_like_an_option_is_called_unknown() throws IOException {
    assertEquals(2, run("submit", "--timout", "5", "a b.txt"));
    assertTrue(
        err.toString()
            .startsWith("sample-client: Unknown option: '--timout'; do you mean --timeout?\n"),
        err.toString());
    assertEquals(2, run("submit", "a", "b"));
    assertTrue(err.toString().contains("Unmatched argument at index 2: 'b'"), err.toString());
    Path file = Files.createTempFile(Path.of(""), "-dash", ".txt");
    try {
      assertEquals(2, run("submit", file.getFileName().toString()));
    } finally {
      Files.delete(file);
    }
    assertTrue(
        err.toString().contains("'; a file of that name is ./" + file.getFileName() + "\n"),
        err.toString());
  }

  private static String names(ArgSpec option) {
    return ((OptionSpec) option).longestName();
  }

  private static List<String> path(CommandSpec command) {
    String[] names = command.qualifiedName().split(" ", -1);
    return List.of(names).subList(1, names.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          results --timeout 0 | --timeout: 0 is out of range; allowed: 1 to 10,000,000 seconds
          results --expect -1 | --expect: -1 is out of range; allowed: 1 to 2,147,483,647
          run --timeout 99999999 x | --timeout: 99999999 is out of range; allowed: 1 to 10,000,000 seconds
          submit --wait --timeout 0 x | --timeout: 0 is out of range; allowed: 1 to 10,000,000 seconds
          submit --pack 1001 x | --pack: allowed are 1 to 1000, or auto, not "1001"
          submit --pack auto --job-millis 0 x | --job-millis: 0 is out of range; allowed: 1 to 43,200,000
          status --job-table jobs --watch --timeout 0 a | --timeout: 0 is out of range; allowed: 1 to 10,000,000 seconds
          queues --watch 0 | --watch: 0 is out of range; allowed: 1 to 86,400 seconds
          queues --job-failure-retries 101 | --job-failure-retries: 101 is out of range; allowed: 0 to 100
          queues --jobs-per-message 0.5 | --jobs-per-message: 0.5 is out of range; allowed: 1 to 1000
          repair --job-table jobs --older-than -1 | --older-than: -1 is out of range; allowed: 0 to 1,000,000,000 seconds
          fleet launch --image ami-0123 0 | COUNT: 0 is out of range; allowed: 1 to 1,000
          fleet launch --image ami-0123 --timeout 0 | --timeout: 0 is out of range; allowed: 1 to 86,400 seconds
          fleet launch --image ami-0123 --client-token ü | --client-token: allowed are 1 to 64 letters, digits and punctuation marks, not "ü"
          replay --attempt 1001 a | --attempt: 1001 is out of range; allowed: 1 to 1,000
          results --format xml | expected one of [TEXT, JSON, CSV] (case-insensitive) but was 'xml'
          """)
  void what_is_out_of_range_is_named_with_what_is_allowed(String line, String said) {
    assertEquals(2, run(line.split(" ", -1)), err::toString);
    assertTrue(err.toString().lines().findFirst().orElse("").contains(said), err.toString());
    assertEquals(3, err.toString().lines().count(), err.toString());
  }
}
