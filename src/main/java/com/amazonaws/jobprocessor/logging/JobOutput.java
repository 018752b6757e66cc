package com.amazonaws.jobprocessor.logging;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * What executors print on {@code System.out} and {@code System.err}, line by line in the log, with
 * the job whose thread prints it. Neither stream is the executor's to close.
 */
public final class JobOutput {
  private static final JobOutput OUT_LINES =
      new JobOutput(line -> LoggerFactory.getLogger("stdout").info("{}", line));
  private static final JobOutput ERR_LINES =
      new JobOutput(line -> LoggerFactory.getLogger("stderr").warn("{}", line));
  private static final int MAX_LINE_BYTES = 8 * 1024;

  /** Of threads that print and never end a line. */
  private static final int MAX_UNENDED = 1_000;

  private final Consumer<String> log;

  /** What each thread has printed since its last line end, if that is anything. */
  private final Map<Thread, ByteArrayOutputStream> unended = new ConcurrentHashMap<>();

  /** Hands each line on, on the thread that has printed it. */
  JobOutput(Consumer<String> log) {
    this.log = log;
  }

  /** From now on {@code System.out} and {@code System.err} are the executor's. */
  public static void install() {
    System.setOut(OUT_LINES.stream());
    System.setErr(ERR_LINES.stream());
  }

  /** Ends the lines that the calling thread has begun: what it prints next is another job's. */
  public static void endLines() {
    OUT_LINES.endLine(Thread.currentThread());
    ERR_LINES.endLine(Thread.currentThread());
  }

  /** Ends the lines that any thread has begun: the process is about to end. */
  public static void endAllLines() {
    OUT_LINES.endAll();
    ERR_LINES.endAll();
  }

  PrintStream stream() {
    return new PrintStream(new Lines(), true, StandardCharsets.UTF_8) {
      @Override
      public void close() {
        flush(); // whoever closes it means his own writer around it
      }
    };
  }

  void endLine(Thread thread) {
    ByteArrayOutputStream line = unended.remove(thread);
    if (line != null) {
      log.accept(line.toString(StandardCharsets.UTF_8));
    }
  }

  void endAll() {
    unended.keySet().forEach(this::endLine);
  }

  /** Only the thread itself writes to its line; {@link PrintStream} lets in one after the other. */
  private final class Lines extends OutputStream {
    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      int start = offset;
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == '\n') {
          add(bytes, start, i);
          end();
          start = i + 1;
        }
      }
      add(bytes, start, offset + length);
    }

    private void end() {
      ByteArrayOutputStream line = unended.remove(Thread.currentThread());
      log.accept(line == null ? "" : withoutReturn(line.toString(StandardCharsets.UTF_8)));
    }

    private void add(byte[] bytes, int start, int end) {
      Thread thread = Thread.currentThread();
      int at = start;
      while (at < end) {
        ByteArrayOutputStream line =
            unended.computeIfAbsent(thread, _ -> new ByteArrayOutputStream(128));
        int piece = piece(bytes, at, end, MAX_LINE_BYTES - line.size());
        line.write(bytes, at, piece);
        at += piece;
        if (at < end || unended.size() > MAX_UNENDED) {
          endLine(thread);
        }
      }
    }

    /** How many bytes fit, cut before a character; a character goes in as a whole. */
    private static int piece(byte[] bytes, int start, int end, int room) {
      if (end - start <= room) {
        return end - start;
      }
      int cut = start + Math.max(0, room);
      for (int back = 0; back < 3 && cut > start && (bytes[cut] & 0xC0) == 0x80; back++) {
        cut--;
      }
      return cut - start;
    }

    private static String withoutReturn(String line) {
      return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
  }
}
