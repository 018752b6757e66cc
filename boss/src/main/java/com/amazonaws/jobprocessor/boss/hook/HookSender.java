package com.amazonaws.jobprocessor.boss.hook;

import com.amazonaws.jobprocessor.boss.store.Hooks;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due, each at least once: whoever dies after the answer and before it is noted
 * leaves it to be sent again with the same id. An address that hangs holds up the next round of
 * this sender: each listener has its own.
 */
public final class HookSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HookSender.class);

  /** Deliveries that are sent side by side. */
  private static final int MAX_AT_ONCE = 10;

  /** Longer than a delivery takes. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  /** With the waits, some three days. */
  static final int MAX_ATTEMPTS = 80;

  private final Hooks hooks;
  private final Signature signature;
  private final InstantSource clock;
  private final Duration timeOut;
  private final HttpClient client;

  /**
   * Sends to the listeners of the hooks.
   *
   * @param timeOut of a delivery, from its connection to its answer's headers
   */
  public HookSender(Hooks hooks, Signature signature, InstantSource clock, Duration timeOut) {
    this.hooks = hooks;
    this.signature = signature;
    this.clock = clock;
    this.timeOut = timeOut;
    // An address says where to send, and nobody else: least of all what it answers.
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeOut)
            .build();
  }

  /** Sends what is due; true if there may be more. */
  public boolean step() throws InterruptedException {
    hooks.name();
    List<Hooks.Delivery> due = hooks.take(MAX_AT_ONCE, LEASE);
    List<Thread> threads = new ArrayList<>();
    for (Hooks.Delivery one : due) {
      threads.add(Thread.ofVirtual().name("webhook").start(() -> deliver(one)));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      throw e;
    }
    return due.size() == MAX_AT_ONCE;
  }

  private void deliver(Hooks.Delivery one) {
    try {
      String problem = problem(one);
      if (problem == null) {
        hooks.delivered(one.id());
      } else {
        failed(one, problem);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The database is away: the row is taken up again when its lease is over.
      LOG.warn("webhook {} is sent again: {}", one.id(), e.getMessage());
    }
  }

  /** Sends it; null if it was taken, else why not. */
  private @Nullable String problem(Hooks.Delivery one) throws InterruptedException {
    try {
      int status = send(one);
      if (status >= 200 && status < 300) {
        return null;
      }
      return status / 100 == 3 ? "it redirects (" + status + ")" : "status " + status;
    } catch (IOException e) {
      return reason(e);
    } catch (RuntimeException e) {
      // What makes a URI need not make an address, such as a port beyond 65535.
      return "it cannot be sent (" + e.getClass().getSimpleName() + ")";
    }
  }

  /** In words, without the message, which may name the whole URL. */
  static String reason(IOException e) {
    return switch (e) {
      case HttpConnectTimeoutException _ -> "no connection in time";
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException _ -> "cannot connect to its host";
      default -> "the connection broke off (" + e.getClass().getSimpleName() + ")";
    };
  }

  /** The status; what the answer says is not read. */
  private int send(Hooks.Delivery one) throws IOException, InterruptedException {
    String id = "boss_" + one.id();
    long seconds = clock.instant().getEpochSecond();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(one.url()))
            .timeout(timeOut)
            .header("Content-Type", "application/json")
            .header("User-Agent", "job-processor-boss")
            .header("webhook-id", id)
            .header("webhook-timestamp", Long.toString(seconds))
            .header("webhook-signature", signature.of(id, seconds, one.body()))
            .POST(HttpRequest.BodyPublishers.ofString(one.body()))
            .build();
    HttpResponse<InputStream> answer =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    answer.body().close();
    return answer.statusCode();
  }

  private void failed(Hooks.Delivery one, String why) {
    if (one.attempts() >= MAX_ATTEMPTS) {
      LOG.warn("webhook {} to {} is given up: {}", one.id(), host(one), why);
      hooks.givenUp(one.id(), why);
      return;
    }
    if (one.attempts() == 1) {
      LOG.warn("webhook {} to {} is tried again: {}", one.id(), host(one), why);
    }
    hooks.failed(one.id(), why, waitAfter(one.attempts()));
  }

  /** Not the rest of the URL, which may hold a secret. */
  private static String host(Hooks.Delivery one) {
    return String.valueOf(URI.create(one.url()).getHost());
  }

  /** Doubled each time, up to an hour. */
  static Duration waitAfter(int attempts) {
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(attempts - 1, 20));
    return wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
