package com.amazonaws.jobprocessor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("long")
@Timeout(120)
class EmulatorsIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static DaemonProcess start(String... arguments) {
    List<String> line = new ArrayList<>();
    line.add("--enable-native-access=ALL-UNNAMED");
    line.add(
        "-Dtestkit.dynamodb-local=" + Checkout.root().resolve("testkit/dynamodb-local/target/lib"));
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(Emulators.class.getName());
    line.addAll(List.of(arguments));
    return DaemonProcess.builder()
        .command(Path.of(System.getProperty("java.home"), "bin", "java"))
        .arguments(line.toArray(String[]::new))
        .start();
  }

  private static void assertEndpoint(String name, String line) {
    assertTrue(line.matches(name + "=http://127\\.0\\.0\\.1:\\d+"), line);
  }

  @Test
  void the_program_says_where_sqs_is_and_ends_with_its_input() throws Exception {
    try (DaemonProcess program = start()) {
      assertEquals(0, program.awaitExit(SOON), program.toString());
      assertEquals(2, program.out().size(), program.toString());
      assertEndpoint("SQS_ENDPOINT", program.out().getFirst());
      assertEquals("READY", program.out().getLast());
    }
  }

  @Test
  void it_says_where_all_three_are_before_it_is_ready() throws Exception {
    try (DaemonProcess program = start("--dynamodb", "--s3", "a-bucket")) {
      assertEquals(0, program.awaitExit(SOON), program.toString());
      assertEquals(4, program.out().size(), program.toString());
      assertEndpoint("SQS_ENDPOINT", program.out().get(0));
      assertEndpoint("DYNAMODB_ENDPOINT", program.out().get(1));
      assertEndpoint("S3_ENDPOINT", program.out().get(2));
    }
  }
}
