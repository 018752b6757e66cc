package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.message.Delivery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AwaitingTest {
  /** The thread that collects runs out of memory here. */
  private static final class NoMemory implements Collector.Sink {
    @Override
    public void print(Delivery message, JobResult result) {
      throw new OutOfMemoryError("Java heap space");
    }

    @Override
    public void unreadable(String jobId, String problem) {}

    @Override
    public void unreadable(Delivery pack, JobResult.Unreadable part) {}

    @Override
    public void flush() {}

    @Override
    public void deleted(List<Delivery> results) {}

    @Override
    public void found(int results) {}
  }

  private final Subcommand command =
      SampleClient.commandLine(new Stop()).getSubcommands().get("run").getCommand();
  private final Awaited jobs = new Awaited("local-");

  @Test
  void an_error_in_the_thread_that_collects_ends_the_wait() throws Exception {
    LocalBacklog results = new LocalBacklog();
    results.put(LocalBacklog.LocalJob.ofLine(1, "result"));
    jobs.begins(1);
    jobs.noMoreCome();

    try (Awaiting waiting =
        new Awaiting(
            command,
            new Awaiting.Places(results, null),
            jobs,
            new NoMemory(),
            false,
            JobLog.NONE)) {
      assertFalse(waiting.await(Duration.ofDays(1), TableEnds.NONE));
      UserError error = assertThrows(UserError.class, waiting::end);
      assertEquals("cannot go on: out of memory", error.getMessage());
    }
  }
}
