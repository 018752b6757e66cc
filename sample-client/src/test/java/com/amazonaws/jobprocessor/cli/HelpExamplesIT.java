package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.docs.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What every {@code --help} gives as an example does something, typed as it stands there; so do the
 * commands in the pages that PagesIT leaves to AWS.
 */
@Tag("long")
@Timeout(1_800)
class HelpExamplesIT {
  /** CostTest runs those of cost; the experiment takes minutes, and a checkout. */
  private static final Set<String> ELSEWHERE = Set.of("cost", "experiment");

  /** A command with the lines behind a backslash, and not the words that explain it. */
  private static final Pattern EXAMPLE =
      Pattern.compile("(?m)^ {2}(?! )(.*sample-client (?:.*\\\\\\n)*.*)$");

  @TempDir Path folder;
  private ExampleWorld world;

  @BeforeEach
  void open() throws Exception {
    world = new ExampleWorld(folder);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void examples_of_every_help_and_commands_of_the_pages_that_need_aws_do_what_they_say()
      throws Exception {
    Set<String> examples = new LinkedHashSet<>();
    addExamples(SampleClient.commandLine(new Stop()), examples);
    assertTrue(examples.size() > 45, examples::toString);

    List<String> failed = new ArrayList<>();
    for (String example : examples) {
      world.prepare(example);
      world.failure(example).ifPresent(failed::add);
    }
    for (String page : List.of("docs/cli.md", "docs/payloads.md")) {
      for (Page.Block block : Page.of(page).blocks()) {
        if (block.mark().equals("aws") && block.text().contains("sample-client")) {
          world.prepare(block.text());
          for (String line : block.text().split("\n", -1)) {
            world
                .failure(line.replace("bin/sample-client", "sample-client"))
                .ifPresent(failed::add);
          }
        }
      }
    }
    assertEquals(List.of(), failed);
  }

  /** Those of a command and of the commands below it, as they are printed. */
  private static void addExamples(CommandLine command, Set<String> examples) {
    Matcher example = EXAMPLE.matcher(command.getUsageMessage());
    while (example.find() && !ELSEWHERE.contains(command.getCommandName())) {
      examples.add(example.group(1));
    }
    command.getSubcommands().values().forEach(below -> addExamples(below, examples));
  }
}
