package com.amazonaws.jobprocessor.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code experiment}: says what it is; in a checkout {@code bin/sample-client} starts it. */
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures throughput and efficiency against the number of workers, for jobs that sleep.",
      "Real worker processes run on an SQS server of its own, on this machine. Prints a "
          + "table and draws a chart. It is bin/bench --experiment, which a checkout of the "
          + "source has and builds; a distribution has neither the server nor the tools, and "
          + "says so. bin/bench --help has all options."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every result was right",
      "1:some were not, or it cannot run here",
      "2:the command line is invalid",
      "130, 143:stopped by Ctrl-C or SIGTERM; its workers are stopped as well"
    },
    footerHeading = "%nExamples (in a checkout):%n",
    footer = {
      "  bin/sample-client experiment --workers 1,2 --millis 0,10 --seconds 2",
      "  bin/sample-client experiment --workers 1,2,4,8,16 --millis 0,10,1000 --chart chart.svg"
    })
@SuppressWarnings(
    "UnusedVariable") // for the help; the start script hands what is given to bin/bench
final class Experiment extends Subcommand {
  @Option(
      names = "--workers",
      paramLabel = "N",
      split = ",",
      description = "fleets of so many workers (default: 1,2,4,8,16)")
  private List<Integer> workers = List.of();

  @Option(
      names = "--millis",
      paramLabel = "N",
      split = ",",
      description = "jobs that sleep so long, in milliseconds (default: 0,10,1000)")
  private List<Integer> millis = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "jobs for so many seconds a slot (default: 10)")
  private Integer seconds;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "jobs at the same time in a worker (default: 1)")
  private Integer slots;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      description = "the server answers so much later (default: 0)")
  private Integer delay;

  @Option(names = "--tls", description = "the server speaks TLS, as AWS does")
  private boolean tls;

  @Option(names = "--json", paramLabel = "FILE", description = "write all figures to the file")
  private String json;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "draw the chart to the file, as SVG")
  private String chart;

  @Override
  public Integer call() {
    throw new UserError(
        "the experiment needs a checkout of the source, which has the SQS server to measure with: run"
            + " bin/bench --experiment there");
  }
}
