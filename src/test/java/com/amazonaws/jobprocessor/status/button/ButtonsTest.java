package com.amazonaws.jobprocessor.status.button;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.fleet.BoxControls;
import com.amazonaws.jobprocessor.fleet.Controls;
import com.amazonaws.jobprocessor.fleet.Refused;
import com.amazonaws.jobprocessor.fleet.Unanswered;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.status.Action;
import com.amazonaws.jobprocessor.status.Form;
import com.amazonaws.jobprocessor.status.Reply;
import com.amazonaws.jobprocessor.status.Request;
import com.amazonaws.jobprocessor.status.Snapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may press the buttons, and what they answer. */
@Timeout(60)
class ButtonsTest {
  private static final String TOKEN = "correct-horse-battery";

  private final Hasty clock = new Hasty();
  private final FakeControls controls = new FakeControls();
  private final List<String> changes = new ArrayList<>();
  private final Map<String, Action> actions = actions(controls);

  /** Sleeps by letting the time pass. */
  private static final class Hasty implements MonotonicClock {
    private long now = 1;

    @Override
    public synchronized long nanoTime() {
      return now;
    }

    @Override
    public synchronized void sleep(long nanos) {
      now += nanos;
    }
  }

  private static final class FakeControls implements Controls {
    final List<String> done = new ArrayList<>();
    @Nullable String refusal;
    @Nullable String unanswered;
    @Nullable Resize group;
    List<String> secrets = List.of();

    private void check() throws Refused {
      if (refusal != null) {
        throw new Refused(refusal);
      }
    }

    @Override
    public StartPlan planStart(int count) throws Refused {
      check();
      return new StartPlan(count, group, secrets);
    }

    @Override
    public synchronized String start(StartOrder order) throws Refused, Unanswered {
      check();
      if (unanswered != null) {
        throw new Unanswered(unanswered);
      }
      done.add("start %d %s %s".formatted(order.count(), order.from(), order.to()));
      return order.count() + " boxes started: i-1.";
    }

    @Override
    public EndPlan planEnd() throws Refused {
      check();
      return new EndPlan(group);
    }

    @Override
    public synchronized String end() throws Refused {
      check();
      done.add("end");
      return "This box takes no more jobs.";
    }
  }

  private Map<String, Action> actions(Controls with) {
    return new Buttons(TOKEN, with, new Snapshots()::now, () -> changes.add("changed"), clock)
        .actions();
  }

  /** A request that can be given more. */
  private static final class Ask {
    private final boolean isPost;
    private final String path;
    private final Map<String, String> query = new HashMap<>();
    private final Map<String, String> form = new HashMap<>();
    private final Map<String, List<String>> headers =
        new HashMap<>(Map.of("Host", List.of("localhost:8090")));

    Ask(boolean isPost, String path) {
      this.isPost = isPost;
      this.path = path;
    }

    Ask header(String name, String value) {
      headers.put(name, List.of(value));
      return this;
    }

    Ask without(String header) {
      headers.remove(header);
      return this;
    }

    Ask query(String name, String value) {
      query.put(name, value);
      return this;
    }

    Ask field(String name, String value) {
      form.put(name, value);
      return this;
    }

    Ask bearer(String token) {
      return header("Authorization", "Bearer " + token);
    }

    Request request() {
      return new Request(isPost, path, new Form(query), new Form(form), headers);
    }
  }

  private static Ask get(String path) {
    return new Ask(false, path);
  }

  private static Ask post(String path) {
    return new Ask(true, path).header("Origin", "http://localhost:8090");
  }

  private Reply answer(Ask ask) throws InterruptedException {
    return Objects.requireNonNull(actions.get(ask.path)).answer(ask.request());
  }

  private static String header(Reply reply, String name) {
    return reply.headers().getOrDefault(name, "");
  }

  /** The cookie of a new session. */
  private String signIn() throws InterruptedException {
    return signIn("localhost:8090");
  }

  private String signIn(String host) throws InterruptedException {
    Reply reply =
        answer(
            post(Buttons.START)
                .header("Host", host)
                .header("Origin", "http://" + host)
                .field("token", TOKEN));
    assertEquals(303, reply.status(), reply::body);
    return header(reply, "Set-Cookie").split(";", 2)[0];
  }

  private static String hidden(String page, String name) {
    Matcher field = Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(page);
    assertTrue(field.find(), () -> "no " + name + " in " + page);
    return field.group(1);
  }

  @Test
  void without_a_token_a_stranger_is_asked_for_it_and_told_nothing() throws Exception {
    for (String path : List.of(Buttons.START, Buttons.END)) {
      for (Reply reply : List.of(answer(get(path)), answer(post(path).field("boxes", "2")))) {
        assertEquals(401, reply.status());
        assertTrue(reply.body().contains("<input type=\"password\""), reply::body);
        assertFalse(reply.body().contains("i-0123456789abcdef0"), reply::body);
      }
    }
    assertEquals(List.of(), controls.done);
  }

