package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.lean.LeanSqs;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Redactor;
import com.amazonaws.jobprocessor.logging.JobOutput;
import com.amazonaws.jobprocessor.logging.Journal;
import com.amazonaws.jobprocessor.logging.LogSetup;
import com.amazonaws.jobprocessor.machine.Box;
import com.amazonaws.jobprocessor.machine.Home;
import com.amazonaws.jobprocessor.machine.Instance;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import com.amazonaws.jobprocessor.systemd.Heartbeat;
import com.amazonaws.jobprocessor.systemd.Status;
import com.amazonaws.jobprocessor.systemd.Systemd;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program: {@code bin/job-processor}. */
public final class Main {
  /** How long the last line of a process that somebody ends may take to be written. */
  private static final Duration LAST_LINE = Duration.ofMillis(300);

  /** coreutils' timeout, for one, sends a signal to the process and at once to its group, too. */
  private static final Duration SAME_SIGNAL = Duration.ofMillis(100);

  /** How long the shutdown hooks of executors may take. */
  private static final Duration MAX_HOOKS = Duration.ofSeconds(5);

  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private volatile @Nullable JobProcessor processor;
  private volatile boolean ending;
  private long firstSignal;

  private Main() {}

  public static void main(String[] args) {
    PrintStream out = System.out; // later it may be an executor's, or none
    int status = new Main().run(args);
    endInAnyCase(status);
    out.flush();
    System.exit(status);
  }

  /** A shutdown hook of the executor's, or of a library of its, may never end. */
  private static void endInAnyCase(int status) {
    Runnable end =
        () -> {
          try {
            Thread.sleep(MAX_HOOKS);
            warn(
                "a shutdown hook of the executor's has not ended; the process ends without it",
                status);
          } catch (InterruptedException e) {
            // nobody interrupts it
          } finally {
            Runtime.getRuntime().halt(status);
          }
        };
    Thread.ofPlatform().name("end").daemon().start(end);
  }

  private int run(String[] args) {
    AwsAccess.forbidImdsV1();
    try {
      CommandLine commandLine = CommandLine.parse(args);
      switch (commandLine.action()) {
        case HELP -> System.out.print(Help.text());
        case VERSION -> System.out.println("job-processor " + Help.version());
        case CHECK -> check(commandLine, System.out);
        case RUN -> {
          AwsAccess.warmUp(System.getenv(), LeanSqs::warmUp);
          return work(commandLine);
        }
      }
      return statusOfOutput(System.out);
    } catch (StartRefused e) {
      Journal.ours().printRefusal(e.lines());
      return e.status();
    } catch (InterruptedException e) {
      return 0; // stopped before the start was done
    } catch (RuntimeException | Error e) {
      JobProcessor.die(e); // the other threads would go on, and nobody would stop them
      return 1;
    } finally {
      JobOutput.endAllLines();
      ending = true;
    }
  }

  private void check(CommandLine commandLine, PrintStream out)
      throws StartRefused, InterruptedException {
    if (commandLine.offline()) {
      AwsAccess.forbidMetadata();
    }
    try (Instance instance = Wiring.instance(System.getenv(), stopRequested)) {
      new Check(new Preparation(commandLine, home(), instance), commandLine.offline(), out).run();
    }
  }

  /** Who asked and got no answer, or half of one, is not to take that for a yes. */
  static int statusOfOutput(PrintStream out) {
    if (!out.checkError()) {
      return 0;
    }
    Journal.ours().printRefusal(List.of("cannot write to standard output"));
    return 1;
  }

  private int work(CommandLine commandLine) throws StartRefused, InterruptedException {
    Signals.handle(this::onSignal);
    JobOutput.install();
    Runtime.getRuntime().addShutdownHook(new Thread(this::onExit));
    Optional<Heartbeat> heartbeat;
    JobProcessor made;
    try (Instance instance = Wiring.instance(System.getenv(), stopRequested)) {
      heartbeat = heartbeat(System.getenv(), instance);
      made = prepare(commandLine, instance);
    }
    return work(made, heartbeat);
  }

  /** Sends heartbeats only if systemd listens. */
  private static Optional<Heartbeat> heartbeat(Map<String, String> environment, Instance instance) {
    Optional<Heartbeat> heartbeat =
        Systemd.of(environment)
            .map(
                systemd ->
                    new Heartbeat(
                        systemd,
                        Systemd.watchdog(environment, ProcessHandle.current().pid()),
                        () -> starting(instance)));
    heartbeat.ifPresent(Heartbeat::start);
    return heartbeat;
  }

  /** How a start is that has not come to a worker yet. */
  private static Status starting(Instance instance) {
    String text = instance.isWaiting() ? "waiting for instance metadata" : "starting";
    return new Status(text, List.of(), instance.isWaiting(), null);
  }

  private int work(JobProcessor made, Optional<Heartbeat> heartbeat) throws InterruptedException {
    processor = made;
    if (stopRequested.getCount() == 0) {
      made.requestStop(0);
    }
    made.start();
    heartbeat.ifPresent(beats -> beats.ready(made::status, made::toOneLine));
    made.awaitStopRequest();
    heartbeat.ifPresent(Heartbeat::stopping);
    int status = made.stop();
    heartbeat.ifPresent(Heartbeat::close);
    return status;
  }

  /** Reads the settings, loads the executor, wires the worker. */
  static JobProcessor prepare(CommandLine commandLine, Instance instance)
      throws StartRefused, InterruptedException {
    Home home = home();
    Preparation preparation = new Preparation(commandLine, home, instance);
    Configuration configuration = preparation.configuration();
    if (configuration.problems().isEmpty()) {
      LogSetup.level(configuration.settings().logLevel().name());
    }
    LogSetup.redact(new Redactor(configuration.secrets())::redact);
    LoadedExecutor executor = preparation.executor(configuration);
    configuration.warnings().forEach(log()::warn);
    String region = preparation.region(configuration);
    return new JobProcessor(new Prepared(configuration, region, Box.of(instance), home, executor));
  }

  private static Home home() {
    return Home.of(System.getenv(), System.getProperty("jobprocessor.home", "."));
  }

  /**
   * The first signal asks for a stop, the second ends the process; each comes on a thread of its
   * own.
   */
  private synchronized void onSignal() {
    if (stopRequested.getCount() > 0) {
      firstSignal = System.nanoTime();
    } else if (System.nanoTime() - firstSignal >= SAME_SIGNAL.toNanos()) {
      endAtOnce();
    }
    stopRequested.countDown();
    JobProcessor running = processor;
    if (running != null) {
      running.requestStop(0);
    }
  }

  private static void endAtOnce() {
    try {
      warn("second signal: ending at once; SQS delivers again what is unsettled", 1);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private static void warn(String lastLine, int status) {
    LastLine.say(() -> log().warn(lastLine), LAST_LINE, status);
  }

  /** Made when there is something to be said: a start that goes well reads the settings first. */
  private static Logger log() {
    return LoggerFactory.getLogger(Main.class);
  }

  /** A job called System.exit. Do not drain: that job is blocked in this very hook. */
  private void onExit() {
    if (ending) {
      return;
    }
    try {
      LastLine.say(this::sayWhoExits, JobProcessor.LAST_LINE, 1);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private void sayWhoExits() {
    JobProcessor running = processor;
    if (running == null) {
      log().error("the executor called System.exit while it was being loaded: the worker dies");
    } else {
      log()
          .atError()
          .addKeyValue("job_id", running.runningJobs().exiting().orElse("unknown"))
          .addKeyValue("running", running.runningJobs())
          .log("a job called System.exit: the worker dies, and with it the jobs that run");
    }
  }
}
