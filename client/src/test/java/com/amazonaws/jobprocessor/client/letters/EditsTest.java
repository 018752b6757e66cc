package com.amazonaws.jobprocessor.client.letters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.MessageFormat;
import org.junit.jupiter.api.Test;

class EditsTest {
  @Test
  void an_id_counts_its_versions() {
    assertEquals("a.2", Edits.next("a"));
    assertEquals("a.3", Edits.next("a.2"));
    assertEquals("a.10", Edits.next("a.9"));
    assertEquals("a.0.2", Edits.next("a.0"));
    assertEquals("a.1.2", Edits.next("a.1"), "a.2 would be somebody else's");
    assertEquals("a-17.2", Edits.next("a-17"));
    assertEquals("1.1234567.2", Edits.next("1.1234567"));
  }

  @Test
  void the_next_id_is_an_id_however_long_the_first_is() {
    String longest = "x".repeat(256);
    String next = Edits.next(longest);

    assertTrue(MessageFormat.isJobId(next), next);
    assertEquals(next, Edits.next(longest), "the same if it has to be done again");
    assertNotEquals(next, Edits.next("y".repeat(256)));
    assertNotEquals(next, Edits.next(next));
  }
}
