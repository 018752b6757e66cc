package com.amazonaws.jobprocessor.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP/1.1 proxy on loopback before an AWS endpoint: it records the calls and breaks those that
 * a test asks it to break.
 *
 * <p>{@code proxy.on("DeleteMessageBatch").fail(500).times(3)}. A client that goes takes its
 * request upstream with it, and what hangs or is held for it is dropped. Long polls go upstream as
 * a row of short ones, recorded as the one that they are.
 */
public final class FaultyProxy implements AutoCloseable {

  /** Instead of an action's name: all of them. */
  public static final String ANY = "*";

  /** Calls by action. */
  private static final class Counter {
    private final Map<String, Integer> byAction = new ConcurrentHashMap<>();

    void count(Call call) {
      byAction.merge(call.action(), 1, Integer::sum);
      byAction.merge(ANY, 1, Integer::sum);
    }

    int of(String action) {
      return byAction.getOrDefault(action, 0);
    }

    void clear() {
      byAction.clear();
    }
  }

  private static final int REMEMBERED = 50_000;
  private static final Duration SAME_PORT = Duration.ofSeconds(10);

  private final URI upstream;
  private final int port;
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final ArrayDeque<Call> calls = new ArrayDeque<>();
  private final Counter requests = new Counter();
  private final Counter successes = new Counter();
  private final Counter effects = new Counter();
  private final Set<ProxyConnection> connections = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;
  private Thread acceptor;
  private final KeptPort kept;

  private FaultyProxy(URI upstream, ServerSocket listener) {
    this.upstream = upstream;
    this.listener = listener;
    this.port = listener.getLocalPort();
    this.kept = new KeptPort(port);
    this.acceptor = accept(listener);
  }

  /** Starts one before the endpoint, which need not be up yet. */
  public static FaultyProxy before(URI endpoint) {
    try {
      return new FaultyProxy(endpoint, listen(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Begins a fault for one action, {@code ReceiveMessage} say. */
  public FaultBuilder on(String action) {
    return new FaultBuilder(this, action);
  }

  /** Begins a fault for all actions. */
  public FaultBuilder onAll() {
    return on(ANY);
  }

  /** Ends all faults and lets go on what hangs or is held. */
  public void clear() {
    faults.forEach(Fault::release);
    faults.clear();
  }

  /** The last {@value #REMEMBERED} calls, in the order of their arrival. */
  public List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** Those of one action. */
  public List<Call> calls(String action) {
    return calls().stream().filter(call -> call.action().equals(action)).toList();
  }

  /** Calls of an action that came. */
  public int requests(String action) {
    return requests.of(action);
  }

  /** Calls of an action after which the client was told that it went well. */
  public int successes(String action) {
    return successes.of(action);
  }

  /** Calls of an action that the service has done, whether or not the client knows. */
  public int effects(String action) {
    return effects.of(action);
  }

  /** Forgets the calls so far. */
  public void forget() {
    synchronized (calls) {
      calls.clear();
    }
    List.of(requests, successes, effects).forEach(Counter::clear);
  }

  /** Connections that clients hold open now. */
  public int openConnections() {
    return connections.size();
  }

  /**
   * Cuts all connections; new ones are refused until {@link #up}.
   *
   * <p>Java closes a socket only when the last thread has left it: until the acceptor has ended,
   * the kernel goes on welcoming clients.
   */
  public synchronized void down() {
    stopListening();
    kept.keep();
  }

  private void stopListening() {
    try {
      listener.close();
      acceptor.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cutAll();
  }

  /** Cuts the connections there are; new ones are welcome. */
  public void cutAll() {
    connections.forEach(ProxyConnection::close);
  }

  /** Listens again, on the same port. */
  public synchronized void up() throws InterruptedException {
    if (!listener.isClosed()) {
      return;
    }
    long deadline = System.nanoTime() + SAME_PORT.toNanos();
    while (true) {
      try {
        listener = listen(port);
        acceptor = accept(listener);
        kept.release();
        return;
      } catch (BindException e) {
        if (System.nanoTime() > deadline) {
          throw new UncheckedIOException(e);
        }
        wait(20); // somebody's outgoing connection may have the port for a moment
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public synchronized void close() {
    stopListening();
    kept.release();
    faults.clear();
  }

  Fault add(Fault fault) {
    faults.add(fault);
    return fault;
  }

  /** Records a call and finds the fault that strikes it, or null. */
  Fault record(Call call) {
    requests.count(call);
    synchronized (calls) {
      calls.add(call);
      if (calls.size() > REMEMBERED) {
        calls.remove();
      }
    }
    for (Fault fault : faults) {
      if (fault.strikes(call)) {
        return fault;
      }
    }
    return null;
  }

  void upstreamAnswered(Call call) {
    if (call.upstreamStatus() / 100 == 2) {
      effects.count(call);
    }
  }

  void answered(Call call) {
    if (call.status() / 100 == 2) {
      successes.count(call);
    }
  }

  Socket connectUpstream() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(upstream.getHost(), upstream.getPort()), 5_000);
    return socket;
  }

  /** Queue URLs name the proxy, so that nobody goes around it. */
  String asOurs(String body) {
    return body.replace(upstream.getAuthority(), endpoint().getAuthority());
  }

  void ended(ProxyConnection connection) {
    connections.remove(connection);
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
    return socket;
  }

  private Thread accept(ServerSocket from) {
    return Thread.ofVirtual()
        .name("proxy-accept")
        .start(
            () -> {
              while (!from.isClosed()) {
                try {
                  welcome(from, from.accept());
                } catch (IOException e) {
                  // Closed: we are down.
                }
              }
            });
  }

  private void welcome(ServerSocket from, Socket client) throws IOException {
    client.setTcpNoDelay(true);
    ProxyConnection connection = new ProxyConnection(this, client);
    connections.add(connection);
    connection.start();
    if (from.isClosed()) {
      connection.close();
    }
  }
}
