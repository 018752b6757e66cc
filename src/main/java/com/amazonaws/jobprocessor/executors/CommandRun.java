package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.Channels;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One run of a command: its process with all that it starts, its input and its outputs. */
final class CommandRun implements AutoCloseable {
  /** Less than the JDK's stream passes by its buffer: that grows with the first piece, once. */
  private static final int PIECE = 8191;

  private static final int SLICES = 10;

  private final Command command;
  private final String mark;
  private final long graceMillis;
  private final AtomicBoolean pipesAreHeld;
  private final Collected out = new Collected(Collected.MAX_RESULT);
  private final Tail err = new Tail();
  private final List<Output> outputs = new ArrayList<>();
  private final CharsetEncoder encoder =
      UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
  private @Nullable Process process;
  private @Nullable Thread feed;
  private @Nullable OutputStream input;
  private @Nullable Pipes pipes;
  private volatile @Nullable OutOfMemoryError cutShort;
  private boolean ended;

  /**
   * Not started yet.
   *
   * @param mark the value of {@link ChildEnvironment#RUN} in the environment
   * @param graceMillis how long what the command leaves behind may hold its pipes open
   * @param pipesAreHeld set to true when a run leaves behind a process that holds them longer. The
   *     JDK's pipes, and the threads that read and write them, last as long as that process; so the
   *     next runs get {@link Pipes}, which can be closed but cost a process each
   */
  CommandRun(Command command, String mark, long graceMillis, AtomicBoolean pipesAreHeld) {
    this.command = command;
    this.mark = mark;
    this.graceMillis = graceMillis;
    this.pipesAreHeld = pipesAreHeld;
  }

  /**
   * Runs the command to its end, and ends what it leaves behind.
   *
   * @return its exit status
   * @throws ExecutorUnavailable if it cannot be started, or there is no room for its output
   * @throws ResultTooLarge if it prints more than a result may have
   */
  int run(Map<String, String> environment, String job) throws IOException, InterruptedException {
    String problem = command.problem();
    if (problem != null) {
      throw command.unavailable(problem, null);
    }
    Pipes named = pipesAreHeld.get() ? Pipes.of(command, Pipes::make) : null;
    pipes = named;
    Process started = command.start(environment, named == null ? _ -> {} : named::connect);
    process = started;
    Output output;
    try {
      if (named == null) {
        output = read(started.getInputStream(), out::add);
        read(started.getErrorStream(), err);
        feed = feed(started.getOutputStream(), job);
      } else {
        named.connected();
        output = read(Channels.newInputStream(named.output().getChannel()), out::add);
        read(Channels.newInputStream(named.errors().getChannel()), err);
        feed = feed(Channels.newOutputStream(named.input().getChannel()), job);
      }
    } catch (IOException e) {
      throw command.unavailable("cannot connect to it: " + Command.reason(e), e);
    } catch (OutOfMemoryError e) {
      throw command.noThreads(e);
    }
    int status = waitFor(started, output);
    endLeftovers();
    throwIfLost(output);
    ended = true;
    throwIfNotRun(status);
    return status;
  }

  private Output read(InputStream in, Output.Sink sink) {
    Output output = Output.read(in, sink);
    outputs.add(output);
    return output;
  }

  /** Beside the slot's thread: a command may fill its output before it reads its job. */
  private Thread feed(OutputStream in, String job) {
    input = in;
    CharBuffer chars = CharBuffer.wrap(job);
    return Thread.ofPlatform().daemon().name("command-input").start(() -> writeAndClose(chars, in));
  }

  /**
   * Without memory to write on, the input stays open until all that reads it has been ended: it
   * would take a part for the whole job.
   */
  private void writeAndClose(CharBuffer job, OutputStream in) {
    try {
      write(job, in);
      in.close();
    } catch (OutOfMemoryError e) {
      cutShort = e;
    } catch (IOException e) {
      close(in); // a command need not read its job
    }
  }

  /** Takes memory for its first piece at most. */
  private void write(CharBuffer job, OutputStream in) throws IOException {
    boolean whole = false;
    while (!whole) {
      whole = encoder.encode(job, piece, true).isUnderflow();
      in.write(piece.array(), 0, piece.position());
      piece.clear();
    }
    in.flush();
  }

  private static void close(@Nullable OutputStream in) {
    try {
      if (in != null) {
        in.close();
      }
    } catch (IOException | OutOfMemoryError e) {
      // nobody reads it
    }
  }

  private int waitFor(Process started, Output output) throws IOException, InterruptedException {
    while (!started.waitFor(100, TimeUnit.MILLISECONDS)) {
      throwIfLost(output);
    }
    return started.exitValue();
  }

  private void throwIfLost(Output output) throws IOException {
    OutOfMemoryError withoutAllOfItsJob = cutShort;
    if (withoutAllOfItsJob != null) {
      throw withoutAllOfItsJob;
    }
    if (out.isOverLimit()) {
      throw new ResultTooLarge("the command's output");
    }
    Throwable failure = output.failure();
    if (failure instanceof OutOfMemoryError e) {
      throw e;
    }
    if (failure instanceof ExecutorUnavailable e) {
      throw e;
    }
    if (failure != null) {
      throw new IOException("cannot keep the command's output: " + failure.getMessage(), failure);
    }
  }

  /** A child in the background may hold the outputs open for ever: it gets a second. */
  private void endLeftovers() throws InterruptedException {
    boolean closed = true;
    for (Output each : outputs) {
      closed = closed && each.awaitEnd(graceMillis);
    }
    tree().kill();
    noteIfHeld();
  }

  /** To be called when all that can be found has ended. */
  private void noteIfHeld() throws InterruptedException {
    boolean held = false;
    for (Output each : outputs) {
      held |= !each.awaitEnd(graceMillis);
    }
    if ((held || isInputHeld()) && Pipes.arePossible()) {
      pipesAreHeld.set(true);
    }
  }

  /** Whether somebody may still read of the job. Named pipes are closed whoever holds them. */
  private boolean isInputHeld() throws InterruptedException {
    if (pipes != null || feed == null) {
      return false;
    }
    for (int i = 0; i < SLICES; i++) { // as Output does
      if (feed.join(Duration.ofMillis(Math.max(1, graceMillis / SLICES)))) {
        return false;
      }
    }
    return true;
  }

  private ProcessTree tree() {
    return new ProcessTree(process, mark);
  }

  private void throwIfNotRun(int status) {
    String why = command.problemAfterEnd(status, err.text());
    if (why != null) {
      throw command.unavailable(why, null);
    }
  }

  /** Its standard output, when it has ended. */
  Collected output() {
    return out;
  }

  /** The end of its standard error. */
  String errorLines() {
    return err.text();
  }

  /** Ends the command and all that it started, unless it has ended by itself. */
  @Override
  public void close() throws IOException {
    try (out) {
      if (!ended) {
        tree().end();
        noteIfHeld();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // no more patience
    } finally {
      if (cutShort != null) {
        close(input);
      }
      if (pipes != null) {
        pipes.close();
      }
    }
  }
}
