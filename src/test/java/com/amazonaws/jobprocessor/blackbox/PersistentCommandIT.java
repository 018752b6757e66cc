package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** A user's program in Python, with all that may be wrong with one. */
@Tag("long")
class PersistentCommandIT extends BlackBox {
  private static final String PROGRAM =
      """
      import json, os, resource, signal, subprocess, sys, time

      def note(pid):
          with open("pids.txt", "a") as file:
              file.write(f"{pid}\\n")

      note(os.getpid())
      for line in sys.stdin:
          job = json.loads(line)
          body = job["body"]
          if body == "crash":
              sys.exit("no luck with " + job["job_id"])
          if body == "signal":
              os.kill(os.getpid(), 11)
          if body == "leak":
              resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))
              hoard = [bytearray(1 << 24) for _ in range(1000)]
          if body == "noise":
              print("working on it ...")
          if body == "twice":
              print(json.dumps({"result": "once"}) + "\\n" + json.dumps({"result": "twice"}))
              continue
          if body == "flood":
              while True:
                  sys.stderr.write("x" * 65536)
          if body == "endless":
              while True:
                  sys.stdout.write("x" * 65536)
          if body == "bad":
              print(json.dumps({"error": "there is no such thing", "permanent": True}))
              continue
          if body == "orphan":
              note(subprocess.Popen(["sleep", "1000"]).pid)
              os._exit(7)
          if body == "closes":
              os.close(1)
              time.sleep(1000)
          if body == "bytes":
              sys.stdout.buffer.write(b'{"result":"\\xff"}\\n')
              sys.stdout.buffer.flush()
              continue
          if body == "soon":
              print(json.dumps({"error": "not yet", "retry_after_secs": "soon"}))
              continue
          if body == "unended":
              print(json.dumps({"result": body}), end="", flush=True)
              continue
          if body == "deaf":
              signal.signal(signal.SIGTERM, signal.SIG_IGN)
              note(subprocess.Popen(["sleep", "1000"], start_new_session=True).pid)
              time.sleep(1000)
          if body == "nothing":
              print(json.dumps({"job_id": job["job_id"], "result": None, "more": [{}]}))
              continue
          if body == "wait":
              note(subprocess.Popen(["sleep", "1000"]).pid)
              open("waits", "w").close()
              while not os.path.exists("go"):
                  time.sleep(0.05)
          print("about to answer", file=sys.stderr)
          print(json.dumps({"job_id": job["job_id"], "result": body.upper()}))
          if body == "last":
              sys.exit(0)
      """;

