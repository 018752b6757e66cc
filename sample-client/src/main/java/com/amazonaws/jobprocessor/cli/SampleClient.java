package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import java.io.BufferedWriter;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: {@code bin/sample-client}. */
@Command(
    name = "sample-client",
    description =
        "Submits jobs to the job processor's queues, collects results, looks after dead letters and boxes, estimates costs.",
    mixinStandardHelpOptions = true,
    version = "sample-client 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status (each command's help says more):%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong; the last line on standard error says what",
      "2:the command line is invalid",
      "3:not all that was asked for is there or was done (ids or queues not found, lines left out, jobs not cancelled)",
      "4:every job has ended, some without a result (run, submit --wait, results --ids, status --watch, run-local, replay)",
      "5:some have not come or ended within --timeout (run, submit --wait, results, status --watch, fleet launch)",
      "130, 143:stopped by Ctrl-C or SIGTERM, after saying what was done"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  printf 'hello\\nworld\\n' | sample-client run",
      "  printf 'hello\\nworld\\n' | sample-client submit --ids > ids.txt",
      "  sample-client results --ids ids.txt",
      "  sample-client dead-letters",
      "  sample-client queues",
      "  sample-client cost --seconds 5",
      "",
      "Results are on standard output, everything else is on standard error. The standard AWS",
      "variables hold: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_SQS, keys, ...; NO_COLOR as well."
    })
public final class SampleClient implements Runnable {
  private static final String UP_TO_INT = "a whole number of at most 2,147,483,647";

  private final Stop stop;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private SampleClient(Stop stop) {
    this.stop = stop;
  }

  Stop stop() {
    return stop;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "which command? " + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }

  /** Runs a command and ends with its status. */
  public static void main(String[] args) {
    AwsAccess.forbidImdsV1();
    AwsAccess.callByProxies();
    Stop stop = Stop.onSignals();
    int status;
    try {
      status = run(args, new FileOutputStream(FileDescriptor.out), stop);
    } finally {
      stop.ended();
    }
    System.exit(status);
  }

  /** Not System.out, which keeps it to itself that a pipe is broken or a disk full. */
  static int run(String[] args, OutputStream standardOutput, Stop stop) {
    Writer buffered =
        new BufferedWriter(new OutputStreamWriter(standardOutput, System.out.charset()));
    CommandLine line = commandLine(stop, List.of(args)).setOut(new PrintWriter(buffered));
    if (Streams.isClosed(1)) {
      return failed(
          new UserError("standard output is closed; redirect it to /dev/null to do without"),
          line.getErr());
    }
    int status = line.execute(args);
    if (line.getOut().checkError() && status != Subcommand.FAILED) {
      return failed(new UserError("cannot write to standard output"), line.getErr());
    }
    return status;
  }

  /** With all commands. */
  static CommandLine commandLine(Stop stop) {
    CommandLine line = new CommandLine(new SampleClient(stop));
    Commands.addAll(line);
    return configured(line);
  }

  /** With the commands that these arguments need. */
  private static CommandLine commandLine(Stop stop, List<String> arguments) {
    CommandLine line = new CommandLine(new SampleClient(stop));
    Commands.addFor(arguments, line);
    return configured(line);
  }

  private static CommandLine configured(CommandLine line) {
    if (Terminal.isDumb() && System.getenv("CLICOLOR_FORCE") == null) {
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }
    return line.setExecutionExceptionHandler((e, failing, _) -> failed(e, failing.getErr()))
        .setParameterExceptionHandler((e, _) -> refused(e))
        .registerConverter(Integer.class, text -> number(text, UP_TO_INT, Integer::valueOf))
        .registerConverter(int.class, text -> number(text, UP_TO_INT, Integer::valueOf))
        .registerConverter(Long.class, text -> number(text, "a whole number", Long::valueOf))
        .registerConverter(long.class, text -> number(text, "a whole number", Long::valueOf))
        .registerConverter(BigDecimal.class, text -> number(text, "a number", BigDecimal::new))
        .registerConverter(Path.class, SampleClient::path)
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static <T> T number(String text, String allowed, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (NumberFormatException e) {
      throw new CommandLine.TypeConversionException(allowed + ", not \"" + text + '"');
    }
  }

  private static Path path(String text) {
    try {
      return FileName.path(text);
    } catch (UserError e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }

  private static int failed(Exception e, PrintWriter err) {
    err.println("sample-client: " + Text.oneLine(Failures.messageOf(e)));
    err.flush();
    return Subcommand.FAILED;
  }

  /** Names options that are none, not what stands behind them, and what may have been meant. */
  private static String unknown(CommandLine.UnmatchedArgumentException e) {
    List<String> options =
        e.getUnmatched().stream().filter(argument -> argument.startsWith("-")).toList();
    String what =
        options.isEmpty()
            ? e.getMessage()
            : (options.size() == 1 ? "Unknown option: '" : "Unknown options: '")
                + String.join("', '", options)
                + "'";
    if (!options.isEmpty() && new File(options.getFirst()).exists()) {
      return what + "; a file of that name is ./" + options.getFirst();
    }
    List<String> near = e.getSuggestions();
    return near.isEmpty() ? what : what + "; do you mean " + near.getFirst() + "?";
  }

  /** What is wrong, and where to read on; not the whole help, which would hide it. */
  private static int refused(CommandLine.ParameterException e) {
    CommandLine line = e.getCommandLine();
    String message =
        e instanceof CommandLine.UnmatchedArgumentException unknown
            ? unknown(unknown)
            : e.getMessage();
    PrintWriter err = line.getErr();
    err.println("sample-client: " + Text.oneLine(message));
    if (!(line.getCommandSpec().userObject() instanceof Cost)) {
      String command = line.getCommandSpec().qualifiedName();
      err.println(
          "usage: " + command + (line.getSubcommands().isEmpty() ? "" : " COMMAND") + " [OPTIONS]");
      err.println("       " + command + " --help tells all");
    }
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }
}
