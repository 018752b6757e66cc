package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
  /** As an "ü" is read in a locale without one, no file can have it. */
  private static final String UNREADABLE = "jobs-\ud800.txt";

  private final StringWriter err = new StringWriter();

  private int run(String line) {
    return SampleClient.commandLine(new Stop())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(line.replace("FILE", UNREADABLE).split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "submit --region us-east-1 FILE",
        "run --region us-east-1 --joblog FILE jobs.txt",
        "results --ids FILE",
        "run-local FILE",
        "run-local --lib FILE jobs.txt",
        "run-local --compare FILE FILE jobs.txt",
        "replay --file FILE",
        "generate -t 1 -v 1 -o FILE",
        "cost --prices FILE"
      })
  void what_the_locale_cannot_read_is_said_with_what_to_do(String line) {
    assertTrue(run(line) > 0);

    String first = err.toString().lines().findFirst().orElse("");
    assertTrue(first.startsWith("sample-client: "), err.toString());
    assertTrue(
        first.contains("is no name of a file with this locale's characters; set LC_ALL=C.UTF-8"),
        first);
  }

  @Test
  void what_no_file_can_be_called_is_said() {
    UserError error = assertThrows(UserError.class, () -> FileName.path("a\0b"));

    assertEquals("\"a\0b\" is no name of a file", error.getMessage());
  }
}
