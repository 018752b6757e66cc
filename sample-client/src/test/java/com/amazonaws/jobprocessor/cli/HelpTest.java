package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(List<String> args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return SampleClient.commandLine(new Stop())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args.toArray(String[]::new));
  }

  private int run(String line) {
    return run(List.of(line.strip().split(" ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "submit", "dead-letters", "dead-letters send-back", "fleet launch", "help"})
  void help_says_the_same_as_the_option(String command) {
    assertEquals(0, run(command + " --help"));
    String option = out.toString();
    List<String> help = new ArrayList<>(List.of("help"));
    help.addAll(command.isEmpty() ? List.of() : List.of(command.split(" ")));
    assertEquals(0, run(help), err.toString());
    assertEquals(option, out.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "submitt, sample-client",
    "submit jobs.txt, sample-client submit",
    "dead-letters send-bakc, sample-client dead-letters"
  })
  void help_of_a_command_that_is_none_is_refused(String words, String above) {
    assertEquals(2, run("help " + words));
    assertEquals("", out.toString());
    String refusal = err.toString();
    assertTrue(refusal.contains("usage: " + above + " "), refusal);
    String word = words.substring(words.lastIndexOf(' ') + 1);
    assertTrue(refusal.startsWith("sample-client: Unknown command: '" + word + "'"), refusal);
  }

  @Test
  void what_may_have_been_meant_is_named() {
    run("help dead-letters send-bakc");
    assertEquals(
        "sample-client: Unknown command: 'send-bakc'; do you mean send-back?",
        err.toString().lines().findFirst().orElse(""));
  }
}
