package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A box that cannot run the command is told from a command that fails on its job. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ShellCommandUnavailableTest {
  @TempDir Path folder;

  private static ShellCommand command(String command, String... namesAndValues) {
    Map<String, String> settings = new HashMap<>(Map.of("command", command));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    ShellCommand executor = new ShellCommand();
    executor.configure(settings);
    return executor;
  }

  private static ShellCommand shell(String script) {
    return command("sh -c '" + script + "'");
  }

  private Path program(String name, String text) throws IOException {
    Path program = Files.writeString(folder.resolve(name), text);
    assertTrue(program.toFile().setExecutable(true));
    return program;
  }

  private static String run(ShellCommand executor) throws Exception {
    return executor.execute("job", Jobs.job());
  }

  private static String unavailable(ShellCommand executor) {
    return Thrown.message(ExecutorUnavailable.class, () -> run(executor));
  }

  private static String failed(ShellCommand executor) {
    return Thrown.message(CommandFailed.class, () -> run(executor));
  }

  @Test
  void a_program_that_is_removed_between_jobs_and_comes_back() throws Exception {
    Path program = program("run", "#!/bin/sh\necho done\n");
    ShellCommand executor = command(program.toString());
    assertEquals("done", run(executor));

    Files.delete(program);
    assertEquals(
        "cannot run \"" + program + "\": there is no program \"" + program + "\"",
        unavailable(executor));

    program("run", "#!/bin/sh\necho again\n");
    assertEquals("again", run(executor));
  }

  @Test
  void a_program_that_may_not_be_run_any_more() throws Exception {
    Path program = program("run", "#!/bin/sh\n");
    ShellCommand executor = command("./run", "working_directory", folder.toString());
    assertTrue(program.toFile().setExecutable(false, false));
    assertEquals("cannot run \"./run\": \"./run\" is not executable", unavailable(executor));
  }

  @Test
  void a_program_that_has_become_a_folder() throws Exception {
    Path program = program("run", "#!/bin/sh\n");
    ShellCommand executor = command(program.toString());
    Files.delete(program);
    Files.createDirectory(program);
    assertTrue(unavailable(executor).endsWith("there is no program \"" + program + "\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"#!/no/such/interpreter\n", "\177ELF nonsense"})
  void a_program_whose_interpreter_is_missing_or_that_is_broken(String text) throws Exception {
    Path program = program("run", text);
    ShellCommand executor = command(program.toString());
    if (text.startsWith("#!")) {
      assertEquals(
          "cannot run \"" + program + "\": No such file or directory", unavailable(executor));
    } else {
      assertTrue(failed(executor).startsWith("exit status 12"), "it is run by a shell");
    }
  }

  @Test
  void a_working_directory_that_is_removed() throws Exception {
    Path directory = Files.createDirectory(folder.resolve("jobs"));
    ShellCommand executor = command("pwd", "working_directory", directory.toString());
    assertEquals(directory.toRealPath().toString(), run(executor));
    Files.delete(directory);
    assertEquals(
        "cannot run \"pwd\": executor.working_directory: \"" + directory + "\" is not a directory",
        unavailable(executor));
  }

  @Test
  void the_script_that_the_program_interprets_is_removed() throws Exception {
    Path script = Files.writeString(folder.resolve("run.sh"), "echo \"$1\"; exit $2\n");
    ShellCommand well = command("sh -u " + script + " done 0");
    ShellCommand ill = command("sh -u " + script + " done 2");
    assertEquals("done", run(well));
    assertEquals("exit status 2", failed(ill));

    Files.delete(script);

    assertEquals("cannot run \"sh\": the file \"" + script + "\" is gone", unavailable(well));
    assertEquals("cannot run \"sh\": the file \"" + script + "\" is gone", unavailable(ill));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timeout 60 ./run.sh",
        "nice -n 5 ./run.sh",
        "env A=1 ./run.sh",
        "sh -o noglob run.sh",
        "env A=1 nice -n 5 sh -u ./run.sh input.json"
      })
  void a_script_behind_other_words_is_removed(String words) throws Exception {
    program("run.sh", "#!/bin/sh\nexit $(cat status)\n");
    Files.writeString(folder.resolve("status"), "0");
    ShellCommand executor = command(words, "working_directory", folder.toString());
    assertEquals("", run(executor));
    Files.writeString(folder.resolve("status"), "3");
    assertEquals("exit status 3", failed(executor));

    Files.delete(folder.resolve("run.sh"));

    String message = unavailable(executor);
    String program = words.substring(0, words.indexOf(' '));
    assertTrue(message.startsWith("cannot run \"" + program + "\": the file \""), message);
    assertTrue(message.endsWith("run.sh\" is gone"), message);
  }

  /** A word that was no file at the start says nothing, and neither does one that is one still. */
  @Test
  void other_words_than_files_that_have_gone_say_nothing() throws Exception {
    program("run.sh", "#!/bin/sh\nexit 4\n");
    String words = "nice -n 5 ./run.sh output.json run.sh";
    assertEquals("exit status 4", failed(command(words, "working_directory", folder.toString())));
  }

  @Test
  void a_success_is_one_though_the_program_removes_itself() throws Exception {
    Path program = program("run", "#!/bin/sh\nrm \"$0\"; echo done\n");
    assertEquals("done", run(command(program.toString())));
  }

  /** What a job's own script cannot find, or will not do, is the job's failure. */
  @Test
  void statuses_of_a_shell_that_finds_nothing_are_the_commands_own() throws Exception {
    assertTrue(failed(shell("no-such-program-x")).startsWith("exit status 127: "));
    assertEquals("exit status 126", failed(shell("exit 126")));
    assertEquals("exit status 127: x: choom: y", failed(shell("echo x: choom: y >&2; exit 127")));
    assertEquals(
        "exit status 127: choom: failed to execute y: No such file or directory",
        failed(shell("choom -n 600 -- y")));
    assertEquals(
        "exit status 127: setsid: failed to execute y: No such file or directory",
        failed(shell("setsid -w y")));
    Path script = Files.writeString(folder.resolve("other"), "no-such-program-x");
    assertTrue(failed(command("sh " + script)).startsWith("exit status 127: "));
  }

  @Test
  void a_program_whose_start_fails_for_another_reason_tells_it() throws Exception {
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    Path program = program("run", "#!" + loop + "\n");
    String message = unavailable(command(program.toString()));
    assertEquals("cannot run \"" + program + "\": Too many levels of symbolic links", message);
  }
}
