package com.amazonaws.jobprocessor.boss;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * The file in the boss's folder that says where the running boss is, with a token that makes
 * tokens: only its owner may read it.
 *
 * @param address of the boss's server
 */
record AdminFile(URI address, String token) {
  private static Path in(Path folder) {
    return folder.resolve("boss.admin");
  }

  void write(Path folder) throws IOException {
    Path file = in(folder);
    Files.deleteIfExists(file);
    boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
    if (posix) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(
        file,
        address + "\n" + token + "\n",
        UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  static Optional<AdminFile> read(Path folder) throws IOException {
    try {
      List<String> lines = Files.readAllLines(in(folder), UTF_8);
      return lines.size() == 2
          ? Optional.of(new AdminFile(URI.create(lines.get(0)), lines.get(1)))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static void delete(Path folder) throws IOException {
    Files.deleteIfExists(in(folder));
  }
}
