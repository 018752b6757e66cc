package com.amazonaws.jobprocessor.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The checkout that a test runs in, whichever of its modules the test belongs to. */
public final class Checkout {
  private Checkout() {}

  /** Its root: the nearest folder above the working directory, or that itself, with the daemon. */
  public static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (@Nullable Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isExecutable(folder.resolve("bin/job-processor"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no checkout of job-processor at or above " + start);
  }
}