  @Test
  void the_token_in_the_form_opens_a_session_whose_cookie_is_not_the_token() throws Exception {
    Reply reply = answer(post(Buttons.START).query("boxes", "3").field("token", TOKEN));

    assertEquals(303, reply.status());
    assertEquals("/boxes/start?boxes=3", header(reply, "Location"));
    String cookie = header(reply, "Set-Cookie");
    assertTrue(
        cookie.matches(
            "job-processor-8090=[A-Za-z0-9_-]{43}; Path=/; Max-Age=1800; HttpOnly; SameSite=Strict"),
        cookie);
    assertFalse(cookie.contains(TOKEN));
    assertFalse(reply.body().contains(TOKEN));
  }

  /** A page that was open longer than its session: its order is asked for again. */
  @Test
  void who_signs_in_again_comes_back_to_the_boxes_of_the_form() throws Exception {
    Reply expired =
        answer(
            post(Buttons.START)
                .header("Cookie", "job-processor-8090=old")
                .field("key", "old")
                .field("boxes", "5"));

    assertEquals(401, expired.status());
    assertTrue(expired.body().contains("action=\"/boxes/start?boxes=5\""), expired::body);
  }

  @Test
  void where_the_form_leads_to_is_nothing_of_a_strangers() throws Exception {
    Reply reply = answer(get(Buttons.START).query("boxes", "\"><script>"));
    assertTrue(reply.body().contains("action=\"/boxes/start\""), reply::body);
    reply = answer(post(Buttons.START).field("boxes", "\"><script>"));
    assertTrue(reply.body().contains("action=\"/boxes/start\""), reply::body);
  }

  @Test
  void a_confirmation_says_how_many_and_what_they_cost_and_acts_on_what_it_showed()
      throws Exception {
    String cookie = signIn();
    Reply page = answer(get(Buttons.START).query("boxes", "3").header("Cookie", cookie));

    assertEquals(200, page.status());
    assertTrue(page.body().contains("<strong>3 boxes like this one</strong>"), page::body);
    assertTrue(page.body().contains("They cost about <strong>$0.22 an hour</strong>"), page::body);
    assertEquals("same-origin", header(page, "Referrer-Policy"), "else no Origin comes with it");
    Ask form =
        post(Buttons.START)
            .header("Cookie", cookie)
            .field("boxes", hidden(page.body(), "boxes"))
            .field("client_token", hidden(page.body(), "client_token"))
            .field("key", hidden(page.body(), "key"));
    for (int click = 0; click < 2; click++) {
      Reply done = answer(form);
      assertEquals(200, done.status());
      assertTrue(done.body().contains("3 boxes started: i-1."), done::body);
    }
    assertEquals(List.of("start 3 null null"), controls.done, "two clicks start them once");
  }

  @Test
  void in_a_group_the_form_shows_from_what_to_what_and_sends_that() throws Exception {
    controls.group = new Controls.Resize("workers", 3, 4);
    String cookie = signIn();
    String page = answer(get(Buttons.START).header("Cookie", cookie)).body();

    assertTrue(page.contains("<strong>from 3 to 4</strong>"), page);
    assertTrue(page.contains("It costs about <strong>$0.07 an hour</strong>"), page);
    assertEquals("3", hidden(page, "from"));
    assertEquals("4", hidden(page, "to"));
    answer(
        post(Buttons.START)
            .header("Cookie", cookie)
            .field("key", hidden(page, "key"))
            .field("from", "3")
            .field("to", "4"));
    assertEquals(List.of("start 1 3 4"), controls.done);
  }

  @Test
  void secrets_that_go_along_are_a_warning_by_their_names() throws Exception {
    controls.secrets = List.of("status_token", "executor.password");
    String page = answer(get(Buttons.START).header("Cookie", signIn())).body();

    assertTrue(page.contains("Warning:"), page);
    assertTrue(page.contains("(status_token, executor.password)"), page);
    assertFalse(page.contains(TOKEN));
  }

  @Test
  void the_end_of_the_box_says_what_runs_and_ends_it() throws Exception {
    String cookie = signIn();
    String page = answer(get(Buttons.END).header("Cookie", cookie)).body();
    assertTrue(page.contains("i-0123456789abcdef0"), page);
    assertTrue(page.contains("2 jobs run: what will not be done"), page);
    assertTrue(page.contains("That saves about <strong>$0.07 an hour</strong>"), page);

    Reply done =
        answer(post(Buttons.END).header("Cookie", cookie).field("key", hidden(page, "key")));

    assertEquals(200, done.status());
    assertEquals(List.of("end"), controls.done);
    assertEquals(List.of("changed"), changes);
  }

