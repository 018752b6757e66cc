package com.amazonaws.jobprocessor.boss.hook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.hours.TestHours;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Hooks;
import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.amazonaws.jobprocessor.boss.store.SetClock;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks to servers that accept, fail, redirect and hang. */
class HookSenderIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final ZoneId UTC = ZoneId.of("UTC");

  /** What a server was sent. */
  private record Got(String path, String id, String time, String signature, String body) {}

  @TempDir Path folder;
  private final SetClock clock = new SetClock("2026-01-02T12:00:00Z");
  private final List<Got> got = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HookSender> senders = new CopyOnWriteArrayList<>();
  private Database database;
  private HttpServer server;
  private volatile int status = 204;

  @BeforeEach
  void start() throws IOException {
    database = Database.embedded(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          got.add(
              new Got(
                  path,
                  exchange.getRequestHeaders().getFirst("webhook-id"),
                  exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                  exchange.getRequestHeaders().getFirst("webhook-signature"),
                  new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
          if (path.equals("/hangs")) {
            await();
          }
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, path.equals("/endless") ? 0 : -1);
          if (path.equals("/endless")) {
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            await();
          }
          exchange.close();
        });
    server.start();
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    closing.countDown();
    senders.forEach(HookSender::close);
    server.stop(0);
    threads.shutdownNow();
    database.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Hooks hooks(String... paths) {
    List<String> urls = List.of(paths).stream().map(this::url).toList();
    return new Hooks(database, clock, new Hooks.Listeners(urls, EventJson::write));
  }

  private HookSender sender(Hooks hooks, Duration timeOut) {
    HookSender sender = new HookSender(hooks, Signature.with(SECRET), clock, timeOut);
    senders.add(sender);
    return sender;
  }

  private HookSender sender(Hooks hooks) {
    return sender(hooks, Duration.ofSeconds(60));
  }

  /** A night that ends with work left. */
  private void announce(Hooks hooks) throws Exception {
    Settings settings = new Settings(database, UTC);
    new Tasks(database, settings, new Actions(database, clock), clock)
        .create("me", "b", List.of(new NewTask("a", "b", 0)), null);
    Nights nights = new Nights(database, hooks, clock);
    nights.look(TestHours.until(clock.instant().plusSeconds(60)));
    clock.pass(Duration.ofSeconds(60));
    nights.look(TestHours.never());
  }

  @Test
  void a_listener_that_hangs_holds_up_no_other() throws Exception {
    Hooks hooks = hooks("/hangs", "/good");
    announce(hooks);
    List<Hooks> apart = hooks.apart();
    Thread hanging = Thread.startVirtualThread(() -> step(sender(apart.get(0))));
    for (int round = 0; round < 3; round++) {
      step(sender(apart.get(1)));
      announce(hooks);
    }
    assertEquals(3, got.stream().filter(one -> one.path().equals("/good")).count());
    assertTrue(hanging.isAlive());
    closing.countDown();
    hanging.join();
  }

  private static void step(HookSender sender) {
    try {
      sender.step();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void what_is_sent_says_what_happened_and_is_signed() throws Exception {
    Hooks hooks = hooks("/a");
    announce(hooks);
    assertFalse(sender(hooks).step());
    assertEquals(1, got.size());
    Got one = got.getFirst();
    JsonNode body = new ObjectMapper().readTree(one.body());
    assertEquals("window.work_left", body.path("type").asText());
    assertEquals("2026-01-02T12:01:00Z", body.path("timestamp").asText());
    assertEquals(1, body.path("data").path("left").asInt(), one.body());
    assertEquals(Long.toString(clock.instant().getEpochSecond()), one.time());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    String signed = one.id() + "." + one.time() + "." + one.body();
    assertEquals(
        "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8))),
        one.signature());
    sender(hooks).step();
    assertEquals(1, got.size());
    assertEquals("delivered", hooks.before(Long.MAX_VALUE, 1).getFirst().state());
  }

  @Test
  void the_signature_is_that_of_the_specification() {
    // The example of the specification's own libraries.
    assertEquals(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        Signature.with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, "{\"test\": 2432232314}"));
    assertThrows(IllegalArgumentException.class, () -> Signature.with("short"));
    assertThrows(IllegalArgumentException.class, () -> Signature.with("whsec_***"));
  }

  @Test
  void a_server_that_fails_is_asked_again_later_and_later_with_the_same_id() throws Exception {
    Hooks hooks = hooks("/a");
    announce(hooks);
    HookSender sender = sender(hooks);
    status = 500;
    sender.step();
    sender.step();
    assertEquals(1, got.size());
    clock.pass(HookSender.waitAfter(1));
    sender.step();
    assertEquals(2, got.size());
    clock.pass(HookSender.waitAfter(1));
    sender.step();
    assertEquals(2, got.size());
    Hooks.Row row = hooks.before(Long.MAX_VALUE, 1).getFirst();
    assertEquals("waiting", row.state());
    assertEquals("status 500", row.lastError());
    status = 200;
    clock.pass(HookSender.waitAfter(2));
    sender.step();
    assertEquals(1, got.stream().map(Got::id).distinct().count());
    assertEquals(1, got.stream().map(Got::body).distinct().count());
    assertEquals("delivered", hooks.before(Long.MAX_VALUE, 1).getFirst().state());
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    Hooks hooks = hooks("/a");
    announce(hooks);
    for (int code : new int[] {301, 302, 307, 308}) {
      status = code;
      sender(hooks).step();
      clock.pass(Duration.ofHours(2));
    }
    assertEquals(4, got.size());
    assertTrue(got.stream().allMatch(one -> one.path().equals("/a")), got.toString());
    assertEquals("it redirects (308)", hooks.before(Long.MAX_VALUE, 1).getFirst().lastError());
  }

  private static List<String> states(Hooks hooks) {
    return hooks.before(Long.MAX_VALUE, 3).stream().map(Hooks.Row::state).toList();
  }

  @Test
  void a_server_that_hangs_holds_up_no_other_and_no_answer_is_read_to_its_end() throws Exception {
    Hooks hooks = hooks("/hangs", "/endless", "/c");
    announce(hooks);
    status = 200;
    HookSender sender = sender(hooks, Duration.ofMinutes(10));
    Future<Boolean> step = threads.submit(sender::step);
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> states(hooks).equals(List.of("delivered", "delivered", "waiting")));
    closing.countDown();
    assertFalse(step.get());
    assertEquals(List.of("delivered", "delivered", "delivered"), states(hooks));
    assertEquals(3, got.size());
  }

  @Test
  void a_server_that_does_not_answer_in_time_is_asked_again() throws Exception {
    Hooks hooks = hooks("/hangs");
    announce(hooks);
    assertFalse(sender(hooks, Duration.ofSeconds(1)).step());
    Hooks.Row row = hooks.before(Long.MAX_VALUE, 1).getFirst();
    assertEquals("waiting", row.state());
    assertEquals("no answer in time", row.lastError());
  }

  @Test
  void what_a_boss_had_taken_up_when_it_was_killed_is_sent_by_another() throws Exception {
    Hooks hooks = hooks("/a");
    announce(hooks);
    assertEquals(1, hooks.take(10, Duration.ofMinutes(2)).size());
    sender(hooks).step();
    assertEquals(0, got.size());
    clock.pass(Duration.ofMinutes(2));
    sender(hooks).step();
    assertEquals(1, got.size());
  }

  @Test
  void an_address_that_is_not_given_any_more_is_told_nothing() throws Exception {
    announce(hooks("/old"));
    clock.pass(Duration.ofHours(1));
    sender(hooks("/new")).step();
    assertEquals(0, got.size());
  }

  @Test
  void in_the_end_it_is_given_up() throws Exception {
    Hooks hooks = hooks("/a");
    announce(hooks);
    HookSender sender = sender(hooks);
    status = 404;
    for (int i = 0; i < HookSender.MAX_ATTEMPTS + 2; i++) {
      sender.step();
      clock.pass(Duration.ofHours(2));
    }
    assertEquals(HookSender.MAX_ATTEMPTS, got.size());
    assertEquals("given_up", hooks.before(Long.MAX_VALUE, 1).getFirst().state());
  }

  /** Of a boss that did not refuse it yet. */
  @Test
  void an_address_that_no_client_takes_is_asked_again_later_and_given_up() throws Exception {
    String url = "http://127.0.0.1:70000/secret";
    Hooks hooks = new Hooks(database, clock, new Hooks.Listeners(List.of(url), EventJson::write));
    announce(hooks);
    HookSender sender = sender(hooks);
    sender.step();
    Hooks.Row row = hooks.before(Long.MAX_VALUE, 1).getFirst();
    assertEquals("waiting", row.state());
    assertEquals("it cannot be sent (IllegalArgumentException)", row.lastError());
    for (int i = 1; i < HookSender.MAX_ATTEMPTS; i++) {
      clock.pass(Duration.ofHours(2));
      sender.step();
    }
    assertEquals("given_up", hooks.before(Long.MAX_VALUE, 1).getFirst().state());
  }

  @Test
  void waits_double_up_to_an_hour() {
    assertEquals(Duration.ofSeconds(5), HookSender.waitAfter(1));
    assertEquals(Duration.ofSeconds(40), HookSender.waitAfter(4));
    assertEquals(Duration.ofHours(1), HookSender.waitAfter(11));
    assertEquals(Duration.ofHours(1), HookSender.waitAfter(80));
  }
}