  @BeforeEach
  void writeProgram() throws Exception {
    assumeTrue(hasPython(), "python3 is missing: no program in Python");
    Files.writeString(folder.resolve("program.py"), PROGRAM);
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private DaemonProcess startProgram(String... pairs) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "job_executor=PersistentCommand",
                "executor.command=python3 program.py",
                "executor.working_directory=" + folder));
    all.addAll(List.of(pairs));
    return start(daemon().userData(all.toArray(String[]::new)));
  }

  private void awaitFile(String name) {
    await().atMost(SOON).until(() -> Files.exists(folder.resolve(name)));
  }

  private void assertNoProcessIsLeft() throws IOException {
    List<String> pids = Files.readAllLines(folder.resolve("pids.txt"));
    assertTrue(!pids.isEmpty());
    await()
        .atMost(SOON)
        .until(() -> pids.stream().mapToLong(Long::parseLong).noneMatch(this::isOurs));
  }

  /** A process in that folder: its number may be another's by now. */
  private boolean isOurs(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).equals(folder.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void what_is_wrong_with_one_job_costs_that_job_alone() throws Exception {
    Map<String, String> bad =
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("crash", "CommandEnded"),
                Map.entry("signal", "CommandEnded"),
                Map.entry("leak", "CommandEnded"),
                Map.entry("orphan", "CommandEnded"),
                Map.entry("closes", "CommandEnded"),
                Map.entry("noise", "InvalidAnswer"),
                Map.entry("twice", "InvalidAnswer"),
                Map.entry("bytes", "InvalidAnswer"),
                Map.entry("soon", "InvalidAnswer"),
                Map.entry("flood", "CommandFailed"),
                Map.entry("endless", "ResultTooLarge"),
                Map.entry("bad", "CommandFailedForGood"),
                Map.entry("unended", "JobTimeout"),
                Map.entry("deaf", "JobTimeout"),
                Map.entry("wait", "JobTimeout")));
    DaemonProcess daemon =
        startProgram(
            "concurrency=4",
            "poll_rate_per_min=60000",
            "job_timeout_in_secs=20",
            "job_failure_retries=0",
            "executor.max_jobs_per_process=25");
    List<String> good = new ArrayList<>();
    List<String> some = new ArrayList<>(bad.keySet());
    for (int i = 0; i < 20; i++) {
      good.addAll(sqs.send(BACKLOG, jobs("good " + i, 5)));
      if (i < some.size()) {
        sqs.send(BACKLOG, some.get(i));
      }
      good.addAll(sqs.send(BACKLOG, "last"));
    }
    good.addAll(sqs.send(BACKLOG, "nothing"));

    await()
        .atMost(SOON.multipliedBy(3))
        .until(() -> sqs.counts(DEAD_LETTERS).total() >= bad.size());
    awaitDeadLetters(bad.size());
    awaitResults(good.size());
    awaitEmptyBacklog();

    List<Message> dead = sqs.receiveAll(DEAD_LETTERS);
    Map<String, String> types =
        dead.stream()
            .collect(
                Collectors.toMap(
                    Message::body, m -> text(m, "error_type").replaceFirst(".*\\.", "")));
    assertEquals(bad, types);
    Message crash = dead.stream().filter(m -> m.body().equals("crash")).findAny().orElseThrow();
    assertEquals(
        "the command ended before it answered: exit status 1: no luck with "
            + text(crash, "job_id"),
        text(crash, "error_message"));
    assertOneResultEach(good);
    daemon.awaitLine(
        "WARN  about to answer logger=stderr job_id=" + good.getFirst() + " attempt=1", SOON);
    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));
    assertNoProcessIsLeft();
  }

  @Test
  void a_stop_gives_back_what_runs_and_leaves_no_process() throws Exception {
    DaemonProcess daemon =
        startProgram("concurrency=2", "drain_timeout_in_secs=1", "job_failure_retries=0");
    sqs.send(BACKLOG, "good");
    awaitResults(1);
    sqs.send(BACKLOG, "wait");
    awaitFile("waits");

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    assertNoProcessIsLeft();
    awaitGivenBack(1);
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
  }

  /** Those that do not read on are ended by systemd, with the unit's control group. */
  @Test
  void when_the_worker_is_killed_programs_that_read_on_end() throws Exception {
    DaemonProcess daemon = startProgram("concurrency=2");
    sqs.send(BACKLOG, "wait");
    awaitFile("waits");
    sqs.send(BACKLOG, "good");
    awaitResults(1);
    List<String> programs = Files.readAllLines(folder.resolve("pids.txt"));

    daemon.sigkill();
    Files.createFile(folder.resolve("go"));

    List<Long> pythons =
        programs.stream()
            .map(Long::parseLong)
            .filter(pid -> !pid.equals(sleeper(programs)))
            .toList();
    assertEquals(2, pythons.size());
    await().atMost(SOON).until(() -> pythons.stream().noneMatch(this::isOurs));
    ProcessHandle.of(sleeper(programs)).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** The child of the job that waits is the second to be noted, or the third. */
  private static long sleeper(List<String> pids) {
    return pids.stream()
        .map(Long::parseLong)
        .filter(
            pid ->
                ProcessHandle.of(pid)
                    .flatMap(process -> process.info().command())
                    .orElse("")
                    .endsWith("sleep"))
        .findAny()
        .orElse(-1L);
  }

  @Test
  void a_program_that_cannot_start_costs_no_job_and_is_tried_until_it_can() throws Exception {
    Files.writeString(folder.resolve("program.py"), "import not_there_yet\n" + PROGRAM);
    DaemonProcess daemon = startProgram("concurrency=2", "job_failure_retries=0");
    List<String> ids = sqs.send(BACKLOG, jobs("good", 5));
    daemon.awaitLine(
        "cannot run .*python3.*: it ended before it read a job: exit status 1: .*not_there_yet",
        SOON);
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());

    Files.writeString(folder.resolve("not_there_yet.py"), "");

    awaitResults(5);
    assertOneResultEach(ids);
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
  }

  @Test
  void settings_that_cannot_work_end_the_start() throws Exception {
    DaemonProcess daemon = startProgram("executor.max_jobs_per_process=0");

    assertEquals(78, daemon.awaitExit(Duration.ofSeconds(60)));
    assertEquals(1, daemon.err().size(), daemon.err().toString());
    assertTrue(
        daemon.err().getFirst().contains("executor.max_jobs_per_process: \"0\" is not a whole"),
        daemon.err().toString());
  }
}
