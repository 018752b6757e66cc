package com.amazonaws.jobprocessor.boss.page;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.page.TestSite.Reply;
import com.amazonaws.jobprocessor.boss.store.Actions.Action;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.TableDump;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import io.javalin.http.HandlerType;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends every form that there is: each changes something, and the log of actions says who did. */
class ActionWalkIT {
  private static final String PASSWORD = "correct horse battery";

  @TempDir Path folder;
  private final Set<String> sent = new TreeSet<>();
  private TestSite site;
  private String operator;

  @BeforeEach
  void set_up() {
    site = new TestSite(folder);
    operator = site.signedIn(Role.OPERATOR);
  }

  @AfterEach
  void tear_down() {
    site.close();
  }

  private String field(String page, String name) throws Exception {
    Matcher field =
        Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"")
            .matcher(site.get(operator, page).body());
    assertTrue(field.find(), name);
    return field.group(1);
  }

  private Action last() {
    return site.actions.before(Long.MAX_VALUE, 1).getFirst();
  }

  /** A request that is to change something. */
  private interface Request {
    Reply send() throws Exception;
  }

  private Reply walk(String path, String who, Request request) throws Exception {
    String before = TableDump.of(site.database, Set.of("action"));
    long last = last().id();
    Reply reply = request.send();
    assertTrue(reply.status() < 400, path + " " + reply.body());
    assertNotEquals(before, TableDump.of(site.database, Set.of("action")), path);
    assertTrue(last().id() > last, path + " leaves nothing in the log of actions");
    assertEquals(who, last().who(), path);
    sent.add(path);
    return reply;
  }

  private void walk(String path, long id, String... fields) throws Exception {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add("form_key");
    all.add(field("/actions", "form_key"));
    walk(
        path,
        "operator",
        () ->
            site.form(
                operator, path.replace("{id}", Long.toString(id)), all.toArray(String[]::new)));
  }

  @Test
  void each_form_that_changes_something_leaves_a_row_in_the_log_of_actions() throws Exception {
    signInAndOut();
    walk("/dispatch/pause", 0);
    walk("/dispatch/start", 0);
    walk("/hours", 0, "shown", field("/hours", "shown"), "zone", "UTC", "monday", "22:00-23:00");
    walk("/hours/pace", 0, "per_minute", "60", "dispatch_ahead", "5");
    walk("/new/task", 0, "once", "0".repeat(48), "name", "n", "payload", "p", "priority", "0");
    walk("/new/test", 0, "once", "1".repeat(48), "count", "3", "bad", "0");
    walk("/new/upload", "operator", this::upload);
    users();
    tasks();
    Set<String> forms =
        site.pages.routes().stream()
            .filter(route -> !route.method().equals(HandlerType.GET))
            .map(Route::path)
            .collect(toCollection(TreeSet::new));
    assertEquals(forms, sent);
  }

  private void signInAndOut() throws Exception {
    String link = site.links.first().orElseThrow();
    walk(
        "/join",
        "ada",
        () ->
            site.form(
                "", "/join", "link", link, "name", "ada", "password", PASSWORD, "again", PASSWORD));
    site.clock.pass(java.time.Duration.ofSeconds(1));
    Reply in =
        walk(
            "/login",
            "ada",
            () -> site.form("", "/login", "name", "ada", "password", PASSWORD, "to", "/"));
    String cookie =
        in.response().headers().allValues("Set-Cookie").stream()
            .filter(one -> one.startsWith("boss-" + site.port()))
            .map(one -> one.substring(0, one.indexOf(';')))
            .findFirst()
            .orElseThrow();
    walk("/logout", "ada", () -> site.post(cookie, "/actions", "/logout"));
  }

  private Reply upload() throws Exception {
    StringBuilder body = new StringBuilder();
    part(body, "name=\"form_key\"", field("/new", "form_key"));
    part(body, "name=\"once\"", "2".repeat(48));
    part(body, "name=\"file\"; filename=\"tasks.csv\"", "name,payload\na,b\n");
    return site.send(
        operator,
        "POST",
        "/new/upload",
        "multipart/form-data; boundary=x",
        BodyPublishers.ofString(body + "--x--\r\n"));
  }

  private static void part(StringBuilder body, String head, String value) {
    body.append("--x\r\nContent-Disposition: form-data; ").append(head);
    body.append("\r\n\r\n").append(value).append("\r\n");
  }

  private void users() throws Exception {
    walk("/users", 0, "name", "grace", "role", "viewer");
    long grace = site.users.find("grace").orElseThrow().id();
    walk("/users/{id}/role", grace, "role", "operator");
    walk("/users/{id}/disable", grace);
    walk("/users/{id}/enable", grace);
    walk("/users/{id}/link", grace);
  }

  private void tasks() throws Exception {
    long id = site.make("fails", "waits");
    site.end(1_000, "w", job -> job.contains("-" + id + "-") ? "E" : null);
    walk("/tasks/{id}/retry", id);
    walk("/tasks/{id}/cancel", id);
    Operations.Preview shown = site.operations.preview(TaskFilter.ALL, null);
    walk(
        "/operations",
        0,
        "kind",
        "retry",
        "cutoff_task",
        Long.toString(shown.cutoff().task()),
        "cutoff_at",
        shown.cutoff().at().toString(),
        "matching",
        Long.toString(shown.matching()),
        "reason",
        "r");
    walk("/operations/{id}/stop", 1);
  }
}
