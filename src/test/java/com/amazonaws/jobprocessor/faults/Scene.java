package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.testkit.Call;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.Fault;
import com.amazonaws.jobprocessor.testkit.FaultyProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Jobs in a queue, workers on it, and the faults that befall them. */
final class Scene implements AutoCloseable {
  /** No wait of a scene is longer. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Servers servers;
  private final Path folder;
  private final boolean table;
  private final String name;
  private final List<DaemonProcess> workers = new ArrayList<>();
  private final List<DaemonProcess> gone = new ArrayList<>();
  private final Jobs jobs;
  private final List<Long> secondsToSpare = new ArrayList<>();

  /**
   * Fresh queues.
   *
   * @param table true for workers with a job table
   */
  Scene(Servers servers, Path folder, boolean table) throws IOException {
    this.servers = servers;
    this.folder = folder;
    this.table = table;
    this.name = "scene-" + servers.scenes().incrementAndGet();
    this.jobs = new Jobs(servers.sqs(), todo());
    servers.clear();
    for (String queue : List.of(todo(), done(), dead())) {
      servers.sqs().createQueue(queue);
    }
    writeJar(Files.createDirectories(folder.resolve("lib")));
  }

  private static void writeJar(Path lib) throws IOException {
    String entry = RecordingExecutor.class.getName().replace('.', '/') + ".class";
    try (InputStream in = RecordingExecutor.class.getClassLoader().getResourceAsStream(entry);
        OutputStream file = Files.newOutputStream(lib.resolve("recording.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry(entry));
      in.transferTo(jar);
    }
  }

  String todo() {
    return name + "-todo";
  }

  String done() {
    return name + "-done";
  }

  String dead() {
    return name + "-dead";
  }

  FaultyProxy sqs() {
    return servers.sqs().proxy();
  }

  FaultyProxy dynamo() {
    return servers.dynamo().proxy();
  }

  boolean hasTable() {
    return table;
  }

  /** The jobs that are sent. */
  Jobs jobs() {
    return jobs;
  }

  /** Starts a worker and does not wait for it. */
  DaemonProcess start() {
    return start(5, daemon -> daemon);
  }

  /** As above, with another {@code drain_timeout_in_secs} and environment. */
  DaemonProcess start(int drainSecs, UnaryOperator<DaemonProcessBuilder> environment) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "job_backlog_queue_name=" + todo(),
                "results_queue_name=" + done(),
                "dead_letter_queue_name=" + dead(),
                "job_executor=" + RecordingExecutor.class.getName(),
                "executor.register=" + folder.resolve("register"),
                "expected_job_execution_time_in_secs=1",
                "job_failure_retries=2",
                "concurrency=4",
                "poll_rate_per_min=60000",
                "drain_timeout_in_secs=" + drainSecs));
    if (table) {
      settings.add("job_table_name=" + name);
    }
    DaemonProcess worker =
        environment
            .apply(
                DaemonProcess.builder()
                    .sqs(servers.sqs().endpoint())
                    .set("AWS_ENDPOINT_URL_DYNAMODB", servers.dynamo().endpoint().toString())
                    .set("JOB_PROCESSOR_LIB", folder.resolve("lib").toString())
                    .userData(settings.toArray(String[]::new)))
            .start();
    workers.add(worker);
    return worker;
  }

  List<DaemonProcess> start(int count) {
    List<DaemonProcess> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(start());
    }
    return started;
  }

  void kill(DaemonProcess worker) {
    worker.sigkill();
    bury(worker);
  }

  /** Stops a worker as systemd does. */
  void stop(DaemonProcess worker) throws InterruptedException {
    // Until the JVM has begun main, SIGTERM ends it as it ends any program.
    worker.awaitLine("taking jobs", PATIENCE);
    worker.sigterm();
    int status = worker.awaitExit(PATIENCE);
    if (status != 0) {
      throw new BrokenPromise("a stopped worker ended with " + status);
    }
    bury(worker);
  }

  private void bury(DaemonProcess worker) {
    workers.remove(worker);
    gone.add(worker);
  }

  /** Starts a worker for each that has died. */
  void replaceDead() {
    for (DaemonProcess worker : List.copyOf(workers)) {
      if (!worker.isAlive()) {
        bury(worker);
        start();
      }
    }
  }

  DaemonProcess anyWorker(Random random) {
    return workers.get(random.nextInt(workers.size()));
  }

  DaemonProcess oldestWorker() {
    return workers.getFirst();
  }

  /** Kills a worker, the only one, at the very call that the fault holds. */
  void killAt(Fault held) throws InterruptedException {
    DaemonProcess victim = start();
    try {
      held.awaitHit(PATIENCE);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + String.join("\n", victim.out()), e);
    }
    kill(victim);
    held.release();
  }

  /** Messages that nobody else can have at this moment. */
  int invisible() {
    return servers.sqs().counts(todo()).notVisible();
  }

  /** A worker was drained for a notice, so long before the time named. */
  void noticed(long seconds) {
    secondsToSpare.add(seconds);
  }

  /** How early each worker was drained for its notice. */
  List<Long> secondsToSpare() {
    return secondsToSpare;
  }

  /** Waits until so many jobs have ended, those counted that ended twice, or none is left. */
  void awaitEnds(int count) throws InterruptedException {
    waitUntil(
        "the first " + count + " ends",
        () -> ends() >= count || servers.sqs().counts(todo()).total() == 0);
  }

  private int ends() {
    List<Call> results = callsOn(done(), "SendMessageBatch");
    return servers.sqs().counts(done()).total()
        + servers.sqs().counts(dead()).total()
        + Evidence.packedBeyondTheFirst(results);
  }

  private List<Call> callsOn(String queue, String action) {
    return sqs().calls(action).stream().filter(call -> call.queue().equals(queue)).toList();
  }

  /** Waits until every job has ended. */
  void awaitNoBacklog() throws InterruptedException {
    waitUntil("the backlog's end", () -> servers.sqs().counts(todo()).total() == 0);
  }

  /** Throws away all ends so far. */
  void emptyOutlets() {
    List.of(done(), dead())
        .forEach(
            queue ->
                servers.sqs().client().purgeQueue(r -> r.queueUrl(servers.sqs().urlOf(queue))));
  }

  /** What is waited for. */
  interface Condition {
    boolean holds();
  }

  void waitUntil(String what, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      replaceDead();
      if (System.nanoTime() - end > 0) {
        throw new BrokenPromise("waited " + PATIENCE.toSeconds() + " s for " + what);
      }
      Thread.sleep(20);
    }
  }

  /** Ends all faults, lets two workers finish, stops them, and says what became of the jobs. */
  Register.Verdict finish() throws Exception {
    sqs().clear();
    dynamo().clear();
    sqs().up();
    dynamo().up();
    replaceDead();
    while (workers.size() < 2) {
      start();
    }
    awaitNoBacklog();
    for (DaemonProcess worker : List.copyOf(workers)) {
      stop(worker);
    }
    Evidence evidence = new Evidence(jobs).runs(folder.resolve("register"));
    if (table) {
      evidence.recorded(dynamo().calls("UpdateItem"));
    } else {
      evidence.deleted(callsOn(todo(), "DeleteMessageBatch"));
    }
    return evidence.outlets(servers.sqs(), done(), dead()).verdict();
  }

  /** The job's id and the end of the handle: enough to tell deliveries apart. */
  private String readable(String handle) {
    return jobs.nameOf(Evidence.messageId(handle))
        + "#"
        + handle.substring(Math.max(0, handle.length() - 4));
  }

  /** Keeps what the workers have said, for whoever wants to know what happened. */
  void writeLogs() throws IOException {
    List<DaemonProcess> all = new ArrayList<>(gone);
    all.addAll(workers);
    for (DaemonProcess worker : all) {
      List<String> lines = new ArrayList<>(worker.out());
      lines.addAll(worker.err());
      Files.write(folder.resolve("worker-" + worker.pid() + ".log"), lines);
    }
    List<String> calls = new ArrayList<>();
    sqs()
        .calls()
        .forEach(
            call ->
                calls.add(
                    call.arrivedNanos()
                        + " "
                        + call
                        + " answered="
                        + call.answeredNanos()
                        + " visibility="
                        + call.visibilitySeconds()
                        + " "
                        + call.receiptHandles().stream().map(this::readable).toList()));
    dynamo()
        .calls()
        .forEach(call -> calls.add(call.arrivedNanos() + " " + call + " " + call.request()));
    calls.sort(null);
    Files.write(folder.resolve("calls.log"), calls);
  }

  @Override
  public void close() {
    workers.forEach(DaemonProcess::close);
    gone.forEach(DaemonProcess::close);
    servers.clear();
  }
}
