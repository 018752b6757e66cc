package com.amazonaws.jobprocessor.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file of settings, or says in words why it cannot be read. */
final class UserFile {
  private static final int MAX_BYTES = 1024 * 1024;

  private UserFile() {}

  /** The file of the image. */
  static String conf(Path file) throws StartRefused {
    return read("conf/job-processor.conf", file);
  }

  /**
   * The file of {@code --user-data-file}.
   *
   * @param standardInput what {@code -} means
   */
  static String userData(Path file, InputStream standardInput) throws StartRefused {
    if (!file.toString().equals("-")) {
      return read("--user-data-file", file);
    }
    try {
      return text("--user-data-file -: standard input", standardInput);
    } catch (IOException e) {
      throw StartRefused.badSettings("--user-data-file -: standard input is closed");
    }
  }

  private static String read(String name, Path file) throws StartRefused {
    try (InputStream in = Files.newInputStream(file)) {
      return text("%s: \"%s\"".formatted(name, file), in);
    } catch (IOException e) {
      String why = Files.isDirectory(file) ? "it is a folder" : reason(e);
      throw StartRefused.badSettings("%s: cannot read \"%s\": %s".formatted(name, file, why));
    }
  }

  /** Reads no more than is allowed and a byte: the file may be a device without an end. */
  private static String text(String subject, InputStream in) throws IOException, StartRefused {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw StartRefused.badSettings(
          subject + " has more than 1 MiB; EC2 allows 16 KiB of user data");
    }
    return new String(bytes, UTF_8);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
