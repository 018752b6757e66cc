package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** EC2's instance metadata service, version 2 only, on loopback and a free port. */
public final class FakeImds implements AutoCloseable {

  public static final String TOKEN = "/latest/api/token";
  public static final String USER_DATA = "/latest/user-data";
  public static final String INSTANCE_ID = "/latest/meta-data/instance-id";
  public static final String REGION = "/latest/meta-data/placement/region";
  public static final String CREDENTIALS = "/latest/meta-data/iam/security-credentials/";
  public static final String DOCUMENT = "/latest/dynamic/instance-identity/document";
  public static final String SPOT_ACTION = "/latest/meta-data/spot/instance-action";
  public static final String LIFECYCLE_STATE =
      "/latest/meta-data/autoscaling/target-lifecycle-state";

  public static final String REBALANCE = "/latest/meta-data/events/recommendations/rebalance";

  private static final String TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds";
  private static final String ROLE = "job-processor-role";

  /** Each version of the metadata has its own tree; here they are all the same. */
  private static final Pattern VERSION = Pattern.compile("^/\\d{4}-\\d{2}-\\d{2}/");

  private final InstantSource clock;
  private final ImdsPaths paths = new ImdsPaths();
  private final ImdsTokens tokens;
  private final Map<String, Integer> requests = new ConcurrentHashMap<>();
  private final List<String> tokenless = new CopyOnWriteArrayList<>();
  private final List<ImdsTrouble> troubles = new CopyOnWriteArrayList<>();
  private final Semaphore closing = new Semaphore(0);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final int port;
  private HttpServer server;
  private final KeptPort kept;
  private int rotation;

  private FakeImds(HttpServer server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
    this.tokens = new ImdsTokens(clock);
    this.port = server.getAddress().getPort();
    this.kept = new KeptPort(port);
  }

  /** Starts one with an instance id, a region, a role and its credentials, without user data. */
  public static FakeImds start() {
    return start(InstantSource.system());
  }

  /** As {@link #start()}; the clock ends the tokens and dates the credentials. */
  public static FakeImds start(InstantSource clock) {
    FakeImds imds = new FakeImds(listen(0), clock);
    imds.set(INSTANCE_ID, "i-0123456789abcdef0");
    imds.set(REGION, "us-east-1");
    imds.set("/latest/meta-data/placement/availability-zone", "us-east-1a");
    imds.set("/latest/meta-data/instance-type", "t3.small");
    imds.set(
        DOCUMENT,
        """
        {"accountId":"123456789012","region":"us-east-1","availabilityZone":"us-east-1a",\
        "instanceId":"i-0123456789abcdef0","instanceType":"t3.small","architecture":"x86_64"}""");
    imds.rotateCredentials(Duration.ofHours(6));
    imds.serve();
    return imds;
  }

  /** For {@code AWS_EC2_METADATA_SERVICE_ENDPOINT}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public FakeImds userData(String text) {
    return set(USER_DATA, text);
  }

  /** Sets what a path answers. */
  public FakeImds set(String path, String body) {
    paths.set(path, body);
    return this;
  }

  /** Makes a path answer 404. */
  public FakeImds remove(String path) {
    paths.remove(path);
    return this;
  }

  /** No role: the list of credentials answers 404. */
  public FakeImds withoutRole() {
    remove(CREDENTIALS);
    return remove(CREDENTIALS + ROLE);
  }

  /** Puts new credentials in place of the old and returns the new access key id. */
  public synchronized String rotateCredentials(Duration validFor) {
    rotation++;
    String accessKeyId = String.format(Locale.ROOT, "ASIAFAKE%012d", rotation);
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    set(CREDENTIALS, ROLE);
    set(
        CREDENTIALS + ROLE,
        """
        {"Code":"Success","LastUpdated":"%s","Type":"AWS-HMAC","AccessKeyId":"%s",\
        "SecretAccessKey":"fake-secret-%s","Token":"fake-session-token-%s","Expiration":"%s"}"""
            .formatted(now, accessKeyId, rotation, rotation, now.plus(validFor)));
    return accessKeyId;
  }

