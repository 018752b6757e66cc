package com.amazonaws.jobprocessor.boss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.plan.BoxTerms;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The options of {@code boss start} for boxes and webhooks. */
class StartOptionsTest {
  private static final Office.QueueNames QUEUES = new Office.QueueNames("todo", "results", "dead");

  @TempDir Path folder;

  private static FleetOptions.Asked fleet(String... options) {
    FleetOptions fleet = new FleetOptions();
    new CommandLine(fleet).parseArgs(options);
    return fleet.read(QUEUES);
  }

  private static HookOptions.Told hooks(String... options) {
    HookOptions hooks = new HookOptions();
    new CommandLine(hooks).parseArgs(options);
    return hooks.read();
  }

  /** What is said on standard error about a command line that makes no sense. */
  private static String refused(String... options) {
    StringWriter err = new StringWriter();
    String[] all = new String[options.length + 1];
    all[0] = "start";
    System.arraycopy(options, 0, all, 1, options.length);
    int status = Boss.commandLine().setErr(new PrintWriter(err)).execute(all);
    assertEquals(CommandLine.ExitCode.USAGE, status, err.toString());
    return err.toString();
  }

  private String file(String text) throws Exception {
    return Files.writeString(folder.resolve("file"), text).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ada:hunter2@127.0.0.1:1/boss",
        "jdbc:postgresql://ada:hunter2@127.0.0.1/boss",
        "postgres://ada:hunter2@db.example.com/boss",
        "postgresql://127.0.0.1:1/boss?password=hunter2",
        "postgresql://127.0.0.1:hunter2/boss?user=ada",
        "nonsense:hunter2"
      })
  void a_database_that_cannot_be_opened_is_told_without_its_password(String url) {
    StringWriter err = new StringWriter();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    Handler drivers = new StreamHandler(log, new SimpleFormatter());
    Logger.getLogger("").addHandler(drivers);
    int status =
        Boss.commandLine()
            .setErr(new PrintWriter(err))
            .execute("token", "list", "--database=" + url); // start waits for a server
    drivers.flush();
    Logger.getLogger("").removeHandler(drivers);
    assertEquals("", log.toString(UTF_8));
    assertEquals(CommandLine.ExitCode.SOFTWARE, status, err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("database"), err.toString());
    assertFalse(err.toString().contains("hunter2"), err.toString());
  }

  @Test
  void without_options_boxes_are_others_business_and_nobody_is_told() {
    FleetOptions.Asked asked = fleet();
    assertTrue(asked.opener().isEmpty());
    BoxTerms terms = asked.terms();
    assertEquals(2, terms.slots());
    assertEquals(Duration.ofMinutes(2), terms.boot());
    // c7i.large with its disk and address, an hour.
    assertEquals("0.10", terms.cost(1, 3_600).rounded(2));
    assertTrue(hooks().signature().isEmpty());
  }

  @Test
  void the_user_data_says_how_many_slots_a_box_has() throws Exception {
    String data =
        "job_backlog_queue_name=todo\nresults_queue_name=results\ndead_letter_queue_name=dead\n";
    String settings = file(data + "concurrency=6\n");
    FleetOptions.Asked asked =
        fleet("--fleet-image=ami-1", "--fleet-user-data-file=" + settings, "--box-price=2");
    assertEquals(6, asked.terms().slots());
    assertTrue(asked.opener().isPresent());
    assertEquals("2.01", asked.terms().cost(1, 3_600).rounded(2));
    assertEquals(3, fleet("--fleet-group=g", "--fleet-boxes=3", "--box-slots=8").fixed());
  }

  @Test
  void user_data_of_other_queues_or_that_no_worker_starts_with_is_refused() throws Exception {
    String other =
        refused(
            "--fleet-image=ami-1",
            "--fleet-user-data-file=" + file("job_backlog_queue_name=other\n"));
    assertTrue(other.contains("names other queues than the boss's"), other);
    String wrong =
        refused("--fleet-image=ami-1", "--fleet-user-data-file=" + file("concurency=2\n"));
    assertTrue(wrong.contains("no worker would start"), wrong);
    String missing = refused("--fleet-image=ami-1", "--fleet-user-data-file=/nowhere/file");
    assertTrue(missing.contains("cannot read --fleet-user-data-file"), missing);
  }

  @ParameterizedTest
  @CsvSource({
    "--fleet-boxes=2, needs --fleet-image or --fleet-group",
    "--fleet-max-boxes=0, --fleet-max-boxes",
    "--fleet-type=x9.huge, the price of x9.huge is not known",
    "--box-price=-1, --box-price",
    "--box-boot=4000, --box-boot",
    "--box-slots=0, --box-slots",
    "--fleet-end-within=-1, --fleet-end-within",
    "--webhook=ftp://example.com/, --webhook must be http",
    "--webhook=http://user:pw@example.com/, without a user",
    "--webhook=https:///path, --webhook must be http",
    "--webhook=not a url, --webhook must be http",
    "--webhook=http://example.com:70000/, with a port from 1 to 65535 if any",
    "--webhook=http://example.com:0/, with a port from 1 to 65535 if any",
    "--webhook-failures=101, --webhook-failures",
    "--webhook-failures=NaN, --webhook-failures",
    "--webhook=https://example.com/, --webhook needs a secret"
  })
  void what_makes_no_sense_is_refused_in_a_line(String option, String said) {
    String err = refused(option);
    assertTrue(err.contains(said), err);
    assertFalse(err.contains("pw@"), err);
  }

  @ParameterizedTest
  @CsvSource({
    "--backlog-queue, --results-queue",
    "--backlog-queue, --dead-letter-queue",
    "--results-queue, --dead-letter-queue"
  })
  void two_queues_of_one_name_are_refused_by_their_options(String one, String other) {
    assertEquals(
        "boss: %s and %s are both \"a\"; give three different queues".formatted(one, other),
        refused(one + "=a", other + "=a").lines().findFirst().orElse(""));
  }

  @Test
  void a_ceiling_holds_for_the_number_that_is_asked_for() {
    String err = refused("--fleet-image=ami-1", "--fleet-boxes=11");
    assertTrue(err.contains("1 to --fleet-max-boxes, which is 10"), err);
    assertTrue(refused("--fleet-image=a", "--fleet-group=b").contains("not both"));
  }

  @Test
  void a_secret_is_the_first_line_of_its_file_and_never_shown() throws Exception {
    String secret = file("0123456789abcdef0123456789abcdef\nmore\n");
    HookOptions.Told told =
        hooks("--webhook=https://example.com/a?b=c", "--webhook-secret-file=" + secret);
    assertTrue(told.signature().isPresent());
    assertEquals(1, told.listeners().urls().size());
    String err =
        refused("--webhook=https://example.com/", "--webhook-secret-file=" + file("tooshort\n"));
    assertTrue(err.contains("it has 8 bytes"), err);
    assertFalse(err.contains("tooshort"), err);
  }
}
