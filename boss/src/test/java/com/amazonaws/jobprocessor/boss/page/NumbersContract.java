package com.amazonaws.jobprocessor.boss.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.hours.TestHours;
import com.amazonaws.jobprocessor.boss.store.Answer;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.TableDump;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the pages say of a night in which tasks fail, are run again, cancelled, answered twice, and
 * answered by nobody that is known, held against queries of the test's own.
 */
abstract class NumbersContract {
  private TestSite site;
  private String viewer;

  /** An empty database. */
  abstract Database open() throws Exception;

  @BeforeEach
  void set_up() throws Exception {
    site = new TestSite(open());
    viewer = site.signedIn(Role.VIEWER);
    night();
  }

  @AfterEach
  void tear_down() {
    if (site != null) {
      site.close();
    }
  }

  private void night() throws Exception {
    make(30, "first");
    site.nights.look(TestHours.until(site.clock.instant().plus(Duration.ofHours(3))));
    List<String> jobs = send(20);
    // Some fail, of two errors; some answers come twice, some belong to nobody.
    answer("w-1", null, jobs.subList(0, 8));
    answer("w-2", null, jobs.subList(8, 12));
    answer("w-2", "java.io.IOException", jobs.subList(12, 15));
    answer("w-1", "Bad", jobs.subList(15, 17));
    answer("w-1", null, jobs.subList(0, 3));
    answer("w-3", null, List.of("what is this", "ffffffff-1-1"));
    // One that failed is run again by a person, and those of an error by an operation.
    long failed = number("select min(id) from task where error_type = 'Bad'");
    assertTrue(site.tasks.retry("ada", failed));
    operation(
        Operations.Kind.RETRY, new TaskFilter(TaskState.FAILED, null, "java.io.IOException", null));
    // The late answer of a run before counts for its task, if it is good.
    make(12, "second");
    answer("w-2", null, send(9).subList(0, 6));
    operation(Operations.Kind.CANCEL, new TaskFilter(TaskState.WAITING, null, null, 2L));
    site.clock.pass(Duration.ofMinutes(20));
    answer("w-3", "java.io.IOException", send(2));
    site.outbox.overdue(site.clock.instant().minus(Duration.ofMinutes(10)), false, 2);
    site.clock.pass(Duration.ofSeconds(90));
  }

