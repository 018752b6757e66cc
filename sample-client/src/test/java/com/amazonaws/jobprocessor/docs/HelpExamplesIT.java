package com.amazonaws.jobprocessor.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@code --help} of the sample client gives as an example does something, typed as it
 * stands there; so do the commands of the pages that {@link PagesIT} leaves to AWS.
 */
@Timeout(900)
class HelpExamplesIT {
  /**
   * It takes minutes, and a checkout; LocalPageTest holds its options to those of the benchmark.
   */
  private static final String ELSEWHERE = "experiment";

  private static final Pattern COMMAND = Pattern.compile("(?m)^ {2}([a-z][a-z-]+)(?= |$)");

  /** A command, and what the lines behind a backslash add to it; not the words that explain it. */
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
  void examples_of_every_help_do_what_they_say() throws Exception {
    List<String> failed = new ArrayList<>();
    int count = 0;
    for (String help : helps("")) {
      Matcher example = EXAMPLE.matcher(help);
      while (example.find()) {
        world.failure(example.group(1)).ifPresent(failed::add);
        count++;
      }
    }
    assertEquals(List.of(), failed);
    assertTrue(count > 50, "only " + count + " examples");
  }

  /** The help of a command and of those below it. */
  private List<String> helps(String command) throws Exception {
    Unpacked.Ran ran = world.run("sample-client " + command + " --help");
    assertEquals(0, ran.status(), ran::toString);
    List<String> all = new ArrayList<>(List.of(ran.out()));
    Matcher sub = COMMAND.matcher(section(ran.out(), "Commands"));
    while (sub.find()) {
      if (!sub.group(1).equals(ELSEWHERE)) {
        all.addAll(helps(command + " " + sub.group(1)));
      }
    }
    return all;
  }

  private static String section(String help, String heading) {
    Matcher section = Pattern.compile("(?ms)^" + heading + ":$(.*?)(?=^\\S|\\z)").matcher(help);
    return section.find() ? section.group(1) : "";
  }

  @Test
  void commands_of_the_pages_that_need_aws_do_what_they_say() throws Exception {
    List<String> failed = new ArrayList<>();
    int count = 0;
    for (Page.Block block :
        Stream.of("docs/cli.md", "docs/payloads.md")
            .flatMap(page -> Page.of(page).blocks().stream())
            .filter(block -> block.is("bash", "aws") && block.text().contains("bin/sample-client"))
            .toList()) {
      world.failure(block.text()).ifPresent(failure -> failed.add(block + ": " + failure));
      count++;
    }
    assertEquals(List.of(), failed);
    assertTrue(count > 8, "only " + count + " blocks");
  }
}
