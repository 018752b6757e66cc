package com.amazonaws.jobprocessor.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.status.http.HttpConnection;
import com.amazonaws.jobprocessor.status.http.HttpListener;
import com.amazonaws.jobprocessor.status.http.Limits;
import com.amazonaws.jobprocessor.status.http.Pace;
import com.amazonaws.jobprocessor.status.http.RequestHead;
import com.amazonaws.jobprocessor.status.http.RequestRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status server. It takes no part in the work and is bounded in everything: connections,
 * requests and answers ({@link Limits}), connections a second ({@link Pace}).
 */
public final class StatusServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusServer.class);

  private final Site site;
  private final Bodies bodies = new Bodies();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final HttpListener listener;

  /**
   * What there is, by path.
   *
   * @param resources to be looked at
   * @param actions that may be posted to
   */
  record Site(Map<String, Resource> resources, Map<String, Action> actions) {
    Site {
      resources = Map.copyOf(resources);
      actions = Map.copyOf(actions);
    }
  }

  /**
   * Starts a server.
   *
   * @param address an IP address
   * @param port 1 to 65,535, or 0 for any
   * @throws IOException if it cannot listen there
   */
  StatusServer(
      String address,
      int port,
      Site site,
      HttpListener.Threads threads,
      Pace pace,
      MonotonicClock clock)
      throws IOException {
    this.site = site;
    this.listener =
        HttpListener.start(
            InetAddress.getByName(address), port, threads, pace, clock, this::handle);
  }

  /** The port that it listens at. */
  int port() {
    return listener.port();
  }

  private void handle(HttpConnection connection) throws IOException, InterruptedException {
    RequestHead head = null;
    try {
      head = connection.readHead();
      if (head != null) {
        bodies.answer(connection, head, reply(connection, head));
      }
    } catch (RequestRefused e) {
      bodies.answer(connection, head, Reply.line(e.status(), String.valueOf(e.getMessage())));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      sayOnce(e);
      bodies.answer(
          connection,
          head,
          Reply.line(500, "the status page failed; the worker's log has the reason"));
    }
  }

  private void sayOnce(Throwable e) {
    if (failed.compareAndSet(false, true)) {
      log.error("the status page failed; further errors are not logged", e);
    }
  }

  private Reply reply(HttpConnection connection, RequestHead head)
      throws IOException, InterruptedException, RequestRefused {
    Reply refusal = refusal(head);
    if (refusal != null) {
      return refusal;
    }
    Resource resource = site.resources().get(head.path());
    Action action = site.actions().get(head.path());
    if (action != null) {
      return action.answer(request(connection, head));
    }
    return resource == null
        ? Reply.line(404, "nothing is here; see /")
        : resource.get(head.first("accept"));
  }

  private static Request request(HttpConnection connection, RequestHead head)
      throws IOException, RequestRefused {
    boolean isPost = head.method().equals("POST");
    String body = isPost ? new String(connection.readBody(head), UTF_8) : "";
    return new Request(isPost, head.path(), Form.of(head.query()), Form.of(body), head.headers());
  }

  private @Nullable Reply refusal(RequestHead head) {
    Reply ofMethod = refusalOfMethod(head);
    if (ofMethod != null) {
      return ofMethod; // its body is not read
    }
    List<String> host = head.values("host");
    if (host.size() > 1) {
      return Reply.line(400, "more than one Host");
    }
    if (!host.isEmpty() && !HostCheck.mayBeHere(host.getFirst())) {
      return Reply.line(
          403, "Host is a name of another machine; use an IP address, or localhost and a tunnel");
    }
    return null;
  }

  private @Nullable Reply refusalOfMethod(RequestHead head) {
    String method = head.method();
    boolean acts = site.actions().containsKey(head.path());
    if (method.equals("GET") || method.equals("HEAD") || (acts && method.equals("POST"))) {
      return null;
    }
    if (!acts && !site.resources().containsKey(head.path())) {
      return Reply.line(404, "nothing is here; see /");
    }
    String allowed = acts ? "GET, HEAD, POST" : "GET, HEAD";
    String only = acts ? "only GET, HEAD and POST\n" : "only GET and HEAD\n";
    return new Reply(405, Reply.PLAIN, only, Map.of("Allow", allowed));
  }

  /** Closes all connections at once. */
  @Override
  public void close() {
    listener.close();
  }
}
