package com.amazonaws.jobprocessor.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files as they come from the command line. */
final class FileName {
  private FileName() {}

  /**
   * The file of a name.
   *
   * @throws UserError if no file can have it, or Java cannot read it with the locale's characters
   */
  static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      boolean hasNul = name.indexOf('\0') >= 0;
      throw new UserError(
          "\""
              + name
              + "\" is no name of a file"
              + (hasNul
                  ? ""
                  : " with this locale's characters; set LC_ALL=C.UTF-8 in the environment"));
    }
  }
}
