package com.amazonaws.jobprocessor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DaemonProcessIT {

  private static final Duration SOON = Duration.ofSeconds(40);

  @TempDir Path folder;

  @Test
  void it_hears_the_signal_that_asks_it_to_stop() throws Exception {
    try (DaemonProcess process = start("trap 'echo bye; exit 0' TERM; echo up; %s")) {
      assertEquals("up", process.awaitLine("^up$", SOON));
      process.sigterm();
      assertEquals(0, process.awaitExit(SOON));
      assertEquals(List.of("up", "bye"), process.out());
    }
  }

  @Test
  void a_kill_ends_it_with_137_and_may_come_twice() throws Exception {
    try (DaemonProcess process = start("echo up; %s")) {
      process.awaitLine("up", SOON);
      process.sigkill();
      assertEquals(137, process.awaitExit(SOON));
      process.sigkill();
      assertFalse(process.isAlive());
    }
  }

  @Test
  void it_stands_still_and_goes_on() throws Exception {
    try (DaemonProcess process = start("trap 'echo heard' USR1; echo up; while :; do %s; done")) {
      process.awaitLine("up", SOON);
      process.sigstop();
      process.signal("USR1");
      Awaitility.await().atMost(SOON).until(() -> state(process).equals("T"));
      assertEquals(0, process.count("heard"));
      process.sigcont();
      process.awaitLine("heard", SOON);
      process.signal("USR1");
      process.awaitLine("heard", 2, SOON);
    }
  }

  @Test
  void its_two_streams_and_its_status_are_told_apart() throws Exception {
    try (DaemonProcess process = start("echo out; echo err >&2; exit 78")) {
      assertEquals(78, process.awaitExit(SOON));
      assertEquals(List.of("out"), process.out());
      assertEquals(List.of("err"), process.err());
      AssertionError missing =
          assertThrows(AssertionError.class, () -> process.awaitLine("never", SOON));
      assertTrue(missing.getMessage().contains("before it ended"), missing.getMessage());
      assertTrue(missing.getMessage().contains("out"), missing.getMessage());
    }
  }

  @Test
  void its_environment_is_its_own() throws Exception {
    try (DaemonProcess process =
        builder("env; cat")
            .sqs(URI.create("http://127.0.0.1:1"))
            .set("EXTRA", "1")
            .input("given")
            .start()) {
      assertEquals(0, process.awaitExit(SOON));
      Set<String> names = new TreeSet<>();
      process.out().forEach(line -> names.add(line.split("=", 2)[0]));
      names.removeAll(List.of("PWD", "SHLVL", "_", "OLDPWD")); // the shell's own
      assertEquals(
          Set.of(
              "PATH JAVA_HOME AWS_EC2_METADATA_DISABLED AWS_REGION AWS_ACCESS_KEY_ID"
                  .concat(" AWS_SECRET_ACCESS_KEY AWS_ENDPOINT_URL_SQS HOME JOB_PROCESSOR_LIB")
                  .concat(" STATE_DIRECTORY TMPDIR EXTRA given")
                  .split(" ", -1)),
          names);
      assertTrue(Files.isDirectory(process.lib()));
      assertEquals(process.state().toString(), process.environment().get("STATE_DIRECTORY"));
    }
  }

  @Test
  void with_instance_metadata_it_has_no_credentials_of_its_own() throws Exception {
    try (DaemonProcess process = builder("env").imds(URI.create("http://127.0.0.1:1")).start()) {
      assertEquals(0, process.awaitExit(SOON));
      assertEquals(1, process.count("^AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1$"));
      assertEquals(2, process.count("^AWS_ENDPOINT_URL_(EC2|AUTO_SCALING)=http://127.0.0.1:9$"));
      assertEquals(3, process.count("^AWS_"));
    }
  }

  @Test
  void much_output_does_not_block_it() throws Exception {
    try (DaemonProcess process = start("seq 1 200000; seq 1 200000 >&2; echo end")) {
      assertEquals(0, process.awaitExit(Duration.ofSeconds(30)));
      assertEquals("end", process.out().getLast());
      assertEquals(Lines.REMEMBERED, process.err().size());
    }
  }

  @Test
  void its_processor_time_is_measured() throws Exception {
    try (DaemonProcess process = start("echo up; while :; do :; done")) {
      process.awaitLine("up", SOON);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> process.cpuTime().compareTo(Duration.ofMillis(100)) > 0);
    }
  }

  @Test
  void closing_it_ends_its_children_and_removes_its_folders() throws Exception {
    endsWithItsChildren("sleep 1000 & echo child $!; %s");
  }

  @Test
  void closing_it_ends_the_children_that_it_has_left_behind() throws Exception {
    endsWithItsChildren("sleep 1000 & echo child $!");
  }

  private void endsWithItsChildren(String script) throws Exception {
    long child;
    Path state;
    try (DaemonProcess process = start(script)) {
      child = Long.parseLong(process.awaitLine("^child ", SOON).substring("child ".length()));
      state = process.state();
      assertTrue(ProcessHandle.of(child).orElseThrow().isAlive());
    }
    Awaitility.await()
        .atMost(SOON)
        .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    assertFalse(Files.exists(state));
  }

  /** A script; {@code %s} in it waits for ever and hears signals. */
  private DaemonProcess start(String script) throws IOException {
    return builder(script.replace("%s", "sleep 1000 & wait $!")).start();
  }

  private DaemonProcessBuilder builder(String script) throws IOException {
    Path file = Files.writeString(folder.resolve("script"), "#!/bin/bash\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return DaemonProcess.builder().command(file);
  }

  /** {@code T} when it is stopped. */
  private static String state(DaemonProcess process) throws IOException {
    try (Stream<String> status = Files.lines(Path.of("/proc", process.pid() + "", "status"))) {
      return status
          .filter(line -> line.startsWith("State:"))
          .map(line -> line.substring("State:".length()).strip().substring(0, 1))
          .findFirst()
          .orElse("");
    }
  }
}
