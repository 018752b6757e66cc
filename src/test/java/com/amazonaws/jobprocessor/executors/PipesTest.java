package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipesTest {
  private final Command command = new Command(List.of("run"), null, "");

  private String unavailable(Pipes.Making making) {
    return Thrown.message(ExecutorUnavailable.class, () -> Pipes.of(command, making).close());
  }

  /** The JDK starts a thread for each process, that of mkfifo included. */
  @Test
  void a_box_without_threads_for_the_pipes_cannot_run_the_command() {
    assertEquals(
        "cannot run \"run\": the system does not allow more threads",
        unavailable(
            () -> {
              throw new OutOfMemoryError(
                  "unable to create native thread: possibly out of memory or limits reached");
            }));
  }

  @Test
  void a_box_without_processes_for_the_pipes_says_so_in_one_line() {
    assertEquals(
        "cannot run \"run\": cannot make its pipes: error=11, Resource temporarily unavailable",
        unavailable(
            () -> {
              throw new IOException(
                  "Cannot run program \"/usr/bin/mkfifo\": error=11, Resource temporarily"
                      + " unavailable\nPossible reasons:\n - advice on the JDK");
            }));
  }

  @Test
  void too_small_a_heap_is_the_jobs_failure() {
    OutOfMemoryError heap = new OutOfMemoryError("Java heap space");
    OutOfMemoryError thrown =
        assertThrows(
            OutOfMemoryError.class,
            () ->
                Pipes.of(
                        command,
                        () -> {
                          throw heap;
                        })
                    .close());
    assertEquals(heap, thrown);
  }
}
