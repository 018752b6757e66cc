package com.amazonaws.jobprocessor.boss.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.h2.mvstore.MVStoreTool;
import org.jspecify.annotations.Nullable;

/**
 * The file of an embedded database. H2 is told to append to it only, since a commit that went into
 * free space within a large file was lost at a kill (decision 16); so it grows, and is copied
 * without its free space when that may be much.
 */
final class EmbeddedFile {
  /** It is copied when it has grown to twice its size and by so many bytes. */
  static final long MAY_GROW = 256L << 20;

  private final Path file;

  /** Its size after it was copied last. */
  private final Path note;

  private final Path lock;
  private final long mayGrow;

  /** Its size after this process has tried to copy it: it may have failed. */
  private volatile long tried;

  EmbeddedFile(Path folder, long mayGrow) {
    this.file = folder.toAbsolutePath().resolve(Database.FILE);
    this.note = folder.resolve("boss.size");
    this.lock = folder.resolve("boss.lock");
    this.mayGrow = mayGrow;
  }

  String url() {
    String path = file.toString();
    // async: a thread that is interrupted while it writes would close a FileChannel, and with it
    // the database for all others (its maintainer in
    // groups.google.com/g/h2-database/c/wKyf61nBGWI).
    // WRITE_DELAY is H2's own wish to write commits later; at 0 a commit is in the file when it
    // returns. LOCK_TIMEOUT: whoever wants a row that is being sent waits for SQS's answer.
    // TRACE_LEVEL_FILE: what goes wrong is thrown; a trace that cannot be written is a stack trace.
    return "jdbc:h2:async:"
        + path.substring(0, path.length() - ".mv.db".length())
        + ";WRITE_DELAY=0;REUSE_SPACE=FALSE;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"
        + ";DEFAULT_NULL_ORDERING=HIGH;LOCK_TIMEOUT=60000;DB_CLOSE_ON_EXIT=FALSE"
        + ";TRACE_LEVEL_FILE=0";
  }

  /**
   * Opens the database, as {@code open} does, after what is free in its file was given back, if
   * that may be much. Who holds the lock has the file for itself from {@code close} to {@code
   * open}; another process that starts meanwhile waits for the end of it.
   *
   * @param close lets go of the file if this process has it open
   */
  synchronized <T> T reopen(Runnable close, Supplier<T> open) {
    FileChannel held = hold();
    try {
      close.run();
      if (held != null) {
        shrink();
      }
      return open.get();
    } finally {
      letGo(held);
    }
  }

  /** Null if it cannot be locked: then it cannot be opened either, as whoever tries is told. */
  private @Nullable FileChannel hold() {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(lock, CREATE, WRITE);
      channel.lock();
      return channel;
    } catch (IOException | OverlappingFileLockException e) {
      letGo(channel);
      return null;
    }
  }

  private static void letGo(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }

  /** Gives back what is free, if that may be much and nobody has the file open. */
  private void shrink() {
    try {
      // A copy that was cut off goes; one that was whole takes the file's place.
      MVStoreTool.compactCleanUp(file.toString());
      if (hasGrown()) {
        tried = Files.size(file);
        copy();
        tried = 0;
        Files.writeString(note, Long.toString(Files.size(file)));
      }
    } catch (IOException e) {
      // It is good as it is.
    }
  }

  private void copy() throws IOException {
    try {
      MVStoreTool.compact(file.toString(), false);
    } catch (RuntimeException e) {
      // In use, or the disk is full, which H2 says in several ways. What there is of a copy would
      // keep it full.
      MVStoreTool.compactCleanUp(file.toString());
      throw new IOException(e);
    }
  }

  /** True if much of the file may be free. */
  boolean hasGrown() {
    try {
      return Files.exists(file) && Files.size(file) > 2 * Math.max(lastSize(), tried) + mayGrow;
    } catch (IOException e) {
      return false;
    }
  }

  private long lastSize() throws IOException {
    try {
      return Files.exists(note) ? Long.parseLong(Files.readString(note).strip()) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
