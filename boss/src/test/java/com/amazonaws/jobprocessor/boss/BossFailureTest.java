package com.amazonaws.jobprocessor.boss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** What the boss ends with is said in words, not as a class of Java's. */
class BossFailureTest {
  @Test
  void what_users_can_mend_is_said_in_words() {
    assertEquals("choose another", Boss.why(new UserError("choose another")));
    assertEquals("the disk is full", Boss.why(new IOException("the disk is full")));
    assertEquals("there is no file /x", Boss.why(new NoSuchFileException("/x")));
    assertEquals("/x: permission denied", Boss.why(new AccessDeniedException("/x")));
    assertEquals("IllegalStateException: a fault", Boss.why(new IllegalStateException("a fault")));
  }
}