  /** The spot notice: {@code terminate}, {@code stop} or {@code hibernate} at a time. */
  public FakeImds spotAction(String action, Instant at) {
    return set(
        SPOT_ACTION,
        "{\"action\": \"%s\", \"time\": \"%s\"}"
            .formatted(action, at.truncatedTo(ChronoUnit.SECONDS)));
  }

  /** The recommendation to move away from the instance. */
  public FakeImds rebalance(Instant at) {
    return set(REBALANCE, "{\"noticeTime\": \"%s\"}".formatted(at.truncatedTo(ChronoUnit.SECONDS)));
  }

  /** What Auto Scaling wants the instance to come to: {@code InService}, {@code Terminated}. */
  public FakeImds targetState(String state) {
    return set(LIFECYCLE_STATE, state);
  }

  /** Tokens last so long at most from now on, whatever is asked for. */
  public FakeImds tokensLast(Duration longest) {
    tokens.longest(longest);
    return this;
  }

  /** The next requests, to any path, take that long. */
  public FakeImds slow(int requests, Duration delay) {
    troubles.add(new ImdsTrouble("", 0, delay, requests));
    return this;
  }

  /** The next requests, to any path, are answered with an HTTP status: 500, 404. */
  public FakeImds fail(int requests, int status) {
    return fail("", requests, status);
  }

  /** The next requests to paths with this beginning are answered with an HTTP status. */
  public FakeImds fail(String path, int requests, int status) {
    troubles.add(new ImdsTrouble(path, status, Duration.ZERO, requests));
    return this;
  }

  /** Tokens given so far are worth nothing. */
  public void forgetTokens() {
    tokens.forget();
  }

  /** Refuses connections until {@link #up}. */
  public synchronized void down() {
    server.stop(0);
    kept.keep();
  }

  /** Listens again, on the same port. */
  public synchronized void up() {
    server = listen(port);
    kept.release();
    serve();
  }

  /** Requests of exactly this path, {@link #TOKEN} included, whatever they were answered. */
  public int requests(String path) {
    return requests.getOrDefault(path, 0);
  }

  public int requests() {
    return requests.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Paths that were asked for without a token, as in version 1. */
  public List<String> tokenless() {
    return List.copyOf(tokenless);
  }

  @Override
  public synchronized void close() {
    closing.release(1 << 20);
    server.stop(0);
    kept.release();
    threads.shutdownNow();
  }

  private static HttpServer listen(int port) {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = VERSION.matcher(exchange.getRequestURI().getPath()).replaceFirst("/latest/");
      requests.merge(path, 1, Integer::sum);
      exchange.getRequestBody().readAllBytes();
      if (inTrouble(exchange, path)) {
        return;
      }
      if (path.equals(TOKEN)) {
        token(exchange);
      } else {
        metadata(exchange, path);
      }
    }
  }

  private boolean inTrouble(HttpExchange exchange, String path) throws IOException {
    for (ImdsTrouble trouble : troubles) {
      if (trouble.strikes(path)) {
        if (trouble.status() != 0) {
          answer(exchange, trouble.status(), "");
          return true;
        }
        return stoppedWithin(trouble.delay());
      }
    }
    return false;
  }

  private boolean stoppedWithin(Duration time) {
    try {
      return closing.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void token(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("PUT")) {
      answer(exchange, 405, "");
      return;
    }
    String asked = exchange.getRequestHeaders().getFirst(TTL_HEADER);
    ImdsTokens.Token token = tokens.issue(asked);
    if (token == null) {
      answer(exchange, 400, "");
      return;
    }
    exchange.getResponseHeaders().set(TTL_HEADER, Integer.toString(token.ttl()));
    answer(exchange, 200, token.value());
  }

  private void metadata(HttpExchange exchange, String path) throws IOException {
    String token = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token");
    if (token == null) {
      tokenless.add(path);
    }
    if (!tokens.isValid(token)) {
      answer(exchange, 401, "");
      return;
    }
    String body = paths.body(path);
    answer(exchange, body == null ? 404 : 200, body == null ? "" : body);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