  private void make(int count, String batch) throws Exception {
    List<NewTask> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new NewTask("account " + i % 7, "payload " + i, 0));
    }
    site.tasks.create("ada", batch, all, null);
  }

  private List<String> send(int count) throws InterruptedException {
    site.plan(count);
    List<String> jobs = new ArrayList<>();
    site.outbox.send(
        1_000,
        1 << 20,
        (parcels, _) -> {
          parcels.forEach(parcel -> jobs.add(parcel.jobId()));
          return Collections.nCopies(parcels.size(), Fate.SENT);
        });
    site.clock.pass(Duration.ofSeconds(30));
    return jobs;
  }

  private void answer(String worker, @Nullable String error, List<String> jobs) {
    List<Answer> answers = new ArrayList<>();
    for (String job : jobs) {
      answers.add(
          new Answer(
              new Answer.Source("q", "message of " + job, 0),
              job,
              worker,
              1,
              1_000 + 100L * answers.size(),
              "m",
              "result",
              false,
              error,
              error == null ? null : "why"));
    }
    new Answers(site.database, site.settings, site.clock).store(answers, List.of());
    site.clock.pass(Duration.ofSeconds(7));
  }

  private void operation(Operations.Kind kind, TaskFilter filter) {
    site.operations.create(
        "ada", new Operations.Wanted(kind, filter, null, "to see it", Duration.ZERO));
    while (site.operations.step()) {
      site.clock.pass(Duration.ofSeconds(1));
    }
  }

  private long number(String sql) {
    return TableDump.number(site.database, sql);
  }

  private String page(String path) throws Exception {
    TestSite.Reply reply = site.get(viewer, path);
    assertEquals(200, reply.status(), path);
    return reply.body();
  }

  /** The one number that a pattern finds. */
  private static long found(String page, String pattern) {
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(page);
    assertTrue(matcher.find(), pattern + " in " + page);
    return Long.parseLong(matcher.group(1).replace(",", ""));
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void states_are_counted_right_on_each_page(TaskState state) throws Exception {
    long wanted = number("select count(*) from task where state = '" + state.text() + "'");
    if (state != TaskState.SENDING) {
      assertTrue(wanted > 0, "the night has none that is " + state);
    }
    String overview = page("/");
    if (state != TaskState.SENDING) {
      assertEquals(wanted, found(overview, "id=\"tile-" + state.text() + "\"[^>]*>([0-9,]+)<"));
    }
    assertEquals(wanted, found(page("/tasks"), ">" + state.text() + " <b>([0-9,]+)</b>"));
    String list = page("/tasks?state=" + state.text());
    assertEquals(wanted, list.split("<tr><th scope=\"row\"><a class=\"id\"", -1).length - 1);
  }

  @Test
  void batches_say_how_far_they_are() throws Exception {
    for (int batch = 1; batch <= 2; batch++) {
      String row =
          page("/").replaceFirst("(?s).*<a id=\"batch-" + batch + "\"", "").split("</tr>", 2)[0];
      String of = " from task where batch_id = " + batch;
      assertEquals(number("select count(*)" + of), found(row, "\"tasks\">([0-9,]+)<"));
      assertEquals(
          number("select count(*)" + of + " and state in ('succeeded', 'failed', 'cancelled')"),
          found(row, "\"ended\">([0-9,]+)<"));
      assertEquals(
          number("select count(*)" + of + " and state = 'failed'"),
          found(row, "\"failed\">([0-9,]+)<"));
    }
  }

  @Test
  void workers_are_told_with_what_they_did() throws Exception {
    String page = page("/workers");
    for (String worker : List.of("w-1", "w-2")) {
      String row =
          page.replaceFirst("(?s).*<bdi>" + worker + "</bdi></a>", "").split("</tr>", 2)[0];
      String of = " from result where worker = '" + worker + "'";
      assertEquals(number("select count(*)" + of), found(row, "\"tasks\">([0-9,]+)<"), row);
      assertEquals(
          number("select count(*)" + of + " and not succeeded"),
          found(row, "\"failed\">([0-9,]+) ?<"),
          row);
    }
    assertEquals(number("select count(*) from result"), found(page, "<p>([0-9,]+) answers of "));
    String csv = page("/workers/report.csv?by=account");
    assertEquals(
        1 + number("select count(distinct t.name) from task t join result r on r.task_id = t.id"),
        csv.lines().count());
  }

  @Test
  void failures_are_grouped_by_their_errors() throws Exception {
    String page = page("/failures");
    for (String error : List.of("java.io.IOException", "Bad")) {
      String row = page.replaceFirst("(?s).*<bdi>" + error + "</bdi>", "").split("</tr>", 2)[0];
      assertEquals(
          number(
              "select count(*) from task where state = 'failed' and error_type = '" + error + "'"),
          found(row, "data-name=\"tasks\">([0-9,]+)<"));
    }
  }

  @Test
  void checks_hold_and_strays_are_shown() throws Exception {
    String page = page("/checks");
    assertTrue(page.contains("✓ all hold"), page);
    long all = number("select count(*) from task");
    long ended =
        number("select count(*) from task where state in ('succeeded', 'failed', 'cancelled')");
    assertTrue(
        page.contains(all + " tasks = " + ended + " ended + " + (all - ended) + " open."), page);
    assertTrue(page.contains("what is this") && page.contains("another boss"), page);
    assertEquals(2, number("select count(*) from stray"));
    for (int stray = 1; stray <= 2; stray++) {
      String path = "/strays/" + stray + "/body";
      assertTrue(page.contains("href=\"" + path + "\""), page);
      assertEquals("result", site.get(viewer, path).body());
    }
    assertEquals(
        0,
        number(
            "select count(*) from (select task_id, run from result group by task_id, run"
                + " having count(*) > 1) twice"));
    assertEquals(3, number("select sum(copies) from result"));
  }

  @Test
  void operations_count_what_they_did() throws Exception {
    String page = page("/operations");
    for (long id = 1; id <= 2; id++) {
      String row =
          page.replaceFirst("(?s).*<a href=\"/operations/" + id + "\"", "").split("</tr>", 2)[0];
      long changed =
          number("select count(*) from task_change where why like 'operation " + id + ":%'");
      assertTrue(changed > 0);
      assertEquals(changed, found(row, "data-name=\"done\">([0-9,]+)<"));
      assertEquals(changed, found(row, "data-name=\"matched\">([0-9,]+)<"));
    }
  }

  @Test
  void a_passport_ends_with_the_state_and_tells_the_copies() throws Exception {
    long task = number("select min(task_id) from result where copies > 0");
    String page = page("/tasks/" + task);
    assertTrue(page.contains("one copy more"), page);
    assertEquals(
        number("select count(*) from task_change where task_id = " + task),
        page.replaceFirst("(?s).*class=\"stack passport\"", "")
                .split("</table>", 2)[0]
                .split("<tr><td class=\"age\">", -1)
                .length
            - 1);
    assertFalse(page.contains("not what is stored"), page);
  }

  @Test
  void a_run_is_told_with_its_answers_and_boxes() throws Exception {
    String page = page("/costs");
    assertEquals(1, number("select count(*) from work_run"));
    String row = page.replaceFirst("(?s).*<a href=\"/costs/1\"", "").split("</tr>", 2)[0];
    assertEquals(
        number("select count(*) from result"), found(row, "data-name=\"answers\">([0-9,]+)<"));
    assertEquals(
        number("select count(distinct worker) from result"),
        found(row, "data-name=\"boxes\">([0-9,]+)<"));
    String one = page("/costs/1");
    assertTrue(one.contains("EC2: instance") && one.contains("SQS: receive jobs"), one);
    assertEquals(404, site.get(viewer, "/costs/7").status());
  }
}
