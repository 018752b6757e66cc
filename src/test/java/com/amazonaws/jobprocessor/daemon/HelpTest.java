package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --help} tells all that a user needs who has nothing else. */
class HelpTest {
  private static final int COLUMNS = 120;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conf/job-processor.conf",
        "\\, is a comma inside a value and \\\\ a",
        "lines that begin with # are comments",
        "JOB_PROCESSOR_LIB",
        "JOB_PROCESSOR_JVM_OPTS",
        "STATE_DIRECTORY",
        "XDG_STATE_HOME",
        "\n  0   ",
        "\n  1   ",
        "\n  78  ",
        "\n  79  ",
        "a second SIGTERM or SIGINT"
      })
  void it_names(String word) {
    assertTrue(Help.text().contains(word), Help.text());
  }

  @Test
  void its_lines_fit_a_terminal() {
    Help.text().lines().forEach(line -> assertTrue(line.length() <= COLUMNS, line));
  }
}
