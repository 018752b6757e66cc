package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.docs.Page;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the shell completes, and what a mistyped command is answered with. */
class CompletionIT {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return SampleClient.commandLine(new Stop())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void bash_completes_commands_and_options() throws Exception {
    assertEquals(0, run("completion", "bash"));
    Path script = Files.writeString(folder.resolve("completion"), out.toString());
    String test =
        """
        source "$1"
        COMP_WORDS=(sample-client dead); COMP_CWORD=1
        _complete_sample-client; echo "${COMPREPLY[@]}"
        COMP_WORDS=(sample-client run --jo); COMP_CWORD=2
        _complete_sample-client; echo "${COMPREPLY[@]}"
        COMP_WORDS=(sample-client dead-letters send-back --js); COMP_CWORD=3
        _complete_sample-client; echo "back: ${COMPREPLY[@]}"
        COMP_WORDS=(sample-client run-local --sk); COMP_CWORD=2
        _complete_sample-client; echo "${COMPREPLY[@]}"
        """;
    Process bash =
        new ProcessBuilder("bash", "-c", test, "bash", script.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8);

    assertEquals(0, bash.waitFor(), said);
    assertTrue(said.contains("dead-letters"), said);
    assertTrue(said.contains("--joblog"), said);
    assertTrue(said.contains("back: --json"), said);
    assertTrue(said.contains("--skip-bad"), said);
  }

  /** Typed on a terminal, since zsh completes nowhere else; the program says what it was given. */
  @Test
  @Timeout(120)
  void zsh_completes_commands_and_options_by_the_line_of_the_page() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/bin/zsh")) || Files.isExecutable(Path.of("/usr/bin/zsh")),
        "## NOT TESTED without zsh: what it completes ##");
    String page = Page.of("docs/cli.md").section("completion");
    String line = "source <(sample-client completion zsh)";
    assertTrue(page.contains("`" + line + "` in `~/.zshrc`"), page);
    assertEquals(0, run("completion", "zsh"));
    Files.writeString(folder.resolve("script"), out.toString());
    Path program =
        Files.writeString(
            folder.resolve("sample-client"),
            """
            #!/bin/sh
            cd "$(dirname "$0")"
            if [ "$*" = "completion zsh" ]; then cat script; else echo "$*" >> given; fi
            """);
    assertTrue(program.toFile().setExecutable(true));
    String test =
        """
        zmodload zsh/zpty
        zpty shell "TERM=dumb HOME=$1 PATH=$1:$PATH exec zsh -f -i"
        zpty -w shell "$2; echo rea''dy"
        zpty -r -m shell said "*ready*"
        for typed in dead "run --jobl" "dead-letters send-back --js" "run-local --sk"; do
          zpty -w shell "sample-client $typed"$'\\t'
        done
        zpty -w shell "echo en''ded"
        zpty -r -m shell said "*ended*"
        """;
    Path said = folder.resolve("said");
    Process zsh =
        new ProcessBuilder("zsh", "-f", "-c", test, "zsh", folder.toString(), line)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertTrue(zsh.waitFor(90, TimeUnit.SECONDS), () -> "it does not end: " + text(said));
      assertEquals(0, zsh.exitValue(), () -> text(said));
    } finally {
      zsh.descendants().forEach(ProcessHandle::destroyForcibly);
      zsh.destroyForcibly();
    }

    assertEquals(
        List.of(
            "dead-letters",
            "run --joblog",
            "dead-letters send-back --json",
            "run-local --skip-bad"),
        Files.readAllLines(folder.resolve("given")));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_mistyped_command_or_option_gets_a_suggestion() {
    assertEquals(2, run("submitt"));
    assertTrue(err.toString().contains("do you mean submit?"), err.toString());
    assertEquals(2, run("run", "--joblg", "x"));
    assertTrue(err.toString().contains("do you mean --joblog?"), err.toString());
    assertEquals(2, run("completion", "fish"));
  }

  @Test
  void every_command_tells_its_exit_statuses() {
    assertTellsThem(SampleClient.commandLine(new Stop()));
  }

  private static void assertTellsThem(CommandLine line) {
    if (line.getSubcommands().isEmpty() && !line.getCommandName().equals("help")) {
      String help = line.getUsageMessage();
      assertTrue(help.contains("Exit status"), help);
      assertTrue(
          line.getCommandSpec().findOption("--region") == null || help.contains("130, 143"), help);
    }
    line.getSubcommands().values().forEach(CompletionIT::assertTellsThem);
  }
}
