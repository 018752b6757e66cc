package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.PermanentJobFailure;
import com.amazonaws.jobprocessor.executors.Sleep;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Stop stop, String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return SampleClient.commandLine(stop)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(Stream.concat(Stream.of("generate"), Stream.of(args)).toArray(String[]::new));
  }

  private List<String> lines(String... args) {
    assertEquals(0, run(new Stop(), args), err.toString());
    return out.toString().lines().toList();
  }

  @Test
  void writes_a_job_of_the_executor_sleep_on_each_line() throws Exception {
    List<String> lines = lines("-t", "100", "-v", "0");

    assertEquals(Collections.nCopies(100, "sleep 0"), lines);
    assertEquals("slept 0 ms", new Sleep().execute(lines.getFirst()));
  }

  @Test
  void a_mix_has_about_its_shares_and_the_same_lines_each_time() {
    String[] mix = {"-t", "10000", "-v", "10", "--mix", "1000:5", "--mix", "20-29:20,fail:1.5"};
    List<String> lines = lines(mix);

    assertEquals(lines, lines(mix));
    assertEquals(10_000, lines.size());
    assertNear(500, lines, "sleep 1000");
    assertNear(2_000, lines, "sleep 2\\d");
    assertNear(150, lines, "fail \\d+");
    assertNear(7_350, lines, "sleep 10");
    assertEquals(10, lines.stream().filter(line -> line.matches("sleep 2\\d")).distinct().count());
    assertNotEquals(
        lines, lines("-t", "10000", "-v", "10", "--mix", "1000:5,20-29:20,fail:1.5", "--seed=2"));
  }

  private static void assertNear(int expected, List<String> lines, String pattern) {
    long count = lines.stream().filter(line -> line.matches(pattern)).count();
    assertTrue(Math.abs(count - expected) < 150, pattern + ": " + count);
  }

  @Test
  void the_lines_that_are_to_fail_are_refused_by_the_executor_sleep() {
    List<String> lines = lines("-t", "3", "--mix", "fail:100");

    assertEquals(List.of("fail 1", "fail 2", "fail 3"), lines);
    assertThrows(PermanentJobFailure.class, () -> new Sleep().execute("fail 1"));
  }

  @Test
  void writes_to_a_file_and_says_why_it_cannot() throws Exception {
    Path file = folder.resolve("work.txt");

    assertEquals(0, run(new Stop(), "-t", "2", "-v", "5", "--output", file.toString()));
    assertEquals("sleep 5\nsleep 5\n", Files.readString(file));
    assertEquals("", out.toString());
    assertEquals(1, run(new Stop(), "-t", "2", "-v", "5", "-o", folder.toString()));
    assertEquals(
        "sample-client: cannot write to \"" + folder + "\": it is a folder\n", err.toString());
  }

  @Test
  void a_full_disk_is_an_error() {
    assertEquals(1, run(new Stop(), "-t", "100000", "-v", "5", "-o", "/dev/full"));
    assertEquals(
        "sample-client: cannot write to \"/dev/full\"; is the disk full?\n", err.toString());
  }

  @Test
  void says_how_many_lines_it_wrote_when_it_is_stopped() {
    Stop stop = new Stop();
    stop.ask();

    assertEquals(1, run(stop, "-t", "1000000", "-v", "5"));
    assertEquals("sample-client: interrupted after 4096 lines\n", err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -t 0 -v 1               | -t: 0 is out of range; allowed: 1 to 1,000,000,000
          -t 1                    | give -v MILLIS, how long each job sleeps
          -t 1 -v -1              | -v: -1 is out of range; allowed: 0 to 43,200,000 milliseconds
          -t 1 -v 43200001        | -v: 43200001 is out of range; allowed: 0 to 43,200,000 milliseconds
          -t 1 --mix 5:99.9999    | the shares of --mix are less than 100 %; give -v MILLIS for the other jobs
          -t 1 -v 1 --mix 5:60,6:41 | --mix: "6:41" makes more than 100 % together with the others
          -t 1 -v 1 --mix 9-8:1   | --mix: "9-8:1" is out of range
          -t 1 -v 1 --mix 43200001:1 | --mix: "43200001:1" is out of range
          -t 1 -v 1 --mix 5:101   | --mix: "5:101" is out of range
          -t 1 -v 1 --mix 5       | --mix: "5" is not understood
          -t x -v 1               | Invalid value for option '--tasks'
          """)
  void a_command_line_that_makes_no_sense_is_refused(String args, String says) {
    assertEquals(2, run(new Stop(), args.split(" ")));
    assertTrue(err.toString().startsWith("sample-client: " + says), err.toString());
    assertEquals("", out.toString());
  }
}
