package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer up to a limit: up to a mebibyte in memory, more in a temporary file, so
 * that a large answer that arrives slowly leaves the heap to other jobs. Safe for use by several
 * threads.
 */
final class Collected implements AutoCloseable {
  /** What a result may have in S3, as the Amazon SQS Extended Client Library is used here. */
  static final int MAX_RESULT = 64 * 1024 * 1024;

  private static final int MAX_IN_MEMORY = 1024 * 1024;

  private final long limit;
  private final Path folder;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable FileChannel file;
  private long size;
  private boolean overLimit;
  private boolean closed;

  /**
   * Nothing yet.
   *
   * @param limit how many bytes are kept; what comes after them is dropped, and told by {@link
   *     #isOverLimit}
   */
  Collected(long limit) {
    this(limit, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** With another folder for the temporary file. */
  Collected(long limit, Path folder) {
    this.limit = limit;
    this.folder = folder;
  }

  /**
   * Adds bytes, unless it has been closed.
   *
   * @throws ExecutorUnavailable if the temporary file cannot be written, as on a full disk: another
   *     box may have room for an answer of a size that is allowed
   * @throws ClosedByInterruptException if the thread is interrupted
   */
  synchronized void add(byte[] bytes, int offset, int length) throws ClosedByInterruptException {
    if (closed) {
      return;
    }
    try {
      keep(bytes, offset, length);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new ExecutorUnavailable("cannot keep a large answer in " + folder + ": " + e, e);
    }
  }

  private void keep(byte[] bytes, int offset, int length) throws IOException {
    int kept = (int) Math.min(length, limit - size);
    overLimit |= kept < length;
    if (file == null && size + kept > MAX_IN_MEMORY) {
      file = temporaryFile(folder);
      write(file, ByteBuffer.wrap(memory.toByteArray()), 0);
      memory.reset();
    }
    if (file == null) {
      memory.write(bytes, offset, kept);
    } else {
      write(file, ByteBuffer.wrap(bytes, offset, kept), size);
    }
    size += kept;
  }

  /** Without a name once it is open: nothing is left behind, however the process ends. */
  private static FileChannel temporaryFile(Path folder) throws IOException {
    return FileChannel.open(
        Files.createTempFile(folder, "job-processor-result", null),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  private static void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  /** Whether there were more bytes than the limit. */
  synchronized boolean isOverLimit() {
    return overLimit;
  }

  /** How many bytes are kept. */
  synchronized long size() {
    return size;
  }

  /** The bytes from the first one on; to be called once, when all have been added. */
  synchronized InputStream stream() throws IOException {
    return file == null
        ? new ByteArrayInputStream(memory.toByteArray())
        : Channels.newInputStream(file.position(0));
  }

  /** Gives the temporary file back. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (file != null) {
      file.close();
    }
  }
}
