package com.amazonaws.jobprocessor.testkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * systemd's end of NOTIFY_SOCKET: a datagram socket, and what has arrived there; of Linux on
 * processors that put the low byte first.
 */
@SuppressWarnings("restricted") // calls of the C library
public final class NotifySocket implements AutoCloseable {
  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final short POLLIN = 1;
  private static final int ADDRESS_BYTES = 110; // sockaddr_un
  private static final int LONGEST = 4096;

  private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = function("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle POLL = function("poll", ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CLOSE = function("close", JAVA_INT);
  private static final MethodHandle RECV =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("recv"),
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  /**
   * One assignment, such as {@code READY=1}.
   *
   * @param at by {@link System#nanoTime()}
   */
  public record Received(String assignment, long at) {}

  private final Path folder;
  private final int descriptor;
  private final Thread reader;
  private final List<Received> received = new ArrayList<>();
  private volatile boolean closed;

  /** Listens on a path of its own. */
  public NotifySocket() {
    try {
      folder = Files.createTempDirectory("notify-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    descriptor = call(SOCKET, (int) AF_UNIX, SOCK_DGRAM, 0);
    bind();
    reader = Thread.ofPlatform().daemon().name("notify-socket").start(this::read);
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static int call(MethodHandle function, Object... arguments) {
    try {
      int result = (int) function.invokeWithArguments(arguments);
      if (result < 0) {
        throw new AssertionError("a call of the C library failed");
      }
      return result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) { // what a method handle declares
      throw new IllegalStateException(t);
    }
  }

  private void bind() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_BYTES, 8);
      address.set(JAVA_SHORT, 0, AF_UNIX);
      address.setString(2, path());
      call(BIND, descriptor, address, ADDRESS_BYTES);
    }
  }

  /** The value of NOTIFY_SOCKET. */
  public String path() {
    return folder.resolve("socket").toString();
  }

  private void read() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 8); // struct pollfd
      poll.set(JAVA_INT, 0, descriptor);
      poll.set(JAVA_SHORT, 4, POLLIN);
      MemorySegment buffer = arena.allocate(LONGEST);
      while (!closed) {
        if (call(POLL, poll, 1L, 100) > 0) {
          long length = (long) RECV.invokeExact(descriptor, buffer, (long) LONGEST, 0);
          add(new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), UTF_8));
        }
      }
    } catch (Throwable t) { // what a method handle declares
      add("BROKEN=" + t);
    } finally {
      call(CLOSE, descriptor);
    }
  }

  private synchronized void add(String datagram) {
    long now = System.nanoTime();
    datagram.lines().forEach(line -> received.add(new Received(line, now)));
    notifyAll();
  }

  /** Every assignment that has the expression in it, in the order of their arrival. */
  public synchronized List<Received> all(String regex) {
    Pattern wanted = Pattern.compile(regex);
    return received.stream().filter(r -> wanted.matcher(r.assignment()).find()).toList();
  }

  /** Those of them that came since. */
  public List<Received> since(long nanoTime, String regex) {
    return all(regex).stream().filter(r -> r.at() - nanoTime >= 0).toList();
  }

  /** Waits for the first assignment, past ones included, that has the expression in it. */
  public synchronized Received await(String regex, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (all(regex).isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no '" + regex + "' within " + timeout + " in " + this);
      }
      wait(left);
    }
    return all(regex).getFirst();
  }

  @Override
  public synchronized String toString() {
    return received.stream().map(Received::assignment).toList().toString();
  }

  @Override
  public void close() {
    closed = true;
    try {
      reader.join();
      Files.deleteIfExists(Path.of(path()));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
