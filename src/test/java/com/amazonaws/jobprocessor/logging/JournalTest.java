package com.amazonaws.jobprocessor.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.logging.Journal.Output;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final Map<String, String> STREAM = Map.of("JOURNAL_STREAM", "9:1234");
  private static final Output NAMED = new Output("9:1234", true);
  private static final Output OTHER_SOCKET = new Output("9:1235", true);
  private static final Output FILE = new Output("9:1235", false);

  private static void assertReads(boolean out, boolean err, Journal journal) {
    assertEquals(out, journal.readsOut());
    assertEquals(err, journal.readsErr());
  }

  @Test
  void the_journal_reads_what_its_variable_names() {
    assertReads(true, true, new Journal(STREAM, NAMED, NAMED));
    assertReads(true, false, new Journal(STREAM, NAMED, FILE));
    assertReads(false, false, new Journal(STREAM, FILE, FILE));
    assertReads(false, false, new Journal(Map.of(), NAMED, NAMED));
    assertReads(false, false, new Journal(STREAM, null, null));
  }

  @Test
  void with_standard_error_on_the_console_as_well_each_output_has_a_socket_of_its_own() {
    assertReads(true, true, new Journal(STREAM, OTHER_SOCKET, NAMED));
    assertReads(false, true, new Journal(STREAM, FILE, NAMED));
    assertReads(false, false, new Journal(STREAM, OTHER_SOCKET, OTHER_SOCKET));
  }

  @Test
  void in_the_journal_each_line_of_a_refusal_is_an_error() {
    assertEquals("<3>a\n<3>b\n<3>c\n", printed(new Journal(STREAM, FILE, NAMED)));
    assertEquals("a\nb\nc\n", printed(new Journal(STREAM, NAMED, FILE)));
  }

  private static String printed(Journal journal) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    journal.printRefusal(List.of("a\nb", "c"), new PrintStream(err, true, UTF_8));
    return err.toString(UTF_8);
  }

  @Test
  void a_descriptor_is_known_by_device_and_inode() {
    Output out = Output.ofDescriptor(1);
    assertTrue(out != null && out.id().matches("[0-9]+:[0-9]+"), () -> String.valueOf(out));
    assertEquals(null, Output.ofDescriptor(99_999));
  }
}
