package com.amazonaws.jobprocessor.boss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.store.TaskState;
import com.amazonaws.jobprocessor.testkit.Checkout;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What docs/boss.md says is what the program has. */
class BossPageTest {
  private static String page() throws Exception {
    return Files.readString(Checkout.root().resolve("docs/boss.md"));
  }

  private static List<MatchResult> find(String regex) throws Exception {
    return Pattern.compile(regex).matcher(page()).results().toList();
  }

  @Test
  void commands_are_right() throws Exception {
    List<MatchResult> commands = find("(?m)bin/boss ((?:start|token)[^\n)`]*)");
    assertTrue(commands.size() >= 4, commands.toString());
    for (MatchResult command : commands) {
      CommandLine line = Boss.commandLine();
      String words = command.group(1).strip();
      if (!words.equals("token create") && !words.equals("start")) {
        line.parseArgs(words.split(" ", -1));
      }
    }
  }

  @Test
  void options_and_their_defaults_are_right() throws Exception {
    CommandLine start = Boss.commandLine().getSubcommands().get("start");
    assertTrue(start != null);
    for (MatchResult option : find("`(--[a-z-]+)`")) {
      assertTrue(start.getCommandSpec().findOption(option.group(1)) != null, option.group(1));
    }
    assertEquals("720", start.getCommandSpec().findOption("--answer-within").defaultValue());
    assertEquals("90", start.getCommandSpec().findOption("--retention-days").defaultValue());
    assertEquals("8070", start.getCommandSpec().findOption("--port").defaultValue());
  }

  @Test
  void every_state_is_explained() throws Exception {
    Set<String> explained =
        find("(?m)^\\| `([a-z]+)` \\|").stream()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        Stream.of(TaskState.values())
            .map(TaskState::text)
            .collect(Collectors.toCollection(TreeSet::new)),
        explained);
  }

  @Test
  void paths_are_those_of_the_api() throws Exception {
    Set<String> known = new TreeSet<>();
    try (InputStream in =
        BossPageTest.class.getResourceAsStream(
            "/com/amazonaws/jobprocessor/boss/api/openapi.json")) {
      JsonNode file = new ObjectMapper().readTree(in);
      file.path("paths").fieldNames().forEachRemaining(known::add);
    }
    List<MatchResult> paths = find("(?:GET|POST|PUT) ((?:/[A-Za-z0-9]+)+)");
    assertTrue(paths.size() > 8);
    for (MatchResult path : paths) {
      String plain = path.group(1).replace("/api/v1", "").replace("/ID", "/{id}");
      assertTrue(known.contains("/api/v1" + plain), path.group());
    }
  }
}
