package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An Error of the thread that reads is its reader's: it is neither the end nor waited out. */
@Timeout(60)
class LineFeedTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final InputStream BROKEN =
      new InputStream() {
        @Override
        public int read() {
          throw new StackOverflowError();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
          throw new StackOverflowError();
        }
      };

  @Test
  void lines_that_are_sent_end_with_it() throws Exception {
    LineFeed feed = new LineFeed(BROKEN, new JobLines(Bucket.none()));

    LineFeed.Chunk chunk = feed.next(PATIENCE).orElseThrow();

    assertTrue(chunk.end());
    assertEquals(List.of(), chunk.lines());
    assertInstanceOf(StackOverflowError.class, chunk.failure());
  }

  @Test
  void lines_that_are_run_here_end_with_it() throws Exception {
    LocalBacklog backlog = new LocalBacklog();
    LinePump pump = new LinePump(BROKEN, backlog, false, (_, _) -> {});

    pump.start();

    assertTrue(backlog.awaitEmpty(PATIENCE));
    assertInstanceOf(StackOverflowError.class, pump.failure());
  }
}
