package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Redactor;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run-local}: runs a workload in this process. */
@Command(
    name = "run-local",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs each line of a file, or of standard input, as a job in this process, without a"
          + " queue.",
      "Executors, settings, retries, time limits and failures are those of a worker, whose "
          + "code it is. Prints each result as it comes; then, on standard error, the time, the "
          + "jobs a second and, for the executor Sleep, the efficiency: ideal time / time, the "
          + "ideal time being that of the sleeps alone. The job of line N has the id local-N. "
          + "What an executor prints goes to standard error.",
      "Ctrl-C interrupts the jobs that run, and says what was done.",
      "",
      "The old clients' spelling is understood: -s LOCAL -t THREADS -w FILE. With -s and "
          + "the name of a queue (or QUEUE for the default one) the same workload goes through "
          + "the queue: see -s."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every job has a result",
      "1:something went wrong, or a line can be no job; standard error says what",
      "2:the command line, the settings or the executor are invalid",
      "3:every job has ended, but some lines cannot be jobs (--skip-bad)",
      "4:every job has ended, some without a result; with --compare, some end differently",
      "130, 143:stopped by Ctrl-C or SIGTERM, after saying what was done"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client generate -t 1000 -v 10 > short.txt",
      "  sample-client run-local -t 4 -w short.txt > results.txt",
      "  sample-client run-local --compare old.jar new.jar --executor org.example.Mine jobs.txt",
      "  sample-client run-local --lib my.jar --executor org.example.Mine jobs.txt",
      "  seq 9 | sample-client run-local --user-data 'job_executor=ShellCommand,executor.command=wc -c'"
    })