  @Test
  void a_form_without_its_sessions_key_does_nothing() throws Exception {
    String cookie = signIn();
    String others = answer(get(Buttons.END).header("Cookie", signIn())).body();

    for (String key : List.of("", "guess", hidden(others, "key"))) {
      Reply reply = answer(post(Buttons.END).header("Cookie", cookie).field("key", key));
      assertEquals(403, reply.status(), key);
    }
    assertEquals(List.of(), controls.done);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sec-Fetch-Site | cross-site",
        "Sec-Fetch-Site | same-site",
        "Sec-Fetch-Site | none",
        "Sec-Fetch-Site | ''",
        "Origin         | null",
        "Origin         | http://evil.example",
        "Origin         | http://localhost:9999",
        "Origin         | http://localhost",
        "Origin         | http://localhost:8090.evil.example",
        "Origin         | http://127.0.0.1:8090",
        "Origin         | ''",
      })
  void what_another_page_sends_is_refused_even_with_cookie_key_and_token(String name, String value)
      throws Exception {
    String cookie = signIn();
    String key = hidden(answer(get(Buttons.END).header("Cookie", cookie)).body(), "key");
    for (Ask ask :
        List.of(
            post(Buttons.END).header("Cookie", cookie).field("key", key),
            post(Buttons.END).bearer(TOKEN),
            post(Buttons.END).field("token", TOKEN))) {
      Reply reply = answer(ask.header(name, value));
      assertEquals(403, reply.status());
      assertEquals("", header(reply, "Set-Cookie"));
    }
    assertEquals(List.of(), controls.done);
  }

  @Test
  void what_our_own_page_sends_is_taken_by_http_and_behind_https() throws Exception {
    String cookie = signIn();
    String key = hidden(answer(get(Buttons.END).header("Cookie", cookie)).body(), "key");
    for (String origin : List.of("http://localhost:8090", "https://LOCALHOST:8090")) {
      Ask ask =
          post(Buttons.END)
              .header("Cookie", cookie)
              .field("key", key)
              .header("Origin", origin)
              .header("Sec-Fetch-Site", "same-origin");
      assertEquals(200, answer(ask).status(), origin);
    }
    assertEquals(
        200,
        answer(get(Buttons.END).header("Cookie", cookie).header("Sec-Fetch-Site", "none"))
            .status());
    assertEquals(
        403,
        answer(get(Buttons.END).header("Cookie", cookie).header("Sec-Fetch-Site", "cross-site"))
            .status());
  }

  @Test
  void without_a_host_nothing_is_done() throws Exception {
    assertEquals(403, answer(post(Buttons.END).bearer(TOKEN).without("Host")).status());
    assertEquals(List.of(), controls.done);
  }

  @Test
  void cookies_are_named_by_the_port_that_the_browser_sees() throws Exception {
    String first = signIn("localhost:8091");
    String second = signIn("localhost:8092");
    assertTrue(first.startsWith("job-processor-8091="), first);
    assertTrue(second.startsWith("job-processor-8092="), second);
    assertTrue(signIn("[::1]").startsWith("job-processor-80="));

    Ask both =
        get(Buttons.END).header("Host", "localhost:8092").header("Cookie", first + "; " + second);
    assertEquals(200, answer(both).status());
    String renamed = "job-processor-8092=" + TOKEN;
    assertEquals(
        401,
        answer(get(Buttons.END).header("Host", "localhost:8092").header("Cookie", renamed))
            .status());
  }

  @Test
  void a_script_gives_the_token_in_a_header_and_is_answered_by_a_line() throws Exception {
    Reply done = answer(post(Buttons.START).without("Origin").bearer(TOKEN).field("boxes", "2"));

    assertEquals(200, done.status());
    assertEquals("2 boxes started: i-1.\n", done.body());
    assertEquals(List.of("start 2 null null"), controls.done);
    assertEquals("", header(done, "Set-Cookie"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "wrong", "correct-horse-batter", "correct-horse-battery1", "é"})
  void a_wrong_token_is_refused_a_second_later_and_the_right_one_never(String wrong)
      throws Exception {
    for (Ask ask :
        List.of(
            post(Buttons.END).bearer(wrong),
            post(Buttons.END).field("token", wrong.isEmpty() ? "x" : wrong))) {
      long before = clock.nanoTime();
      Reply reply = answer(ask);
      assertEquals(401, reply.status());
      assertEquals(Duration.ofSeconds(1).toNanos(), clock.nanoTime() - before);
      assertFalse(reply.body().contains("value=\"" + wrong), reply::body);
      assertTrue(header(reply, "WWW-Authenticate").startsWith("Bearer"), wrong);
    }
    long before = clock.nanoTime();
    assertEquals(200, answer(post(Buttons.END).bearer(TOKEN)).status());
    assertEquals(before, clock.nanoTime());
  }

  @Test
  void sessions_end_after_half_an_hour() throws Exception {
    String cookie = signIn();
    clock.sleep(Sessions.LASTS.minusSeconds(1).toNanos());
    assertEquals(200, answer(get(Buttons.END).header("Cookie", cookie)).status());
    clock.sleep(Duration.ofSeconds(1).toNanos());
    assertEquals(401, answer(get(Buttons.END).header("Cookie", cookie)).status());
  }

  @Test
  void of_too_many_sessions_the_oldest_ends() throws Exception {
    String first = signIn();
    String second = signIn();
    for (int i = 0; i < Sessions.MAX_SESSIONS - 1; i++) {
      signIn();
    }
    assertEquals(401, answer(get(Buttons.END).header("Cookie", first)).status());
    assertEquals(200, answer(get(Buttons.END).header("Cookie", second)).status());
  }

  @Test
  void a_refusal_is_told_in_plain_words_and_as_text() throws Exception {
    controls.refusal = "the quota is <reached>";
    String cookie = signIn();

    Reply page = answer(get(Buttons.START).header("Cookie", cookie));
    assertEquals(409, page.status());
    assertTrue(page.body().contains("the quota is &lt;reached&gt;"), page::body);
    assertEquals("the quota is <reached>\n", answer(post(Buttons.START).bearer(TOKEN)).body());
    controls.refusal = null;
    assertEquals(200, answer(post(Buttons.START).bearer(TOKEN)).status());
  }

  @Test
  void an_order_that_failed_may_be_given_again() throws Exception {
    Ask order = post(Buttons.START).bearer(TOKEN).field("client_token", "mine");
    controls.refusal = "throttled";
    assertEquals(409, answer(order).status());
    controls.refusal = null;
    assertEquals(200, answer(order).status());
    assertEquals(200, answer(order).status());
    assertEquals(List.of("start 1 null null"), controls.done);
  }

  @Test
  void an_order_that_aws_has_not_answered_is_not_called_failed_and_may_be_given_again()
      throws Exception {
    controls.unanswered = "SetDesiredCapacity failed: <timeout>";
    Reply late = answer(post(Buttons.START).bearer(TOKEN).field("client_token", "mine"));
    assertEquals(202, late.status());
    assertEquals(
        "AWS has not answered yet. (SetDesiredCapacity failed: <timeout>.) Send the order again"
            + " with client_token=mine to see what came of it: it is done once.\n",
        late.body());
    assertEquals(List.of("changed"), changes, "there may be other boxes now");
    String cookie = signIn();
    String key = hidden(answer(get(Buttons.START).header("Cookie", cookie)).body(), "key");
    Reply page = answer(post(Buttons.START).header("Cookie", cookie).field("key", key));
    assertEquals(202, page.status());
    assertTrue(page.body().contains("&lt;timeout&gt;.) Reload this page"), page::body);
    assertEquals(
        202, answer(post(Buttons.START).bearer(TOKEN).field("client_token", "mine")).status());
    controls.unanswered = null;
    assertEquals(
        200, answer(post(Buttons.START).bearer(TOKEN).field("client_token", "mine")).status());
    assertEquals(List.of("start 1 null null"), controls.done);
  }

  @ParameterizedTest
  @CsvSource({
    "boxes,0",
    "boxes,1001",
    "boxes,-1",
    "boxes,1e3",
    "boxes,99999999999",
    "to,0",
    "from,x",
    "client_token,a b",
    "client_token,<x>"
  })
  void numbers_that_are_none_start_nothing(String field, String value) throws Exception {
    Reply reply = answer(post(Buttons.START).bearer(TOKEN).field(field, value));

    assertEquals(409, reply.status());
    assertTrue(reply.body().startsWith(field + ": allowed are "), reply::body);
    assertEquals(List.of(), controls.done);
  }

  @Test
  void off_ec2_they_say_why_they_cannot_work() throws Exception {
    Map<String, Action> elsewhere = actions(BoxControls.elsewhere());
    for (String path : List.of(Buttons.START, Buttons.END)) {
      for (Ask ask : List.of(get(path).bearer(TOKEN), post(path).bearer(TOKEN))) {
        Reply reply = Objects.requireNonNull(elsewhere.get(path)).answer(ask.request());
        assertEquals(409, reply.status());
        assertTrue(reply.body().contains("this worker is on no EC2 instance"), reply::body);
      }
    }
  }

  @Test
  void requests_and_forms_do_not_show_what_they_hold() {
    Request request = post(Buttons.START).bearer(TOKEN).field("token", TOKEN).request();

    assertFalse((request + " " + request.form()).contains(TOKEN));
  }
}
