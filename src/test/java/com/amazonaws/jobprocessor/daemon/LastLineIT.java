package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.amazonaws.jobprocessor.ChildJvm;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LastLineIT {
  /** A process of which one thread meets what it cannot handle, while nobody reads its log. */
  static final class Dying {
    private Dying() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
      ((OutputStreamAppender<ILoggingEvent>) root.getAppender("out"))
          .setOutputStream(new PipedOutputStream(new PipedInputStream(1)));
      Thread.startVirtualThread(() -> JobProcessor.die(new IllegalStateException("ours"))).join();
    }
  }

  /** A process whose jobs hold all of the heap when one of its threads needs some of it. */
  static final class Full {
    static volatile @Nullable Object @Nullable [] all;

    private Full() {}

    public static void main(String[] args) throws ClassNotFoundException {
      LastLine.prepare();
      Class.forName(JobProcessor.class.getName()); // as in a worker
      try {
        while (true) {
          all = new Object[] {all, new byte[64]};
        }
      } catch (OutOfMemoryError e) {
        JobProcessor.die(e);
      }
    }
  }

  /** It once said nothing at all, mostly. */
  @Test
  void a_worker_that_dies_for_want_of_memory_says_so() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(List.of("-Xmx16m", "-XX:+UseSerialGC"), Full.class);

    assertTrue(ended.out().contains("java.lang.OutOfMemoryError"), ended::out);
    assertEquals(1, ended.status());
  }

  /** It once went on for ever, with all threads but the one. */
  @Test
  void a_worker_that_dies_ends_though_nobody_reads_its_log() throws Exception {
    assertEquals(1, ChildJvm.run(List.of(), Dying.class).status());
  }
}
