package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.Configurable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that is wrong with an executor's settings is said at once. */
class OptionsTest {
  private static List<String> problems(Configurable executor, Map<String, String> settings) {
    IllegalArgumentException first =
        assertThrows(IllegalArgumentException.class, () -> executor.configure(settings));
    return Stream.concat(Stream.of(first), Stream.of(first.getSuppressed()))
        .map(Throwable::getMessage)
        .toList();
  }

  @Test
  void a_misspelt_name_is_said_beside_what_is_missing_for_it() {
    assertEquals(
        List.of(
            "executor.command: missing; ShellCommand needs it, e.g."
                + " executor.command=python3 /opt/jobs/run.py",
            "executor.comand: unknown setting; did you mean executor.command? ShellCommand takes"
                + " executor.command, executor.permanent_exit_codes, executor.working_directory"),
        problems(new ShellCommand(), Map.of("comand", "cat")));
  }

  @Test
  void each_value_that_cannot_be_is_said_with_itself() {
    String takes =
        "HttpPost takes executor.connect_timeout_in_secs, executor.content_type,"
            + " executor.permanent_statuses, executor.read_timeout_in_secs, executor.url";
    assertEquals(
        List.of(
            "executor.url: \"localhost:8000\" is not a URL that jobs can be posted to; allowed are"
                + " http://HOST[:PORT]/PATH and https://HOST[:PORT]/PATH",
            "executor.content_type: \"t\u00e4xt\" cannot be the value of a header",
            "executor.permanent_statuses: \"abc\" is not a whole number from 300 to 599",
            "executor.permanent_statuses: \"200\" is not a whole number from 300 to 599",
            "executor.read_timeout_in_secs: \"0\" is not a whole number from 1 to 43000",
            "executor.retries: unknown setting; " + takes,
            "executor.timeout: unknown setting; did you mean executor.connect_timeout_in_secs? "
                + takes),
        problems(
            new HttpPost(),
            Map.of(
                "url", "localhost:8000",
                "content_type", "t\u00e4xt",
                "permanent_statuses", "abc;404;200",
                "read_timeout_in_secs", "0",
                "retries", "3",
                "timeout", "5")));
  }

  @Test
  void a_command_that_cannot_run_is_one_problem_of_several() {
    assertEquals(
        List.of(
            "executor.max_jobs_per_process: \"0\" is not a whole number from 1 to 2147483647",
            "executor.working_directory: \"/no/such\" is not a directory"),
        problems(
                new PersistentCommand(),
                Map.of(
                    "command", "cat", "max_jobs_per_process", "0", "working_directory", "/no/such"))
            .stream()
            .map(problem -> problem.replaceFirst(" to [0-9]+$", " to 2147483647"))
            .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "comand, command",
    "commands, command",
    "cmomand, command",
    "workingdirectory, working_directory",
    "directory, working_directory",
    "exit_codes, permanent_exit_codes"
  })
  void a_name_that_is_near_is_asked_for(String name, String meant) {
    String unknown = problems(new ShellCommand(), Map.of("command", "cat", name, "x")).getFirst();
    assertEquals(
        "executor." + name + ": unknown setting; did you mean executor." + meant + "? ",
        unknown.substring(0, unknown.indexOf("ShellCommand")));
  }
}
