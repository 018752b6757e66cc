package com.amazonaws.jobprocessor.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * A box that cannot run jobs for a while: none of them fails for it, and all are done when it is
 * well again.
 */
@Tag("long")
class SickBoxIT extends BlackBox {
  private static final int JOBS = 20;

  private DaemonProcess start(String executor, String setting) throws Exception {
    DaemonProcess daemon =
        start(
            daemon()
                .userData(
                    "job_executor=" + executor,
                    setting,
                    "concurrency=4",
                    "job_failure_retries=0",
                    "poll_rate_per_min=60000"));
    daemon.awaitLine("taking jobs", SOON);
    return daemon;
  }

  private void awaitIllness(DaemonProcess daemon, String why) throws InterruptedException {
    daemon.awaitLine("WARN  executor unavailable; .*" + why, SOON);
    await().atMost(SOON).until(() -> sqs.counts(BACKLOG).visible() > 0);
  }

  /** Each was received more often than it was tried. */
  private void assertAllDoneAtTheFirstAttempt(DaemonProcess daemon) {
    awaitResults(JOBS);
    awaitEmptyBacklog();
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
    Map<String, String> done = new TreeMap<>();
    for (Message result : sqs.receiveAll(RESULTS)) {
      assertEquals("1", text(result, "attempts"), result::toString);
      done.put(result.body(), result.messageId());
    }
    assertEquals(JOBS, done.size());
    assertEquals(1, daemon.count("executor unavailable"), "it is said once");
  }

  private static HttpServer echo(InetSocketAddress address) throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void a_service_that_is_started_later_than_the_worker() throws Exception {
    InetSocketAddress address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = (InetSocketAddress) free.getLocalSocketAddress();
    }
    String url = "http://127.0.0.1:" + address.getPort() + "/";
    DaemonProcess daemon = start("HttpPost", "executor.url=" + url);
    sqs.send(BACKLOG, jobs("job", JOBS));
    awaitIllness(daemon, "cannot connect to " + url);

    HttpServer server = echo(address);
    try {
      assertAllDoneAtTheFirstAttempt(daemon);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_program_that_is_replaced_while_jobs_are_taken() throws Exception {
    Path program = Files.writeString(folder.resolve("run"), "#!/bin/sh\ncat\n");
    assertTrue(program.toFile().setExecutable(true));
    DaemonProcess daemon = start("ShellCommand", "executor.command=" + program);
    Files.delete(program);
    sqs.send(BACKLOG, jobs("job", JOBS));
    awaitIllness(daemon, "there is no program");

    Path next = Files.writeString(folder.resolve("next"), "#!/bin/sh\ncat\n");
    assertTrue(next.toFile().setExecutable(true));
    Files.move(next, program);

    assertAllDoneAtTheFirstAttempt(daemon);
  }

  /**
   * The system refuses the process: for its pipes here, as for memory or for too many processes.
   */
  @Test
  void a_system_that_refuses_to_start_a_process() throws Exception {
    DaemonProcess daemon = start("ShellCommand", "executor.command=cat");
    String before = prlimit(daemon, "--nofile", "--noheadings", "--raw", "--output=SOFT").strip();
    // Enough for one more connection.
    prlimit(daemon, "--nofile=" + (lastDescriptor(daemon) + 4) + ":");
    sqs.send(BACKLOG, jobs("job", JOBS));
    awaitIllness(daemon, "Too many open files");

    prlimit(daemon, "--nofile=" + before + ":");

    assertAllDoneAtTheFirstAttempt(daemon);
  }

  private static int lastDescriptor(DaemonProcess daemon) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "fd"))) {
      return open.mapToInt(file -> Integer.parseInt(file.getFileName().toString()))
          .max()
          .orElseThrow();
    }
  }

  private static String prlimit(DaemonProcess daemon, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("prlimit", "--pid=" + daemon.pid()));
    command.addAll(List.of(options));
    Process limit = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(limit.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, limit.waitFor(), said);
    return said;
  }
}
