package com.amazonaws.jobprocessor.testkit;

import com.amazonaws.jobprocessor.testkit.Fault.Effect;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * One client's connection, with one of its own to the service.
 *
 * <p>A thread reads all the time, so that it sees a client go while another waits for the answer.
 */
final class ProxyConnection {

  /** The service closes idle connections; younger than this, ours is still open. */
  private static final long FRESH = Duration.ofSeconds(20).toNanos();

  /** How often a long poll looks again. */
  private static final Duration POLL = Duration.ofMillis(50);

  private final FaultyProxy proxy;
  private final Socket client;
  private final SynchronousQueue<Http.Message> requests = new SynchronousQueue<>();
  private final Thread reader = Thread.ofVirtual().name("proxy-read").unstarted(this::read);
  private final Thread worker = Thread.ofVirtual().name("proxy-work").unstarted(this::work);
  private volatile Socket upstream;
  private InputStream upstreamIn;
  private long upstreamUsed;
  private volatile boolean closed;

  ProxyConnection(FaultyProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  void start() {
    worker.start();
    reader.start();
  }

  /** Cuts both sides and ends both threads. */
  void close() {
    closed = true;
    quietly(client);
    quietly(upstream);
    reader.interrupt();
    worker.interrupt();
    proxy.ended(this);
  }

  private void read() {
    try {
      InputStream in = new BufferedInputStream(client.getInputStream(), 16 << 10);
      Http.Message request;
      while ((request = Http.readRequest(in, client.getOutputStream())) != null) {
        requests.put(request);
      }
    } catch (IOException | RuntimeException e) {
      // The client has gone, or speaks no HTTP.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private void work() {
    try {
      while (!closed) {
        handle(requests.take());
      }
    } catch (IOException | RuntimeException e) {
      // One side has gone: so does the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private void handle(Http.Message request) throws IOException, InterruptedException {
    Call call = Call.of(request);
    Fault fault = proxy.record(call);
    if (fault == null) {
      answer(request, call, forward(request, call));
      return;
    }
    switch (fault.effect()) {
      case Effect.Answer e -> {
        fault.hit();
        answer(request, call, AwsErrors.of(request, e));
      }
      case Effect.RawAnswer e -> {
        fault.hit();
        answer(request, call, AwsErrors.json(e.status(), e.json()));
      }
      case Effect.Cut _ -> {
        close();
        fault.hit();
      }
      case Effect.Hang _ -> {
        fault.hit();
        fault.awaitRelease();
        answer(request, call, forward(request, call));
      }
      case Effect.Delay e -> {
        fault.hit();
        Thread.sleep(e.time());
        answer(request, call, forward(request, call));
      }
      case Effect.Rewrite e -> {
        Http.Message answer = forward(request, call);
        fault.hit();
        answer(request, call, answer.withText(e.rewrite().apply(answer.text())));
      }
      case Effect.LoseAnswer _ -> {
        forward(request, call);
        close();
        fault.hit();
      }
      case Effect.HoldAfter _ -> {
        Http.Message answer = forward(request, call);
        fault.hit();
        fault.awaitRelease();
        answer(request, call, answer);
      }
      case Effect.PartialFail e -> {
        Http.Message answer = partly(request, call, e);
        fault.hit();
        answer(request, call, answer);
      }
    }
  }

  private void answer(Http.Message request, Call call, Http.Message answer) throws IOException {
    if (closed) {
      throw new IOException("the client has gone");
    }
    call.answered(answer.status());
    proxy.answered(call);
    Http.write(client.getOutputStream(), answer, request.method().equals("HEAD"));
    if (request.closes()) {
      close();
    }
  }

  private Http.Message forward(Http.Message request, Call call)
      throws IOException, InterruptedException {
    Http.Message answer = call.isLongPoll() ? longPoll(request, call) : exchange(request);
    call.upstreamAnswered(answer.status(), messages(call, answer));
    proxy.upstreamAnswered(call);
    return call.action().contains("Queue") && answer.isJson()
        ? answer.withText(proxy.asOurs(answer.text()))
        : answer;
  }

  /**
   * A long poll as a row of short ones. ElasticMQ does not see a client go: up to 20 s later it
   * gives that client's poll the next message, which is then invisible for nobody's sake.
   */
  private Http.Message longPoll(Http.Message request, Call call)
      throws IOException, InterruptedException {
    Http.Message shortPoll =
        request.withText(Json.withNumber(Json.parse(request.text()), "WaitTimeSeconds", 0));
    long deadline = call.arrivedNanos() + Duration.ofSeconds(call.waitSeconds()).toNanos();
    while (true) {
      Http.Message answer = exchange(shortPoll);
      if (answer.status() != 200 || messages(call, answer) > 0 || System.nanoTime() >= deadline) {
        return answer;
      }
      Thread.sleep(POLL);
    }
  }

  private Http.Message exchange(Http.Message request) throws IOException {
    connect();
    Http.write(upstream.getOutputStream(), request, false);
    Http.Message answer = Http.readAnswer(upstreamIn, request.method());
    upstreamUsed = System.nanoTime();
    if (answer.closes()) {
      quietly(upstream);
      upstream = null;
    }
    return answer;
  }

  private static int messages(Call call, Http.Message answer) {
    return call.action().equals("ReceiveMessage") && answer.isJson()
        ? Json.list(Json.parse(answer.text()), "Messages").size()
        : 0;
  }

  private void connect() throws IOException {
    if (upstream != null && System.nanoTime() - upstreamUsed > FRESH) {
      quietly(upstream);
      upstream = null;
    }
    if (upstream == null) {
      Socket socket = proxy.connectUpstream();
      upstreamIn = new BufferedInputStream(socket.getInputStream(), 16 << 10);
      upstream = socket;
      if (closed) {
        quietly(socket);
      }
    }
  }

  private Http.Message partly(Http.Message request, Call call, Effect.PartialFail fault)
      throws IOException, InterruptedException {
    JsonNode batch = Json.parse(request.text());
    List<JsonNode> entries = Json.list(batch, "Entries");
    int failing = Math.min(fault.entries(), entries.size());
    List<String> failed = new ArrayList<>();
    for (JsonNode entry : entries.subList(0, failing)) {
      failed.add(AwsErrors.failedEntry(Json.text(entry, "Id"), fault.code(), fault.senderFault()));
    }
    Http.Message answer;
    if (failing == entries.size()) {
      answer = AwsErrors.json(200, "{\"Successful\":[],\"Failed\":[]}");
    } else {
      List<String> rest =
          entries.subList(failing, entries.size()).stream().map(Json::write).toList();
      answer = forward(request.withText(Json.withList(batch, "Entries", rest)), call);
    }
    if (answer.status() != 200) {
      return answer;
    }
    JsonNode answered = Json.parse(answer.text());
    Json.list(answered, "Failed").forEach(entry -> failed.add(Json.write(entry)));
    return answer.withText(Json.withList(answered, "Failed", failed));
  }

  private static void quietly(Socket socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }
}
