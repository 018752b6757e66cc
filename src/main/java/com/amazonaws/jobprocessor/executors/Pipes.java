package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The three pipes to a process: named ones, whose names are gone as soon as both sides hold them.
 *
 * <p>The JDK's own pipes cannot serve here: an interrupt does not break a read of them, a process
 * that has left the tree may hold them open for ever, and nobody can see what of the input has not
 * been read. Of a named pipe we hold a {@link FileChannel}, which an interrupt closes, and the
 * reading end of the input, whose {@code available()} is what the process has not read.
 */
final class Pipes implements AutoCloseable {
  static final Path MKFIFO = Path.of("/usr/bin/mkfifo");

  /** PIPE_BUF: so many bytes fit into an empty pipe, whatever the system's limits. */
  static final int PIECE = 4096;

  private final File folder;
  private final File in;
  private final File out;
  private final File err;

  /** Open for reading and writing, which does not wait for another side as the rest does. */
  private final List<FileChannel> holds = new ArrayList<>();

  private @Nullable FileInputStream unread;
  private @Nullable FileOutputStream input;
  private @Nullable FileInputStream output;
  private @Nullable FileInputStream errors;

  private Pipes(Path folder) {
    this.folder = folder.toFile();
    this.in = folder.resolve("in").toFile();
    this.out = folder.resolve("out").toFile();
    this.err = folder.resolve("err").toFile();
  }

  /** False on a machine without named pipes. */
  static boolean arePossible() {
    return Files.isExecutable(MKFIFO);
  }

  /** Makes pipes. */
  interface Making {
    Pipes make() throws IOException, InterruptedException;
  }

  /** Those of a command; a box without room, process or thread for them cannot run it now. */
  static Pipes of(Command command, Making making) throws InterruptedException {
    try {
      return making.make();
    } catch (IOException e) {
      throw command.unavailable("cannot make its pipes: " + Command.reason(e), e);
    } catch (OutOfMemoryError e) {
      throw command.noThreads(e);
    }
  }

  /**
   * Makes them.
   *
   * @throws IOException if the folder of temporary files has no room for their names, or the system
   *     no memory or file descriptor for them
   */
  static Pipes make() throws IOException, InterruptedException {
    Pipes pipes = new Pipes(Files.createTempDirectory("job-processor-pipes"));
    boolean made = false;
    try {
      pipes.open();
      made = true;
      return pipes;
    } finally {
      if (!made) {
        pipes.close();
      }
    }
  }

  private void open() throws IOException, InterruptedException {
    makeNames();
    for (File name : List.of(in, out, err)) {
      holds.add(FileChannel.open(name.toPath(), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }
    unread = new FileInputStream(in);
    input = new FileOutputStream(in);
    output = new FileInputStream(out);
    errors = new FileInputStream(err);
  }

  private void makeNames() throws IOException, InterruptedException {
    Process mkfifo =
        new ProcessBuilder(MKFIFO.toString(), "--mode=600", "" + in, "" + out, "" + err)
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(mkfifo.getInputStream().readAllBytes(), UTF_8).strip();
      if (mkfifo.waitFor() != 0) {
        throw new IOException(said);
      }
    } finally {
      mkfifo.destroyForcibly();
    }
  }

  /** Makes them those of the process that is to be started. */
  void connect(ProcessBuilder process) {
    process.redirectInput(in).redirectOutput(out).redirectError(err);
  }

  /** The process holds its ends: from now on their end is its end. */
  void connected() throws IOException {
    for (FileChannel hold : holds) {
      hold.close();
    }
    removeNames();
  }

  private void removeNames() throws IOException {
    for (File name : List.of(in, out, err, folder)) {
      Files.deleteIfExists(name.toPath());
    }
  }

  /** How many bytes of its input the process has not read. */
  int unread() throws IOException {
    return open(unread).available();
  }

  /** Its input; writing waits when as much is unread as the pipe holds, 4,096 bytes at least. */
  FileOutputStream input() {
    return open(input);
  }

  /** Its standard output. */
  FileInputStream output() {
    return open(output);
  }

  /** Its standard error. */
  FileInputStream errors() {
    return open(errors);
  }

  private static <T> T open(@Nullable T stream) {
    if (stream == null) {
      throw new IllegalStateException("not made");
    }
    return stream;
  }

  /** Ends its input: a process that reads on sees the end. */
  void closeInput() {
    close(input);
  }

  /** Whoever reads its standard output gets an exception. */
  void closeOutput() {
    close(output == null ? null : output.getChannel());
  }

  /** Whoever reads or writes them gets an exception. */
  @Override
  public void close() {
    holds.forEach(Pipes::close);
    // The reading end as well, or whoever still writes would wait for ever.
    close(unread);
    // By their channels: that wakes who writes or reads.
    close(input == null ? null : input.getChannel());
    closeOutput();
    close(errors == null ? null : errors.getChannel());
    try {
      removeNames();
    } catch (IOException e) {
      // the folder of temporary files is cleaned up by the system
    }
  }

  private static void close(@Nullable AutoCloseable stream) {
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (Exception e) {
      // there is nothing to be lost in a pipe of ours
    }
  }
}
