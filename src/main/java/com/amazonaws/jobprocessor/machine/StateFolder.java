package com.amazonaws.jobprocessor.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The folder for notes that must outlive the process. */
public final class StateFolder {
  private static final int PROBE_BYTES = 4096;

  private StateFolder() {}

  /** Why no note can be kept there; empty if one can. Makes the folder if it is missing. */
  public static Optional<String> problem(Path folder) {
    Path probe = folder.resolve(".probe-" + ProcessHandle.current().pid());
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
          FileChannel.open(
              probe,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        channel.write(UTF_8.encode("x".repeat(PROBE_BYTES)));
        channel.force(true);
      }
      return Optional.empty();
    } catch (ClosedByInterruptException e) {
      return Optional.empty(); // a stop; nobody wants to know
    } catch (IOException | SecurityException e) {
      return Optional.of(e.toString());
    }
  }
}
