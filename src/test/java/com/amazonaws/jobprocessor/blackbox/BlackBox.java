package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Call;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.FaultyProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * An SQS of its own for each test, with the default queues, and daemons that run a {@link
 * ScriptedExecutor}.
 */
abstract class BlackBox {
  static final String BACKLOG = "SQS-EC2-Queue-Todo";
  static final String RESULTS = "SQS-EC2-Queue-Results";
  static final String DEAD_LETTERS = "SQS-EC2-Queue-Dead-letter";
  static final Duration SOON = Duration.ofSeconds(60);
  static final String EXECUTOR = "job_executor=" + ScriptedExecutor.class.getName();

  @TempDir Path folder;
  final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final List<DaemonProcess> daemons = new ArrayList<>();

  @BeforeEach
  void makeQueuesAndJar() throws IOException {
    for (String queue : List.of(BACKLOG, RESULTS, DEAD_LETTERS)) {
      sqs.createQueue(queue);
    }
    jar(ScriptedExecutor.class, Files.createDirectories(folder.resolve("lib")));
  }

  /** A test that fails shows what its daemons said and what SQS was asked. */
  @RegisterExtension
  final AfterTestExecutionCallback onFailure =
      context -> {
        if (context.getExecutionException().isPresent()) {
          daemons.forEach(
              d ->
                  System.err.println(d + "\n  " + String.join("\n  ", d.out()) + "\n  " + d.err()));
          proxy().calls().stream()
              .skip(Math.max(0, proxy().calls().size() - 300))
              .forEach(System.err::println);
          System.err.println(sqs.counts(BACKLOG) + " in the backlog, runs: " + runs());
        }
      };

  @AfterEach
  void endAll() {
    daemons.forEach(DaemonProcess::close);
    sqs.close();
  }

  private static void jar(Class<?> type, Path lib) throws IOException {
    String entry = type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getClassLoader().getResourceAsStream(entry);
        OutputStream file = Files.newOutputStream(lib.resolve(type.getSimpleName() + ".jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry(entry));
      in.transferTo(jar);
    }
  }

  FaultyProxy proxy() {
    return sqs.proxy();
  }

  /**
   * A daemon that is not started yet, with the jar of the scripted executor and a state folder that
   * outlives it.
   */
  DaemonProcessBuilder daemon() {
    return DaemonProcess.builder()
        .sqs(sqs.endpoint())
        .set("JOB_PROCESSOR_LIB", folder.resolve("lib").toString())
        .set("STATE_DIRECTORY", folder.resolve("state").toString());
  }

  /** Starts a daemon that runs the scripted executor; to be ended after the test. */
  DaemonProcess start(String... pairs) {
    List<String> all =
        new ArrayList<>(List.of(EXECUTOR, "executor.record=" + folder.resolve("runs.txt")));
    all.addAll(List.of(pairs));
    return start(daemon().userData(all.toArray(String[]::new)));
  }

  DaemonProcess start(DaemonProcessBuilder builder) {
    DaemonProcess daemon = builder.start();
    daemons.add(daemon);
    return daemon;
  }

  /** Starts a daemon as above and waits until it takes jobs. */
  DaemonProcess startAndAwait(String... pairs) throws InterruptedException {
    DaemonProcess daemon = start(pairs);
    daemon.awaitLine("taking jobs", SOON);
    return daemon;
  }

  static List<String> jobs(String text, int count) {
    return IntStream.range(0, count).mapToObj(i -> text + " " + i).toList();
  }

  void awaitResults(int count) {
    await().atMost(SOON).until(() -> sqs.counts(RESULTS).total() >= count);
  }

  void awaitDeadLetters(int count) {
    await().atMost(SOON).until(() -> sqs.counts(DEAD_LETTERS).total() >= count);
  }

  /**
   * Waits until so many messages of the backlog can be received, and all others are gone. The long
   * poll that a drain has cut may have taken one that was given back, on a server that has not
   * noticed yet: then the lease of that has to end first.
   */
  void awaitGivenBack(int count) {
    await()
        .atMost(SOON.multipliedBy(3))
        .until(() -> sqs.counts(BACKLOG).equals(new EmbeddedSqs.Counts(count, 0, 0)));
  }

  /**
   * Nothing of the backlog is hidden, but for what receives may have taken that were cut, or were
   * answered, after a moment of {@link System#nanoTime}: nobody knows what they have brought.
   */
  void assertVisible(long stoppedAt) {
    int unknown =
        proxy().calls("ReceiveMessage").stream()
            .filter(call -> call.queue().equals(BACKLOG))
            .filter(call -> call.answeredNanos() == 0 || call.answeredNanos() - stoppedAt > 0)
            .mapToInt(Call::maxNumber)
            .sum();
    int hidden = sqs.counts(BACKLOG).notVisible();
    assertTrue(hidden <= unknown, () -> hidden + " hidden, " + unknown + " may be");
  }

  void awaitEmptyBacklog() {
    await().atMost(SOON).until(() -> sqs.counts(BACKLOG).total() == 0);
  }

  /** How many results each job has, by job id. */
  Map<String, Long> resultsByJob() {
    return sqs.receiveAll(RESULTS).stream()
        .collect(
            Collectors.groupingBy(m -> text(m, "job_id"), TreeMap::new, Collectors.counting()));
  }

  /** Every job has exactly one result. */
  void assertOneResultEach(List<String> messageIds) {
    Map<String, Long> expected =
        messageIds.stream().collect(Collectors.toMap(id -> id, _ -> 1L, (a, _) -> a, TreeMap::new));
    assertEquals(expected, resultsByJob());
  }

  /** Every run that has begun, as {@code job TAB attempt}. */
  List<String> runs() throws IOException {
    Path file = folder.resolve("runs.txt");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  static String text(Message message, String attribute) {
    var value = message.messageAttributes().get(attribute);
    return value == null ? "" : value.stringValue();
  }
}
