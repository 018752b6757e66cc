package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalTest {
  /** The image's tests see the same with the real journal. */
  @ParameterizedTest
  @CsvSource({
    "8:1, 8:1, 8:1, true, true", // one socket for both
    "8:2, 8:1, 8:2, true, true", // a socket each, as with journal+console: systemd names the second
    "8:2, 8:1, 8:2, false, false", // standard output is a file
    "8:1, 8:1, 9:9, true, true", // standard error is a file
    "8:7, 8:1, 8:2, true, false", // inherited from somebody else
    "'', 8:1, 8:2, true, false",
  })
  void the_journal_takes_standard_output(
      String stream, String out, String err, boolean outIsSocket, boolean takes) {
    assertEquals(takes, Journal.takesOut(stream, out, err, outIsSocket));
  }
}