final class RunLocal extends Subcommand {
  private static final String LOCAL = "LOCAL";
  private static final String DEFAULT_QUEUE = "QUEUE";

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "the same as -w FILE")
  private String parameter;

  @Option(
      names = {"-s", "--source"},
      paramLabel = "LOCAL|QUEUE",
      defaultValue = LOCAL,
      description =
          "LOCAL (default): here. Else a backlog queue's name, or QUEUE for the default one: "
              + "the jobs are submitted to it, and their results waited for, as the command run "
              + "does; the workers then decide on threads, executor and settings, so that of the "
              + "other options only -w, --json and --skip-bad count")
  private String source;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "THREADS",
      defaultValue = "0",
      description =
          "how many jobs run at the same time, 1 to 1,000 (default: concurrency of the user data, else"
              + " the number of processors)")
  private int threads;

  @Option(
      names = {"-w", "--workload"},
      paramLabel = "FILE",
      description = "file of jobs, a line each; - (default) is standard input")
  private String workload;

  @Mixin private LocalSettings settings;

  @Option(
      names = "--print",
      paramLabel = "WHAT",
      defaultValue = "RESULTS",
      description =
          "what to print of each result: results (default; id, TAB, result, control characters"
              + " escaped and each backslash doubled), lines (the result alone, as it is), ids, none")
  private LocalPrinter.What print;

  @Option(
      names = "--json",
      description =
          "print results and dead letters as JSON objects, a line each; the summary on standard error as"
              + " well")
  private boolean json;

  @Option(
      names = "--skip-bad",
      description =
          "leave out lines that cannot be jobs, and run the others (exit status 3). Without it "
              + "no line of a file with such lines is run, and of a pipe none from the first one on")
  private boolean skipBad;

  @Option(names = "--trace", description = "print the stack trace of each attempt that failed")
  private boolean trace;

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "JAR",
      description =
          "--compare OLD.jar NEW.jar: run the workload with the executor of one jar, then of "
              + "the other (a folder of jars will do), print whose results or errors differ, and a "
              + "table of the times")
  private List<Path> compare = List.of();

  @Override
  public Integer call() throws Exception {
    if (!source.equals(LOCAL)) {
      return runThroughQueue();
    }
    if (settings.readsStandardInput() && Input.isStandardInput(file())) {
      throw wrong("--user-data-file: standard input has the jobs; give a file for one of them");
    }
    if (isGiven("--threads")) {
      checkRange("-t", threads, 1, 1_000, "");
    }
    // A stop waits for what is said at the end as well.
    try (Halt.UnderWay _ = stop().callUnderWay()) {
      return compare.isEmpty() ? runHere() : compare();
    } catch (LocalSettings.Refused e) {
      e.lines().forEach(this::say);
      return CommandLine.ExitCode.USAGE;
    }
  }

  /** As the old client did: the command run does it. */
  private int runThroughQueue() {
    List<String> arguments = new ArrayList<>();
    if (!source.equals(DEFAULT_QUEUE)) {
      arguments.add(Queues.BACKLOG + "=" + source);
    }
    if (json) {
      arguments.add("--json");
    }
    if (skipBad) {
      arguments.add("--skip-bad");
    }
    arguments.add(file());
    return another("run", arguments);
  }

  private String file() {
    if (workload != null && parameter != null) {
      throw wrong("-w " + workload + " and " + parameter + ": give one file of jobs, not two");
    }
    String file = workload == null ? parameter : workload;
    return file == null ? "-" : file;
  }

  private int runHere() throws Exception {
    Configuration configuration = settings.read(stop());
    Settings.Executor wanted = configuration.settings().executor();
    try (JarFolder jars = settings.jars(this);
        InputStream in = Input.open(file());
        LoadedExecutor executor = LocalSettings.load(wanted, jars.folder())) {
      Settings.Work work = work(configuration.settings().work(), threads);
      boolean sleeps = isSleep(wanted);
      LocalBacklog backlog = new LocalBacklog();
      LocalTally tally = new LocalTally();
      LocalReport report = new LocalReport(this, file(), tally, json);
      LocalWorker worker = worker(configuration, work, executor, backlog, report);
      if (!skipBad) {
        LinePump.check(file(), stop(), report::badLine);
      }
      LinePump pump = new LinePump(in, backlog, skipBad, report::badLine);
      pump.start();
      LocalRun.End end;
      try (Terminal.Progress progress = progress()) {
        end = LocalRun.run(worker, backlog, stop(), new Steps(progress, tally));
      }
      out().flush();
      report.summarize(new LocalSummary(tally, work.concurrency(), sleeps));
      return report.status(end, worker, backlog, pump, skipBad);
    }
  }

  private int compare() throws Exception {
    if (Input.isStandardInput(file())) {
      throw wrong("--compare: the jobs are read twice; give a file");
    }
    if (compare.size() != 2) {
      throw wrong("--compare: give two jars, OLD.jar NEW.jar");
    }
    Configuration configuration = settings.read(stop());
    Settings.Work work = work(configuration.settings().work(), threads);
    if (!skipBad) {
      LinePump.check(
          file(), stop(), new LocalReport(this, file(), new LocalTally(), json)::badLine);
    }
    return new Comparison(this, configuration, work, file(), json)
        .run(compare.get(0), compare.get(1));
  }

  static boolean isSleep(Settings.Executor executor) {
    return executor.className().equals("com.amazonaws.jobprocessor.executors.Sleep");
  }

  /** The same with another number of threads, if one is given. */
  static Settings.Work work(Settings.Work work, int threads) {
    return threads == 0
        ? work
        : new Settings.Work(
            work.expectedTime(), work.retries(), threads, work.retryDelay(), work.timeout());
  }

  private LocalWorker worker(
      Configuration configuration,
      Settings.Work work,
      LoadedExecutor executor,
      LocalBacklog backlog,
      LocalReport report) {
    Redactor redactor = new Redactor(configuration.secrets());
    LocalTeller teller = new LocalTeller(report::say, err(), trace, redactor::redact);
    Failure failure = new Failure();
    LocalPrinter printer = new LocalPrinter(out(), print, json, failure);
    LocalWorker worker =
        new LocalWorker(
            work,
            configuration.secrets(),
            executor,
            backlog,
            new LocalWorker.Readers(
                results -> {
                  results.forEach(result -> report.tally().slept(result.body()));
                  printer.results(results);
                },
                printer::deadLetters,
                report.tally().andThen(teller),
                teller));
    failure.worker = worker;
    return worker;
  }

  /** Tells a worker that was made after its printer. */
  private static final class Failure implements Consumer<String> {
    private volatile LocalWorker worker;

    @Override
    public void accept(String why) {
      worker.fail(why);
    }
  }

  private Terminal.Progress progress() {
    boolean resultsAreSeen = Terminal.isTerminal(1) && (json || print != LocalPrinter.What.NONE);
    return resultsAreSeen ? Terminal.noProgress() : Terminal.progress("running", -1);
  }

  /** Moves the bar on. */
  private static final class Steps implements Runnable {
    private final Terminal.Progress progress;
    private final LocalTally tally;
    private long shown;

    private Steps(Terminal.Progress progress, LocalTally tally) {
      this.progress = progress;
      this.tally = tally;
    }

    @Override
    public void run() {
      long ended = tally.ended();
      progress.step(ended - shown);
      shown = ended;
    }
  }
}
