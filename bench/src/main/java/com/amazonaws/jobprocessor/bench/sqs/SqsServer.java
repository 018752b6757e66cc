package com.amazonaws.jobprocessor.bench.sqs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The server, on a free port of the loopback interface. All clients are served by one thread, which
 * is daemonic; the methods here may be called by any other.
 */
public final class SqsServer implements AutoCloseable {
  /** The name for which a server with TLS needs a certificate. */
  public static final String TLS_HOST = "localhost";

  private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(1);

  /** A result as it arrived. */
  public record Sent(String id, String body, Map<String, String> attributes) {}

  private record Late(long due, Connection connection, ByteBuffer answer) {}

  private final @Nullable SSLContext tls;
  private final Selector selector;
  private final ServerSocketChannel listener;
  private final String endpoint;
  private final long delayNanos;
  private final Actions actions; // guarded by itself
  private final ArrayDeque<Late> late = new ArrayDeque<>();
  private final ByteBuffer shared = ByteBuffer.allocateDirect(1 << 18);
  private volatile boolean closing;
  private final Thread thread = new Thread(this::serve, "sqs-server");

  private SqsServer(Duration delay, @Nullable SSLContext tls) throws IOException {
    this.tls = tls;
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    String address = tls == null ? "http://127.0.0.1" : "https://" + TLS_HOST;
    endpoint = address + ":" + listener.socket().getLocalPort();
    delayNanos = delay.toNanos();
    actions = new Actions(endpoint);
    thread.setDaemon(true);
  }

  /**
   * Starts a server without queues.
   *
   * @param delay added to every answer, as a network would
   */
  public static SqsServer start(Duration delay) throws IOException {
    return start(delay, null);
  }

  /** As {@link #start(Duration)}, but clients have to speak TLS with {@link #TLS_HOST}. */
  public static SqsServer start(Duration delay, @Nullable SSLContext tls) throws IOException {
    SqsServer server = new SqsServer(delay, tls);
    server.thread.start();
    return server;
  }

  /** The URL to give to clients. */
  public String endpoint() {
    return endpoint;
  }

  /** Makes queues with SQS's defaults; those that exist stay. */
  public void createQueues(List<String> names) {
    synchronized (actions) {
      names.forEach(actions::createQueue);
    }
  }

  /** Makes a queue that counts what is sent to it and keeps nothing, so that it costs little. */
  public void createSink(String name) {
    synchronized (actions) {
      actions.createSink(name);
    }
  }

  /**
   * What was sent to a queue that {@link #createSink} made.
   *
   * @throws IllegalArgumentException if it is another
   */
  public Sunk sunk(String queue) {
    synchronized (actions) {
      Sink sink = actions.queue(queue).sink();
      if (sink == null) {
        throw new IllegalArgumentException(queue + " keeps what is sent to it");
      }
      return sink.counts();
    }
  }

  /** Forgets queues and their messages. */
  public void dropQueues(List<String> names) {
    synchronized (actions) {
      names.forEach(actions::dropQueue);
    }
  }

  /** Puts messages into a queue, without a request; returns their ids. */
  public List<String> send(String queue, List<String> bodies) {
    return sendAll(
        queue, bodies.stream().map(body -> new Outgoing(body, Map.of(), Map.of())).toList());
  }

  /** As {@link #send}, of messages with attributes. */
  public List<String> sendAll(String queue, List<Outgoing> messages) {
    List<String> ids;
    synchronized (actions) {
      MessageQueue target = actions.queue(queue);
      long now = System.nanoTime();
      ids = messages.stream().map(one -> target.send(one.body(), one.all(), 0, now).id).toList();
    }
    selector.wakeup();
    return ids;
  }

  /** All messages that were ever sent to a queue. */
  public List<Sent> sent(String queue) {
    List<Message> messages;
    synchronized (actions) {
      messages = actions.queue(queue).everything();
    }
    return messages.stream().map(SqsServer::sent).toList();
  }

  private static Sent sent(Message message) {
    return new Sent(
        message.id,
        message.body,
        message.attributes.stream()
            .filter(a -> a.text() != null)
            .collect(Collectors.toMap(Attribute::name, a -> String.valueOf(a.text()))));
  }

  /** The numbers of a queue's messages. */
  public QueueState state(String queue) {
    synchronized (actions) {
      return actions.queue(queue).state();
    }
  }

  /** Begins to count requests anew. */
  public void startCounting() {
    synchronized (actions) {
      actions.startCounting();
    }
  }

  /** The requests since counting began. */
  public Counts counts() {
    synchronized (actions) {
      return actions.counts();
    }
  }

  /** From now on receives wait, whatever is in the queues, until {@link #release}. */
  public void hold() {
    synchronized (actions) {
      actions.receives().hold(true);
    }
  }

  /** Answers the receives that were held. */
  public void release() {
    synchronized (actions) {
      actions.receives().hold(false);
    }
    selector.wakeup();
  }

  /** The access key ids of those who have a receive waiting. */
  public List<String> waitingCallers() {
    synchronized (actions) {
      return actions.receives().callers();
    }
  }

  /** The CPU time that serving has taken so far. */
  public Duration cpuTime() {
    return Duration.ofNanos(
        ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()));
  }

  /** Ends it, and every connection. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  void handle(RequestHead head, String body, Connection connection) {
    actions.handle(head.action(), head.caller(), body, connection, System.nanoTime());
  }

  /** Sends an answer, at once or after the delay. */
  void deliver(Connection connection, ByteBuffer answer) {
    if (delayNanos == 0) {
      connection.deliver(answer);
    } else {
      late.add(new Late(System.nanoTime() + delayNanos, connection, answer));
    }
  }

  private void serve() {
    try (selector;
        listener) {
      long sleep = LONGEST_SLEEP;
      while (!closing) {
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(sleep)));
        synchronized (actions) {
          sleep = doAll();
        }
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the SQS server has ended", e);
    }
  }

  /** Does all that is to be done now; returns for how many nanoseconds there is nothing. */
  private long doAll() throws IOException {
    for (SelectionKey key : selector.selectedKeys()) {
      try {
        serve(key);
      } catch (CancelledKeyException _) {
        // its connection was closed a moment ago
      }
    }
    selector.selectedKeys().clear();
    long now = System.nanoTime();
    long next = actions.tick(now, now + LONGEST_SLEEP);
    return Math.min(next, deliverLate(now, next)) - now;
  }

  private void serve(SelectionKey key) throws IOException {
    if (key.isAcceptable()) {
      accept();
    } else if (key.attachment() instanceof Connection connection) {
      if (key.isWritable()) {
        connection.writeRest();
      } else {
        connection.read(shared);
      }
    }
  }

  private void accept() throws IOException {
    for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      Wire wire =
          tls == null ? new Wire.Plain(channel) : new TlsWire(channel, tls.createSSLEngine());
      key.attach(new Connection(channel, wire, key, this));
    }
  }

  private long deliverLate(long now, long next) {
    for (Late first = late.peek(); first != null && first.due() - now <= 0; first = late.peek()) {
      late.remove().connection().deliver(first.answer());
    }
    Late first = late.peek();
    return first == null ? next : Math.min(first.due(), next);
  }
}
