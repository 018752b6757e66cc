package com.amazonaws.jobprocessor.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Removes what tests leave in temporary folders. */
public final class Folders {

  private Folders() {}

  /** Removes a folder and all that is in it; what cannot be removed now goes with this process. */
  public static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(Folders::delete);
    } catch (IOException | UncheckedIOException e) {
      // A temporary folder may stay.
    }
  }

  private static void delete(File file) {
    if (!file.delete()) {
      file.deleteOnExit();
    }
  }
}
