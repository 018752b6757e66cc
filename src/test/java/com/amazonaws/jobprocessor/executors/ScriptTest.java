package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A script that is not there is refused at start, where no legal command can be meant. */
class ScriptTest {
  @TempDir Path folder;

  private void configure(String command) {
    new ShellCommand(Map.of("PATH", "/usr/bin:/bin:" + folder.resolve("bin")), 0)
        .configure(Map.of("command", command, "working_directory", folder.toString()));
  }

  private String refused(String command) {
    return Thrown.message(IllegalArgumentException.class, () -> configure(command));
  }

  @ParameterizedTest
  @CsvSource({
    "python3 run.py, run.py",
    "/usr/bin/python3.13 -u -OO run.py in.py, run.py",
    "python run, run",
    "pypy3 run.py, run.py",
    "timeout -k 5 60s python3 run.py, run.py",
    "env A=1 B= nice -n 5 bash -eu ./run.sh, ./run.sh",
    "sh -- run.sh, run.sh",
    "perl -w run.pl, run.pl",
    "ruby /opt/run.rb, /opt/run.rb",
    "node run.mjs, run.mjs",
    "java -Xmx1g -jar run.jar a, run.jar"
  })
  void the_script_of_a_command(String command, String script) {
    assertEquals(script, Script.in(Words.of(command)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat run.py",
        "./run.py out.py",
        "python3",
        "python3 -c print(1) run.py",
        "python3 -m http.server run.py",
        "python3 -W ignore run.py",
        "python3 - run.py",
        "bash -c 'echo 1' run.sh",
        "bash -s run.sh",
        "sh -o noglob run.sh",
        "env -C /opt python3 run.py",
        "env PATH=/opt bash run.sh",
        "timeout 60 ssh host python3 run.py",
        "timeout -s TERM 60 python3 run.py",
        "docker run image python3 run.py",
        "node inspect",
        "node .",
        "java -cp run.jar Main -jar other.jar",
        "java Main"
      })
  void where_it_is_not_certain_there_is_none(String command) {
    assertNull(Script.in(Words.of(command)));
  }

  @Test
  void a_missing_script_is_refused_with_the_folder_that_was_looked_into() {
    assertEquals(
        "executor.command: there is no file \"nofile.sh\" in "
            + folder
            + "; give the path of the script that \"sh\" is to run",
        refused("sh nofile.sh"));
    assertEquals(
        "executor.command: there is no file \"/no/such/run.sh\""
            + "; give the path of the script that \"env\" is to run",
        refused("env A=1 sh /no/such/run.sh"));
  }

  @Test
  void the_process_that_stays_needs_its_script_as_well() {
    assertEquals(
        "executor.command: there is no file \"/no/such/run.sh\""
            + "; give the path of the script that \"sh\" is to run",
        Thrown.message(
            IllegalArgumentException.class,
            () -> new PersistentCommand().configure(Map.of("command", "sh /no/such/run.sh"))));
  }

  @Test
  void a_script_that_is_there_or_that_a_shell_finds_in_PATH_is_accepted() throws Exception {
    Files.writeString(folder.resolve("here.sh"), "");
    Files.createDirectory(folder.resolve("package")); // Python runs its __main__.py
    Files.writeString(Files.createDirectory(folder.resolve("bin")).resolve("there"), "");
    assertDoesNotThrow(() -> configure("sh here.sh out.txt"));
    assertDoesNotThrow(() -> configure("sh package"));
    assertDoesNotThrow(() -> configure("sh there"));
    assertDoesNotThrow(() -> configure("sh -c 'cat > nofile.sh' nofile.sh"));
  }
}
