package com.amazonaws.jobprocessor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder with the jars of an executor: one that the user has named, or a temporary one with the
 * only jar that was named.
 *
 * @param made a link in a temporary folder, to be removed; null if there is none
 */
record JarFolder(Path folder, Path made) implements AutoCloseable {
  /**
   * The folder that is named, or one with the jar that is named.
   *
   * @throws picocli.CommandLine.ParameterException if there is nothing of that name
   */
  static JarFolder of(Subcommand command, String option, Path path) {
    if (Files.isDirectory(path)) {
      return new JarFolder(path, null);
    }
    if (!Files.isRegularFile(path)) {
      throw command.wrong(option + ": there is no jar and no folder \"" + path + "\"");
    }
    if (!path.getFileName().toString().endsWith(".jar")) {
      throw command.wrong(option + ": \"" + path + "\" is no folder, and no file NAME.jar");
    }
    try {
      Path folder = Files.createTempDirectory("job-processor-jar");
      Path link = folder.resolve(path.getFileName());
      Files.createSymbolicLink(link, path.toAbsolutePath());
      return new JarFolder(folder, link);
    } catch (IOException e) {
      throw new UserError(option + ": no temporary folder can be made: " + Failures.reason(e));
    }
  }

  @Override
  public void close() {
    if (made != null) {
      try {
        Files.deleteIfExists(made);
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        // a link in a folder of temporary files, which others clean up
      }
    }
  }
}
