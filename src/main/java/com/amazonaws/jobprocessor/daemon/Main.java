package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Redactor;
import com.amazonaws.jobprocessor.logging.Journal;
import com.amazonaws.jobprocessor.logging.LogSetup;
import com.amazonaws.jobprocessor.machine.Box;
import com.amazonaws.jobprocessor.machine.Home;
import com.amazonaws.jobprocessor.machine.Instance;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import com.amazonaws.jobprocessor.systemd.Heartbeat;
import com.amazonaws.jobprocessor.systemd.Status;
import com.amazonaws.jobprocessor.systemd.Systemd;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program: {@code bin/job-processor}. */
public final class Main {
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private volatile @Nullable JobProcessor processor;
  private volatile boolean ending;

  private Main() {}

  public static void main(String[] args) {
    int status = new Main().run(args);
    System.out.flush();
    System.exit(status);
  }

  private int run(String[] args) {
    AwsAccess.forbidImdsV1();
    try {
      CommandLine commandLine = CommandLine.parse(args);
      switch (commandLine.action()) {
        case HELP -> System.out.print(Help.text());
        case VERSION -> System.out.println("job-processor " + Help.version());
        case CHECK -> check(commandLine);
        case RUN -> {
          AwsAccess.warmUp(System.getenv());
          return work(commandLine);
        }
      }
      return 0;
    } catch (StartRefused e) {
      Journal.ours().printRefusal(e.lines(), System.err);
      return e.status();
    } catch (InterruptedException e) {
      return 0; // stopped before the start was done
    } catch (RuntimeException | Error e) {
      JobProcessor.die(e); // the other threads would go on, and nobody would stop them
      return 1;
    } finally {
      ending = true;
    }
  }

  private void check(CommandLine commandLine) throws StartRefused, InterruptedException {
    try (Instance instance = Wiring.instance(System.getenv(), stopRequested)) {
      Check.run(new Preparation(commandLine, home(), instance), System.out);
    }
  }

  private int work(CommandLine commandLine) throws StartRefused, InterruptedException {
    handleSignals();
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
    Logger log = LoggerFactory.getLogger(Main.class);
    LogSetup.redact(new Redactor(configuration.secrets())::redact);
    LoadedExecutor executor = preparation.executor(configuration);
    configuration.warnings().forEach(log::warn);
    String region = preparation.region(configuration);
    return new JobProcessor(new Prepared(configuration, region, Box.of(instance), home, executor));
  }

  private static Home home() {
    return Home.of(System.getenv(), System.getProperty("jobprocessor.home", "."));
  }

  private void handleSignals() {
    for (String name : new String[] {"TERM", "INT", "HUP"}) {
      sun.misc.Signal.handle(new sun.misc.Signal(name), _ -> onSignal());
    }
  }

  /** The first signal asks for a stop, the second ends the process. */
  private void onSignal() {
    if (stopRequested.getCount() == 0) {
      Runtime.getRuntime().halt(1);
    }
    stopRequested.countDown();
    JobProcessor running = processor;
    if (running != null) {
      running.requestStop(0);
    }
  }

  /** A job called System.exit. Do not drain: that job is blocked in this very hook. */
  private void onExit() {
    if (!ending) {
      LoggerFactory.getLogger(Main.class).error("a job has called System.exit: the worker dies");
      Runtime.getRuntime().halt(1);
    }
  }
}
