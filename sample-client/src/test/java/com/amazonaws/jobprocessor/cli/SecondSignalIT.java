package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who presses Ctrl-C again waits for nothing. */
@Timeout(300)
class SecondSignalIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private Process process;

  @AfterEach
  void close() {
    if (process != null) {
      process.destroyForcibly();
    }
    sqs.close();
  }

  private void submit(Path jobs) throws Exception {
    sqs.createQueue("SQS-EC2-Queue-Todo");
    process =
        ClientProcess.start(
            folder, sqs.endpoint().toString(), Map.of(), "</dev/null", "submit", jobs.toString());
  }

  private void send(String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  private int end() throws Exception {
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it does not end");
    return process.exitValue();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("out")) + Files.readString(folder.resolve("err"));
  }

  @Test
  void it_ends_the_command_at_once() throws Exception {
    Fault silent = sqs.proxy().on("SendMessageBatch").hang().forever();
    submit(Files.writeString(folder.resolve("jobs"), "a\n"));
    silent.awaitHit(PATIENCE);
    send("INT");
    await().atMost(PATIENCE).until(() -> said().contains("a call that is under way"));

    send("TERM");

    assertEquals(143, end(), said());
    assertTrue(said().contains("second signal: ending at once"), said());
    assertFalse(said().contains("submitted"), "it has waited for the call: " + said());
  }

  /** It takes as long as others like. */
  @Test
  void a_pipe_that_nobody_writes_into_is_not_waited_for() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Fault asked = sqs.proxy().on("GetQueueUrl").delay(Duration.ZERO).forever();
    submit(pipe);
    asked.awaitHit(PATIENCE);

    send("INT");

    assertEquals(130, end(), said());
    assertTrue(said().contains("sample-client: interrupted"), said());
  }
}
