package com.amazonaws.jobprocessor.testkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * systemd's end of {@code NOTIFY_SOCKET}: a datagram socket, which the JDK has not for files. Linux
 * only.
 */
public final class NotifySocket implements AutoCloseable {
  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int LONGEST_PATH = 108;
  private static final int LONGEST_MESSAGE = 8192;
  private static final int SHUT_RDWR = 2;

  /** An assignment such as {@code READY=1}, and when it came, on {@link System#nanoTime}. */
  public record Message(String text, long at) {}

  private final List<Message> messages = new ArrayList<>();
  private final Path path;
  private final int socket;
  private final Thread reader;

  private NotifySocket(Path path, int socket) {
    this.path = path;
    this.socket = socket;
    this.reader = Thread.ofPlatform().daemon().start(this::read);
  }

  /** Listens at a path of at most 107 bytes. */
  public static NotifySocket listen(Path path) {
    int socket = call("socket", AF_UNIX, SOCK_DGRAM, 0);
    try (Arena arena = Arena.ofConfined()) {
      byte[] name = path.toString().getBytes(UTF_8);
      if (name.length >= LONGEST_PATH) {
        throw new IllegalArgumentException("too long: " + path);
      }
      MemorySegment address = arena.allocate(2 + LONGEST_PATH);
      address.set(JAVA_SHORT, 0, AF_UNIX);
      MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
      call("bind", socket, address, (int) address.byteSize());
    }
    return new NotifySocket(path, socket);
  }

  /** For {@code NOTIFY_SOCKET}. */
  public String path() {
    return path.toString();
  }

  /** All assignments so far. */
  public synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  /** Those that begin so. */
  public List<Message> messages(String beginning) {
    return messages().stream().filter(m -> m.text().startsWith(beginning)).toList();
  }

  private void read() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LONGEST_MESSAGE);
      while (true) {
        long length = receive(buffer);
        if (length <= 0) {
          return;
        }
        long now = System.nanoTime();
        String text = new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), UTF_8);
        synchronized (this) {
          text.lines().forEach(line -> messages.add(new Message(line, now)));
        }
      }
    }
  }

  private long receive(MemorySegment buffer) {
    try {
      return (long)
          function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)
              .invokeExact(socket, buffer, buffer.byteSize(), 0);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    int _ = tryCall("shutdown", socket, SHUT_RDWR);
    try {
      reader.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int _ = tryCall("close", socket);
  }

  private static int call(String name, Object... arguments) {
    int answer = tryCall(name, arguments);
    if (answer < 0) {
      throw new IllegalStateException(name + " failed");
    }
    return answer;
  }

  private static int tryCall(String name, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] = arguments[i] instanceof MemorySegment ? ADDRESS : JAVA_INT;
      if (arguments[i] instanceof Short number) {
        arguments[i] = number.intValue();
      }
    }
    try {
      return (int) function(name, JAVA_INT, layouts).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(
      String name, MemoryLayout answer, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(answer, arguments));
  }
}
