package com.amazonaws.jobprocessor.cli;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Files that a command reads; {@code -} is standard input. */
final class Input {
  private static final Set<String> STANDARD_INPUT =
      Set.of("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0");
  private static final int MAX_IDS_BYTES = 256 * 1024 * 1024;

  private Input() {}

  static boolean isStandardInput(String name) {
    return STANDARD_INPUT.contains(name);
  }

  /** Opens a file; what cannot be read is a {@link UserError}. */
  static InputStream open(String name) {
    if (isStandardInput(name)) {
      if (Streams.isClosed(0)) {
        throw new UserError("standard input is closed; give a file, or redirect standard input");
      }
      return new StandardInput();
    }
    if (name.isBlank()) {
      throw new UserError(
          "the name of the file to read is empty; give one, or - for standard input");
    }
    Path file = FileName.path(name);
    try {
      if (Files.isDirectory(file)) {
        throw new UserError("cannot read \"" + name + "\": it is a folder");
      }
      if (Files.isReadable(file) && !Files.isRegularFile(file)) {
        return new OpenedLate(file);
      }
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** Standard input, which is not the command's to close. */
  private static final class StandardInput extends FilterInputStream {
    StandardInput() {
      super(System.in);
    }

    @Override
    public void close() {}
  }

  /** A pipe, which is opened by whoever reads it first: that waits for somebody to write. */
  private static final class OpenedLate extends InputStream {
    private final Path file;
    private InputStream in;
    private boolean closed;

    OpenedLate(Path file) {
      this.file = file;
    }

    /** For the one thread that reads. */
    private InputStream opened() throws IOException {
      if (in == null) {
        keep(Files.newInputStream(file));
      }
      return in;
    }

    private synchronized void keep(InputStream opened) throws IOException {
      in = opened;
      if (closed) {
        in.close();
      }
    }

    @Override
    public int read() throws IOException {
      return opened().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return opened().read(bytes, offset, length);
    }

    @Override
    public synchronized void close() throws IOException {
      closed = true;
      if (in != null) {
        in.close();
      }
    }
  }

  /** A line of a file by its number, from 1. */
  static String line(long number, String file) {
    return "line "
        + number
        + " of "
        + (isStandardInput(file) ? "standard input" : "\"" + Text.oneLine(file) + '"');
  }

  /**
   * The text of a file.
   *
   * @param what such files are for, in the plural
   * @throws UserError if it is not UTF-8
   */
  static String text(String name, byte[] bytes, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserError("\"" + name + "\" is not UTF-8, as " + what + " are");
    }
  }

  /** What to say of a file that cannot be read any further. */
  static UserError unreadable(String name, IOException e) {
    return new UserError("cannot read \"" + name + "\": " + Failures.reason(e));
  }

  /**
   * Reads ids, one a line; blanks around them, blank lines and a byte order mark are harmless.
   *
   * @throws UserError if the file cannot be read, or a line is no text
   */
  static Set<String> ids(String name, Stop stop) {
    byte[] bytes;
    try (InputStream in = open(name)) {
      bytes = stop.unless(() -> in.readNBytes(MAX_IDS_BYTES + 1));
    } catch (IOException e) {
      throw unreadable(name, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    if (bytes.length > MAX_IDS_BYTES) {
      throw new UserError("\"" + name + "\" has more than 256 MiB; no file of ids is so large");
    }
    return ids(name, bytes);
  }

  private static Set<String> ids(String name, byte[] bytes) {
    Set<String> ids = new LinkedHashSet<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long number = 1;
    for (byte b : bytes) {
      if (b == '\n') {
        add(ids, name, line, number++);
      } else {
        line.write(b);
      }
    }
    add(ids, name, line, number);
    return ids;
  }

  private static void add(Set<String> ids, String name, ByteArrayOutputStream line, long number) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line.toByteArray()))
              .toString();
    } catch (CharacterCodingException e) {
      throw notText(name, number);
    }
    line.reset();
    String id = (number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text).strip();
    if (id.indexOf('\0') >= 0) {
      throw notText(name, number);
    }
    if (!id.isEmpty()) {
      ids.add(id);
    }
  }

  private static UserError notText(String name, long number) {
    return new UserError(
        "line " + number + " of \"" + name + "\" is not UTF-8; save the file of ids as UTF-8");
  }
}
