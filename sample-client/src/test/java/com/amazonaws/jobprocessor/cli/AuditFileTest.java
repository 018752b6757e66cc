package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.client.read.JobResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
  private static final List<String> ODD =
      List.of("a\\b", "a\\\\b", "{x", "{}", "{\"job_id\":\"p\"}");

  @TempDir private Path folder;

  private AuditFile read(Set<String> ids, String text) throws IOException {
    AuditFile file = new AuditFile(ids);
    file.read(Files.writeString(folder.resolve("results"), text).toString());
    return file;
  }

  private static String printed(String id, boolean json) {
    StringWriter out = new StringWriter();
    new Printer(new PrintWriter(out), json).result(new JobResult(id, "r", "1", "5", "m", "w"), "r");
    return out.toString();
  }

  @Test
  void what_was_printed_of_a_job_is_found_whatever_its_id() throws IOException {
    for (boolean json : List.of(false, true)) {
      for (String id : ODD) {
        AuditFile file = read(Set.copyOf(ODD), printed(id, json));

        for (String other : ODD) {
          assertEquals(other.equals(id) ? 1 : 0, file.of(other).results(), other + " of " + id);
        }
        assertEquals(0, file.strangers());
      }
    }
  }

  @Test
  void an_id_is_not_taken_for_another_that_is_printed_like_it() throws IOException {
    AuditFile file = read(Set.of("a\\\\b"), printed("a\\b", false));

    assertEquals(0, file.of("a\\\\b").results());
    assertEquals(1, file.strangers());
  }

  @Test
  void a_json_object_that_was_cut_off_is_no_line_of_text() {
    String whole = printed("a", true);

    assertThrows(UserError.class, () -> read(Set.of("a"), whole.substring(0, 20) + "\n"));
  }
}
